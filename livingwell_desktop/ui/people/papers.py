"""What a person shares with whom, and the papers they were given. What they say about it is written down here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import long_date
from livingwell_desktop.domain.people import SECTION_WORDS, Decision, Section, SharingAgreement
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.wording import listed, sentence_case
from livingwell_desktop.services import story
from livingwell_desktop.services.people import Banner
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.sharing import Sharing
from livingwell_desktop.services.value_words import words_of_code
from livingwell_desktop.ui.pages import Place
from livingwell_desktop.ui.people.own_record import OwnRecordRow
from livingwell_desktop.ui.people.words import mark_of, mask_for, when_words
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellOrganisation, CellStatus, CellText
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import EmptyState
from livingwell_desktop.ui.widgets.surfaces import ScrollBody
from livingwell_desktop.ui.widgets.surfaces import Section as Heading
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableRow
from livingwell_desktop.ui.widgets.tables import RowList

_PAPERS = {
    "plan": "Joint care plan",
    "earlier_plan": "Joint care plan, earlier version",
    "change_picture": "What has changed",
    "booking_slip": "Appointment slip",
    "ticket": "Ticket",
    "who_opened": "Who has opened the record",
    "everything": "Copy of everything",
}


def paper_name(document: str) -> str:
    """What people call a paper."""
    return _PAPERS.get(document, sentence_case(document.replace("_", " ")))


class SharingTab(QWidget):
    """With whom what is shared, in words, and everything that was ever said about it. `record` asks to write down what
    the person says now."""

    record = Signal()

    def __init__(self, practice: Practice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        scroll = ScrollBody(spacing=10)
        Column(self, spacing=0).add(scroll)
        self.heading = Heading("", "What each organisation may see. The person decides, and may change their mind.")
        self.now = RowList(
            [TableColumn("Organisation", 260), TableColumn("Shared", 130), TableColumn("What")], name="Shared now"
        )
        self.now.setObjectName("shared now")
        self.history = RowList(
            [TableColumn("When", 230), TableColumn("Organisation", 280), TableColumn("What the person said")],
            name="What was said about sharing",
        )
        self.history.setObjectName("sharing history")
        self._past = Heading("What was said, newest first")
        self.add_button = Button("Write down what they say", icon="plus", size="small")
        self.add_button.setObjectName("write down what they say")
        self.add_button.clicked.connect(self.record)
        scroll.body.add(self.heading, self.add_button, self.now)
        scroll.body.gap(10)
        scroll.body.add(self._past, self.history)

    def show_person(self, banner: Banner, masked: bool) -> None:
        """Show what counts now, then the history."""
        mask = mask_for(banner.person.value, masked)
        self.heading.title.setText(f"What {mask.called(banner.person.value)} shares")
        ruling = self._practice.may(Act.RECORD_SHARING, banner.person.id)
        self.add_button.set_allowed(ruling.allowed, ruling.reason)
        self.now.set_rows([self._row(each, banner) for each in banner.sharing])
        said = story.sharing_history(self._practice, banner.person.id)
        self.history.set_rows([self._past_row(held.id, held.value, banner) for held in said])
        self._past.setVisible(bool(said))
        self.history.setVisible(bool(said))
        for rows in (self.now, self.history):
            rows.setFixedHeight(rows.content_height() + theme.px(8))

    def _row(self, each: Sharing, banner: Banner) -> TableRow:
        organisation = banner.alliance.organisations.get(each.organisation)
        name = organisation.value.name if organisation else "An organisation this desk does not know"
        agreement = each.agreement.value if each.agreement else None
        if each.sections >= set(Section):
            state = CellStatus("check-circle", "Everything", "success")
        elif each.sections:
            state = CellStatus("half-circle", "In part", "action")
        elif agreement is not None and agreement.decision is Decision.REFUSED:
            state = CellStatus("cross", "Refused", "error")
        elif agreement is not None:
            state = CellStatus("minus", "Withdrawn", "secondary")
        else:
            state = CellStatus("circle", "Not asked yet", "secondary")
        return TableRow(
            each.organisation,
            (
                CellOrganisation(mark_of(organisation, part=each.is_in_part), name),
                state,
                CellText(parts_words(agreement)),
            ),
        )

    def _past_row(self, key: object, agreement: SharingAgreement, banner: Banner) -> TableRow:
        organisation = banner.alliance.organisations.get(agreement.organisation) if agreement.organisation else None
        on = long_date(agreement.decided_on) if agreement.decided_on else "Date not written down"
        by = banner.alliance.staff_name(agreement.recorded_by) if agreement.recorded_by else ""
        verb = words_of_code(agreement.decision)
        return TableRow(
            str(key),
            (
                CellText(on, f"Written down by {by}" if by else "", strong=True),
                CellOrganisation(mark_of(organisation), organisation.value.name if organisation else "Unknown"),
                CellText(f"{verb}, {agreement.how}", parts_words(agreement)),
            ),
        )


class DocumentsTab(QWidget):
    """Papers that left the program: what, when, in what format, to whom, by whom, with its check code."""

    def __init__(self, practice: Practice, go: Callable[[Place], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self.own = OwnRecordRow(practice, go)
        column = Column(self, spacing=0, margins=(24, 18, 24, 18))
        self.rows = RowList(
            [
                TableColumn("Paper", 280),
                TableColumn("Given", 200),
                TableColumn("To"),
                TableColumn("By", 200),
                TableColumn("Check code", 120),
            ],
            name="Papers given",
        )
        self.rows.setObjectName("papers given")
        self.empty = EmptyState(
            "No papers were given yet", "What is printed from here is listed here.", icon="document"
        )
        column.add(self.rows, stretch=1)
        column.add(self.empty)
        column.gap(18)
        column.add(self.own)

    def show_person(self, banner: Banner, masked: bool) -> None:
        """Show the papers, newest first."""
        mask, today = mask_for(banner.person.value, masked), self._practice.today()
        self.own.show_person(banner.person.id, mask.called(banner.person.value))
        papers = story.papers_given(self._practice, banner.person.id)
        rows = []
        for held in papers:
            paper = held.value
            name = paper_name(paper.document)
            version = f", version {paper.version}" if paper.version.isdecimal() else ""
            copies = f"{paper.copies} copies" if paper.copies > 1 else ""
            form = sentence_case(paper.format.replace("_", " "))
            rows.append(
                TableRow(
                    held.id,
                    (
                        CellText(f"{name}{version}", ", ".join(part for part in (form, copies) if part), strong=True),
                        CellText(when_words(paper.given_at, today) if paper.given_at else "", words_of_code(paper.how)),
                        CellText(mask.text(paper.given_to)),
                        CellText(banner.alliance.staff_name(paper.given_by) if paper.given_by else ""),
                        CellText(paper.check_code),
                    ),
                )
            )
        self.rows.set_rows(rows)
        self.rows.setVisible(bool(rows))
        self.empty.setVisible(not rows)


def parts_words(agreement: SharingAgreement | None) -> str:
    """The parts in words: "Goals and actions, About me"; nothing is said so."""
    if agreement is None or agreement.decision is not Decision.GIVEN:
        return "Nothing"
    if set(Section) <= set(agreement.sections):
        return "Every part of the record"
    return (
        sentence_case(listed([SECTION_WORDS.get(each, str(each)).lower() for each in agreement.sections])) or "Nothing"
    )
