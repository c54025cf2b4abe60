"""Every declared paper: whatever is registered is tested here without a test of its own."""

import io
import re
import subprocess
import sys
from typing import Any

import pytest
from pypdf import PdfReader

from livingwell_desktop.domain.people import Person, PrintFormat
from livingwell_desktop.domain.plans import Goal
from livingwell_desktop.printing.documents import Document, Many, Need, document, document_named, documents
from livingwell_desktop.printing.paper import SMALLEST_TYPE, PaperSize
from tests.printing.invented import printed, records_for

EVERY = [(one, form) for one in documents() for form in one.formats]
NAMES = [f"{one.name}-{form.value}" for one, form in EVERY]
every_paper = pytest.mark.parametrize(("paper", "form"), EVERY, ids=NAMES)


def text_of(pdf: bytes) -> str:
    """The words of all pages, with single spaces."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def sizes_of(pdf: bytes) -> set[float]:
    """The type sizes in use, as points on paper."""
    sizes: set[float] = set()

    def visit(text: str, _user: Any, matrix: list[float], _font: Any, size: float) -> None:
        if text.strip():
            sizes.add(round(size * abs(matrix[3]), 2))

    for page in PdfReader(io.BytesIO(pdf)).pages:
        page.extract_text(visitor_text=visit)
    return sizes


@every_paper
def test_the_same_records_print_the_same_bytes(paper: Document, form: PrintFormat) -> None:
    first = paper.print(printed(format=form), **records_for(paper.name))
    assert first == paper.print(printed(format=form), **records_for(paper.name))
    assert first.startswith(b"%PDF")


@every_paper
def test_only_our_fonts_are_used_and_all_are_in_the_file(paper: Document, form: PrintFormat) -> None:
    pdf = paper.print(printed(format=form), **records_for(paper.name))
    fonts = [
        font.get_object() for page in PdfReader(io.BytesIO(pdf)).pages for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        assert "Inter" in font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"].get_object()
    assert b"Helvetica" not in pdf


@every_paper
def test_nothing_is_smaller_than_twelve_points(paper: Document, form: PrintFormat) -> None:
    assert min(sizes_of(paper.print(printed(format=form), **records_for(paper.name)))) >= SMALLEST_TYPE


@every_paper
def test_the_file_names_nobody_outside_its_pages(paper: Document, form: PrintFormat) -> None:
    pdf = paper.print(printed(format=form), **records_for(paper.name))
    described = PdfReader(io.BytesIO(pdf)).metadata
    assert described is not None
    assert not re.search("Ngozi|Okafor|Maya", " ".join(str(value) for value in described.values()))


@every_paper
def test_no_paper_shows_an_address_or_a_number_of_the_person(paper: Document, form: PrintFormat) -> None:
    words = text_of(paper.print(printed(format=form), **records_for(paper.name)))
    assert "999 004 0109" not in words
    assert "9990040109" not in words


@every_paper
def test_a_paper_prints_on_every_size_that_has_pages(paper: Document, form: PrintFormat) -> None:
    for size in (PaperSize.A4, PaperSize.A5):
        pdf = paper.print(printed(format=form, paper=size), **records_for(paper.name))
        box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
        assert float(box.width) == pytest.approx(size.value[0], abs=0.01)


def test_the_parameters_say_what_is_fetched() -> None:
    needs = {need.parameter: need for need in document_named("plan").needs}
    assert needs["person"] == Need("person", Person, Many.ONE)
    assert needs["goals"] == Need("goals", Goal, Many.ALL)
    assert needs["staff"].many is Many.BY_ID
    assert "printed" not in needs
    assert {need.parameter: need.many for need in document_named("ticket").needs}["session"] is Many.PERHAPS
    assert [need.many for need in document_named("change_picture").needs] == [Many.VALUE]


def test_a_name_is_taken_once() -> None:
    with pytest.raises(ValueError, match="two documents are called plan"):
        document("plan", label="Again", formats=())(document_named("plan").draw)


def test_a_format_that_a_paper_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="no easy_read"):
        document_named("ticket").print(printed(format=PrintFormat.EASY_READ), **records_for("ticket"))


@pytest.mark.parametrize("size", [15, 29])
def test_large_print_has_bounds(size: int) -> None:
    with pytest.raises(ValueError, match="16 to 28"):
        document_named("plan").print(printed(format=PrintFormat.LARGE_PRINT, size=size), **records_for("plan"))


def test_the_list_of_papers_is_cheap_to_look_at() -> None:
    program = (
        "import sys; from livingwell_desktop.printing.documents import documents; assert documents();"
        "assert not {'reportlab', 'bidi', 'arabic_reshaper', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
