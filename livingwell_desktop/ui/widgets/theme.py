"""The one place that knows colours, sizes and type.

Painters ask `colour`, `font` and `px` each time they paint; nothing keeps a copy. Anything that must be laid out again
when the look changes connects a method with `follow`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Literal

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from livingwell_desktop.resources import resource
from livingwell_desktop.ui.widgets import colours, focus_ring
from livingwell_desktop.ui.widgets.colours import ColourName, Colours, Tone
from livingwell_desktop.ui.widgets.lasting_constants import keep_constants

FAMILY = "Inter Livingwell"
FALLBACKS = ("Noto Sans Arabic", "Noto Sans Hebrew")
FONT_FILES = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "Inter-Bold.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansHebrew-Bold.ttf",
)

SPACING = (2, 4, 6, 8, 10, 12, 14, 18, 24, 32, 48)
"""Logical pixels at 100 %; pass them through `px`."""

SMALLEST_SCALE, LARGEST_SCALE = 80, 200
RING = focus_ring.RING
Role = Literal[
    "greeting", "question", "title", "name", "value", "lead", "card", "ticket", "body", "medium", "strong", "button",
    "conversation", "conversation_strong", "detail", "head", "detail_strong", "badge", "time", "key", "mark",
    "small_mark",
]  # fmt: skip

_ROLES: dict[Role, tuple[int, QFont.Weight]] = {
    "greeting": (44, QFont.Weight.Bold),
    "question": (30, QFont.Weight.Bold),
    "title": (26, QFont.Weight.Bold),
    "name": (24, QFont.Weight.Bold),
    "value": (22, QFont.Weight.Bold),
    "lead": (18, QFont.Weight.Normal),
    "card": (17, QFont.Weight.Bold),
    "ticket": (16, QFont.Weight.Bold),
    "body": (15, QFont.Weight.Normal),
    "medium": (15, QFont.Weight.Medium),
    "strong": (15, QFont.Weight.DemiBold),
    "button": (15, QFont.Weight.DemiBold),
    "conversation": (14, QFont.Weight.Normal),
    "conversation_strong": (14, QFont.Weight.DemiBold),
    "detail": (13, QFont.Weight.Normal),
    "head": (13, QFont.Weight.Medium),
    "detail_strong": (13, QFont.Weight.DemiBold),
    "badge": (13, QFont.Weight.DemiBold),
    "time": (15, QFont.Weight.Bold),
    "key": (12, QFont.Weight.Medium),
    "mark": (12, QFont.Weight.Bold),
    "small_mark": (10, QFont.Weight.Bold),
}
_TIGHT_FROM = 20
_TIGHT_PERCENT = 98.9

_PREPARED = "livingwellPrepared"


class BrokenInstallationError(RuntimeError):
    """A file the program ships is missing or unreadable. Not something a person at a desk can mend."""


class _Look(QObject):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.dark = False
        self.percent = 100


_look = _Look()


def follow(slot: Callable[[], object]) -> None:
    """Call `slot` after every change of theme or text size. A bound method of a widget ends with its widget."""
    _look.changed.connect(slot)


def tokens() -> Colours:
    """The colours in use now."""
    return colours.DARK if _look.dark else colours.LIGHT


def is_dark() -> bool:
    return _look.dark


def scale_percent() -> int:
    """The person's text size, 80 to 200."""
    return _look.percent


def set_dark(dark: bool) -> None:
    """Switch between the light and the dark theme; every open window repaints."""
    if dark != _look.dark:
        _look.dark = dark
        _refresh()


def set_scale(percent: int) -> None:
    """Set the text size in percent; values outside 80 to 200 are brought inside."""
    percent = max(SMALLEST_SCALE, min(LARGEST_SCALE, percent))
    if percent != _look.percent:
        _look.percent = percent
        _refresh()


def px(length: float) -> int:
    """Logical pixels at the person's text size, for a length given at 100 %."""
    return round(length * _look.percent / 100)


def gap(length: float) -> int:
    """Logical pixels of air at the person's text size: it grows a third as fast as the words, which need the room."""
    return round(length * (1 + (_look.percent - 100) / 300))


def colour(name: ColourName) -> QColor:
    """The colour of a token in the theme in use."""
    return _colour(str(getattr(tokens(), name)))


def tone_colours(tone: Tone) -> tuple[QColor, QColor]:
    """(fill, words) of a tone."""
    fill, words = colours.TONE_COLOURS[tone]
    return colour(fill), colour(words)


def ring_inks() -> tuple[QColor, QColor]:
    """(yellow, dark line) of the focus ring."""
    return colour("focus"), colour("focus_line")


def organisation_colours(token: str) -> tuple[QColor, QColor]:
    """(fill, letters) of an organisation by its token; an unknown token is neutral."""
    found = colours.ORGANISATIONS.get(token, colours.OTHER_ORGANISATION)
    if _look.dark:
        return _colour(found.dark), _colour(colours.ON_ORGANISATION_DARK)
    return _colour(found.light), _colour(colours.ON_ORGANISATION_LIGHT)


@lru_cache(maxsize=256)
def _colour(value: str) -> QColor:
    return QColor(value)


def font(role: Role) -> QFont:
    """The font of a role at the person's text size. Built once and shared: do not change it."""
    return _font(role, _look.percent)


def width(role: Role, words: str) -> float:
    """How wide `words` are, in logical pixels."""
    return _width(role, _look.percent, words)


def line_height(role: Role) -> int:
    """Height of one line, in logical pixels."""
    return _line_height(role, _look.percent)


def elided(role: Role, words: str, space: float) -> str:
    """`words`, or as many as fit in `space` logical pixels with an ellipsis."""
    # A pixel of grace: text laid out to its own exact width must not lose its last letter to rounding.
    return _metrics(role, _look.percent).elidedText(words, Qt.TextElideMode.ElideRight, space + 1)


# Laying out asks for the same words again and again.
@lru_cache(maxsize=1024)
def _width(role: Role, percent: int, words: str) -> float:
    return _metrics(role, percent).horizontalAdvance(words)


@lru_cache(maxsize=512)
def _line_height(role: Role, percent: int) -> int:
    return round(_metrics(role, percent).height())


@lru_cache(maxsize=512)
def _font(role: Role, percent: int) -> QFont:
    pixels, weight = _ROLES[role]
    made = QFont()
    made.setFamilies([FAMILY, *FALLBACKS])
    made.setPixelSize(round(pixels * percent / 100))
    made.setWeight(weight)
    made.setHintingPreference(_hinting())
    if pixels >= _TIGHT_FROM:
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, _TIGHT_PERCENT)
    # Figures that line up (tnum) and the l with a tail (cv05) are the default glyphs of the bundled files, so that
    # printing has them too and no font feature need be set here.
    return made


@lru_cache(maxsize=512)
def _metrics(role: Role, percent: int) -> QFontMetricsF:
    return QFontMetricsF(_font(role, percent))


def _hinting() -> QFont.HintingPreference:
    screen = QGuiApplication.primaryScreen()
    if screen is not None and screen.devicePixelRatio() > 1:
        return QFont.HintingPreference.PreferNoHinting
    return QFont.HintingPreference.PreferVerticalHinting


def plain_tip(words: str) -> str:
    """Tooltip text that is never read as HTML (Qt guesses), whatever a person typed."""
    return f"<qt>{escape(words)}</qt>" if words else ""


def prepare(application: QApplication) -> None:
    """Give the application its style, fonts, palette, locale and focus ring. Safe to call twice.

    Raises `BrokenInstallationError` if a bundled font cannot be loaded: without it every measure is wrong.
    """
    if application.property(_PREPARED):
        return
    keep_constants()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    for name in FONT_FILES:
        if QFontDatabase.addApplicationFont(str(resource("fonts", name))) == -1:
            raise BrokenInstallationError(f"The bundled font {name} could not be loaded")
    _font.cache_clear()
    _metrics.cache_clear()
    _width.cache_clear()
    _line_height.cache_clear()
    application.setStyle("Fusion")
    _dress(application)
    focus_ring.FocusRing(application, ring_inks, lambda: _look.percent / 100)
    application.setProperty(_PREPARED, True)


def _refresh() -> None:
    application = QApplication.instance()
    if isinstance(application, QApplication):
        _dress(application)
    _look.changed.emit()
    if isinstance(application, QApplication):
        for widget in application.topLevelWidgets():
            widget.update()


def _dress(application: QApplication) -> None:
    application.setPalette(_palette())
    application.setFont(font("body"))
    application.setStyleSheet(_style_sheet())


def _palette() -> QPalette:
    palette = QPalette()
    roles: dict[QPalette.ColorRole, ColourName] = {
        QPalette.ColorRole.Window: "surface",
        QPalette.ColorRole.Base: "surface",
        QPalette.ColorRole.AlternateBase: "sunken",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.Button: "surface",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.ToolTipBase: "text",
        QPalette.ColorRole.ToolTipText: "surface",
        QPalette.ColorRole.PlaceholderText: "secondary",
        QPalette.ColorRole.Highlight: "action",
        QPalette.ColorRole.HighlightedText: "on_action",
        QPalette.ColorRole.Link: "action",
    }
    for role, name in roles.items():
        palette.setColor(role, colour(name))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, colour("secondary"))
    return palette


def _style_sheet() -> str:
    """Rules for the three classes that Qt cannot style otherwise; everything else is painted."""
    thumb, thumb_hover = tokens().outline, tokens().secondary
    return f"""
    QLineEdit, QPlainTextEdit {{ background: transparent; border: 0; padding: 0; }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 2px; }}
    QScrollBar::handle {{ background: {thumb}; border-radius: 4px; min-height: 28px; min-width: 28px; }}
    QScrollBar::handle:hover {{ background: {thumb_hover}; }}
    QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page
    {{ background: transparent; border: 0; height: 0; width: 0; }}
    """
