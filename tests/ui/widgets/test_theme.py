"""Colours reach their contrast, fonts are ours and cached, sizes follow the person."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtGui import QColor, QFontInfo
from PySide6.QtWidgets import QApplication

from livingwell_desktop.ui.widgets import colours, icons, theme

THEMES = pytest.mark.parametrize("look", [colours.LIGHT, colours.DARK], ids=["light", "dark"])
WORDS_ON = (
    ("text", "surface"), ("text", "page"), ("text", "sunken"), ("text", "chip"), ("text", "selected"),
    ("text", "warning_tint"), ("text", "warning_soft"), ("text", "success_tint"), ("text", "error_tint"),
    ("text", "calm_tint"), ("text", "action_tint"), ("secondary", "surface"), ("secondary", "page"),
    ("secondary", "sunken"), ("secondary", "chip"), ("secondary", "selected"), ("secondary", "warning_soft"),
    ("secondary", "calm_tint"), ("action", "surface"), ("action", "action_tint"), ("action", "selected"),
    ("action", "warning_tint"), ("action", "warning_soft"), ("action", "success_tint"), ("action", "error_tint"),
    ("action", "sunken"), ("action_hover", "surface"), ("on_action", "action"), ("on_action", "action_hover"),
    ("on_action", "success"), ("on_action", "warning"), ("on_action", "secondary"), ("success", "surface"),
    ("success", "success_tint"), ("success", "page"), ("error", "surface"), ("error", "error_tint"),
    ("on_error_line", "error_line"), ("warning", "surface"), ("warning", "warning_tint"), ("calm", "surface"),
    ("calm", "calm_tint"), ("on_calm", "calm"), ("calm", "sunken"), ("surface", "text"),
)  # fmt: skip
LINES_ON = (
    ("outline", "surface"), ("outline", "page"), ("outline", "warning_soft"), ("error_line", "surface"),
    ("error_line", "error_tint"), ("warning_line", "surface"), ("warning_line", "warning_soft"),
    ("action", "page"), ("calm", "page"),
)  # fmt: skip


@THEMES
@pytest.mark.parametrize(("words", "ground"), WORDS_ON)
def test_words_can_be_read(look: colours.Colours, words: str, ground: str) -> None:
    assert colours.contrast(getattr(look, words), getattr(look, ground)) >= 4.5


@THEMES
@pytest.mark.parametrize(("line", "ground"), LINES_ON)
def test_lines_that_matter_can_be_seen(look: colours.Colours, line: str, ground: str) -> None:
    assert colours.contrast(getattr(look, line), getattr(look, ground)) >= 3


@THEMES
def test_the_focus_ring_has_two_colours_apart(look: colours.Colours) -> None:
    assert colours.contrast(look.focus, look.focus_line) >= 3


@THEMES
@pytest.mark.parametrize("tone", colours.TONES)
def test_each_tone_can_be_read_on_its_tint(look: colours.Colours, tone: colours.Tone) -> None:
    fill, words = colours.TONE_COLOURS[tone]
    assert colours.contrast(getattr(look, words), getattr(look, fill)) >= 4.5


@pytest.mark.parametrize("token", [*colours.ORGANISATIONS, "somebody else"])
def test_letters_on_organisations_can_be_read(token: str) -> None:
    found = colours.ORGANISATIONS.get(token, colours.OTHER_ORGANISATION)
    assert colours.contrast(found.light, colours.ON_ORGANISATION_LIGHT) >= 4.5
    assert colours.contrast(found.dark, colours.ON_ORGANISATION_DARK) >= 4.5


def test_the_contrasts_written_down_in_the_design_are_true() -> None:
    assert round(colours.contrast(colours.LIGHT.text, colours.LIGHT.surface), 1) == 14.4
    assert round(colours.contrast(colours.LIGHT.secondary, colours.LIGHT.surface), 1) == 6.4


def test_every_token_is_a_colour() -> None:
    for look in (colours.LIGHT, colours.DARK):
        for name in (field.name for field in dataclasses.fields(look)):
            assert QColor(getattr(look, name)).isValid(), name


def test_fonts_are_the_bundled_ones_and_built_once(qapp: QApplication) -> None:
    for role in theme._ROLES:
        assert QFontInfo(theme.font(role)).family() == theme.FAMILY
        assert theme.font(role) is theme.font(role)


def test_weights_are_different_faces(qapp: QApplication) -> None:
    assert len({theme.width(role, "Ngozi Okafor") for role in ("body", "medium", "strong", "time")}) == 4


def test_figures_line_up(qapp: QApplication) -> None:
    assert theme.width("strong", "111 111") == theme.width("strong", "888 888")


def test_arabic_and_hebrew_have_a_face(qapp: QApplication) -> None:
    assert theme.width("body", "عربى") > 0
    assert theme.width("body", "עברית") > 0


def test_the_text_size_stays_between_80_and_200(qapp: QApplication) -> None:
    theme.set_scale(500)
    assert theme.scale_percent() == 200
    theme.set_scale(10)
    assert theme.scale_percent() == 80


def test_sizes_follow_the_text_size(qapp: QApplication) -> None:
    before = theme.line_height("body")
    theme.set_scale(200)
    assert theme.px(40) == 80
    assert theme.line_height("body") >= 2 * before - 1
    assert 40 < theme.gap(40) < theme.px(40)


def test_followers_hear_of_a_change_once(qapp: QApplication) -> None:
    heard: list[str] = []
    theme.follow(lambda: heard.append("changed"))
    theme.set_dark(True)
    theme.set_dark(True)
    assert heard == ["changed"]


def test_switching_the_theme_empties_the_icon_cache(qapp: QApplication) -> None:
    icons.pixmap("bell", theme.colour("text"), 20, 1)
    assert icons._pixmap.cache_info().currsize > 0
    theme.set_dark(True)
    assert icons._pixmap.cache_info().currsize == 0


def test_preparing_twice_changes_nothing(qapp: QApplication) -> None:
    style = qapp.style().name()
    theme.prepare(qapp)
    assert qapp.style().name() == style


def test_a_tooltip_is_never_markup(qapp: QApplication) -> None:
    assert theme.plain_tip("<b>x</b>") == "<qt>&lt;b&gt;x&lt;/b&gt;</qt>"


@pytest.mark.parametrize("name", icons.names())
def test_every_icon_draws_in_the_colour_asked_for(qapp: QApplication, name: str) -> None:
    picture = icons.pixmap(name, QColor("#ff0000"), 24, 2).toImage()
    assert picture.width() == 48
    inked = [picture.pixelColor(x, y) for x in range(48) for y in range(48) if picture.pixelColor(x, y).alpha() > 200]
    assert inked
    assert all(colour.red() > 200 and colour.green() < 60 for colour in inked)


def test_a_missing_icon_is_a_bug(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no such icon", QColor("#000000"), 20, 1)
