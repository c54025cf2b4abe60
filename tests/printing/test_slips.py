"""The ticket, the booking slip and the change picture; and the drawings of easy read."""

import dataclasses
import io

import pytest
from pypdf import PdfReader

from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.printing.change_picture import change_sentence, change_words
from livingwell_desktop.printing.documents import document_named
from livingwell_desktop.printing.paper import PaperSize, Scale, Strip, pdf
from livingwell_desktop.printing.pictures import draw_picture, picture_for_action, picture_for_goal, picture_names
from tests.printing.invented import CHANGE, printed, records_for
from tests.printing.test_documents import text_of

TICKET, SLIP, PICTURE = (document_named(name) for name in ("ticket", "booking_slip", "change_picture"))


def test_a_ticket_has_no_name_unless_asked() -> None:
    words = text_of(TICKET.print(printed(), **records_for("ticket")))
    assert "A12" in words
    assert "Open drop-in" in words
    assert "23 November 2026, 11:04am" in words
    assert "Centre A" in words
    assert "Ngozi" not in words
    assert "Ngozi" in text_of(TICKET.print(printed(named=True), **records_for("ticket")))


def test_a_roll_is_one_page_as_long_as_its_words() -> None:
    pages = PdfReader(io.BytesIO(TICKET.print(printed(paper=PaperSize.ROLL_80), **records_for("ticket")))).pages
    assert len(pages) == 1
    assert 150 < float(pages[0].mediabox.height) < 350


@pytest.mark.parametrize("form", list(PrintFormat))
def test_a_booking_slip_says_when_where_and_how_to_cancel(form: PrintFormat) -> None:
    words = text_of(SLIP.print(printed(format=form), **records_for("booking_slip")))
    for expected in (
        "Your drop-in place", "Wednesday 2 December", "2:30pm to 3:20pm", "Centre A", "Quiet room", "Ask for Maya",
        "You do not need to bring anything.", "020 7946 0100",
    ):  # fmt: skip
        assert expected in words
    assert "Ngozi" not in words


@pytest.mark.parametrize("size", [0, 16, 28])
def test_the_change_picture_says_each_change_in_words(size: int) -> None:
    form = PrintFormat.LARGE_PRINT if size else PrintFormat.STANDARD
    words = text_of(PICTURE.print(printed(format=form, size=size), **records_for("change_picture")))
    for expected in (
        "What has changed, Ngozi?", "Four areas went up and two went down.", "5 of 8 answered", "3 of 3 answered",
        "3.6", "5.7", "Up 2", "Down 1", "Same", "Not answered", "New", "More help", "Dissatisfied", "Satisfied",
        "What we work on next: Mental health, Accommodation.",
    ):  # fmt: skip
        assert expected in words
    for line in CHANGE.lines:
        assert line.words in words


def test_the_change_picture_is_one_page_and_a_first_one_compares_nothing() -> None:
    assert len(PdfReader(io.BytesIO(PICTURE.print(printed(), picture=CHANGE))).pages) == 1
    first = dataclasses.replace(CHANGE, before_on=None)
    words = text_of(PICTURE.print(printed(), picture=first))
    assert "How is life, Ngozi?" in words
    assert "Up 1" not in words


def test_change_in_words() -> None:
    up, same, down = CHANGE.lines[0], CHANGE.lines[1], CHANGE.lines[3]
    assert [change_words(line) for line in (up, same, down)] == ["Up 1", "Same", "Down 1"]
    assert change_sentence(dataclasses.replace(CHANGE, lines=(up,))) == "One area went up. None went down."
    assert change_sentence(dataclasses.replace(CHANGE, lines=(down, down))) == "Two areas went down. None went up."
    assert change_sentence(dataclasses.replace(CHANGE, lines=(same,))) == (
        "All areas that I answered are the same as last time."
    )


def test_every_drawing_draws() -> None:
    def draw(pen, x, top):  # noqa: ANN001, ANN202 - its types are those of Strip.draw
        for name in picture_names():
            draw_picture(pen, name, x, top, 86, day="2", number="111")

    assert len(picture_names()) > 30
    assert pdf([Strip(90, draw)], title="Drawings", paper=PaperSize.A4, scale=Scale(14))


@pytest.mark.parametrize(
    ("what", "picture"),
    [
        ("Put up the dark curtain", "curtain"),
        ("Go with me to the law centre", "law"),
        ("Write to my landlord", "letter"),
        ("Look at my evening tablet", "tablets"),
        ("Something nobody thought of", "list"),
    ],
)
def test_an_action_finds_its_drawing(what: str, picture: str) -> None:
    assert picture_for_action(what) == picture
    assert picture in picture_names()


def test_a_goal_without_a_known_word_takes_the_drawing_of_its_group() -> None:
    assert picture_for_goal("Xyzzy", "housing_and_legal") == "house"
    assert picture_for_goal("Xyzzy", "") == "star"
