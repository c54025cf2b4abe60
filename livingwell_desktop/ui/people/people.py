"""Everybody who is known: found by any facts typed in one box. Before typing: one's own people, and who came lately."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from livingwell_desktop.domain.contact_details import NO_ADDRESS, phone_words, where_words
from livingwell_desktop.domain.dates import age_words, day_and_month, medium_date
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.record_requests import RequestReason
from livingwell_desktop.services import elsewhere, finding
from livingwell_desktop.services.elsewhere import Elsewhere
from livingwell_desktop.services.finding import Match
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.pages import Desk, NewPersonPlace, Page, PageAction, PeoplePlace, PersonPlace, Place
from livingwell_desktop.ui.people.access_sheets import ask_for_record
from livingwell_desktop.ui.people.words import Mask
from livingwell_desktop.ui.widgets.arrows import ArrowsChoose
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.cells import CellMarked, CellText, matched_pieces
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import EmptyState, Notice
from livingwell_desktop.ui.widgets.surfaces import PageTitle
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableGroup, TableRow
from livingwell_desktop.ui.widgets.tables import RowList

MOST = 50
COLUMNS = (
    TableColumn("Person", 250),
    TableColumn("Born", 170),
    TableColumn("Street and phone"),
    TableColumn("Key worker", 180, folds_into="Person", fold_below=820),
    TableColumn("Last seen", 130, right=True),
)


class PeoplePage(Page):
    """The focus stays in the search box; arrows choose, Enter opens, Ctrl N writes down somebody new."""

    shows = PeoplePlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        outer = Column(self, spacing=0)
        column = Column(spacing=12, margins=(24, 18, 24, 0))
        outer.add(column, stretch=1)
        self.title = PageTitle("People", " ")
        self.new_button = Button("New person", "primary", icon="plus", key="Ctrl N")
        self.new_button.setObjectName("new person")
        ruling = desk.practice.may(Act.REGISTER)
        self.new_button.set_allowed(ruling.allowed, ruling.reason)
        self.new_button.clicked.connect(self.new_person)
        self.title.buttons.add(self.new_button)
        self.field = TextField(icon="search", height=44)
        self.field.setObjectName("find a person")
        self.field.set_spoken(
            "Find a person", "Type any of: part of a name, date of birth, phone number, NHS number, local number"
        )
        self.field.edit.setPlaceholderText("Name, date of birth, phone or NHS number")
        self.field.changed.connect(self._typed)
        self.field.submitted.connect(self.open_chosen)
        self.look_alikes = Notice("warning", "", icon="two-people")
        self.look_alikes.setObjectName("look-alikes")
        self.look_alikes.hide()
        self.rows = RowList(COLUMNS, name="People")
        self.rows.setObjectName("people")
        ArrowsChoose(self.field.edit, self.rows)
        self.rows.opened.connect(self._open)
        self.rows.chosen.connect(lambda _key: self._show_keys())
        self.empty = EmptyState("Nobody found", " ", icon="people")
        column.add(self.title, self.field, self.look_alikes)
        column.add(self.rows, stretch=1)
        column.add(self.empty, stretch=1, align=Qt.AlignmentFlag.AlignTop)
        column.gap(4)
        self.keys = KeyLine()
        self.keys.used.connect(lambda action: self.open_chosen() if action == "open" else self.new_person())
        foot = Column(spacing=0, margins=(24, 0, 24, 0))
        foot.add(self.keys)
        outer.add(foot)
        desk.masking.changed.connect(lambda _on: self.refresh())
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.field.setFocus)

    def show_place(self, place: Place) -> None:
        if not isinstance(place, PeoplePlace):
            return
        blocked = self.field.blockSignals(True)
        self.field.set_text(place.typed)
        self.field.blockSignals(blocked)
        self._show(fresh=True)
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.edit.selectAll()

    def concerned(self, changes: Changes) -> bool:
        return bool(changes.kinds & {"person", "visit", "booking", "staff", "record_request"})

    def refresh(self) -> None:
        self._show(fresh=False)

    def take_focus(self) -> None:
        """The search box: the arrows choose from there."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def actions_here(self) -> tuple[PageAction, ...]:
        reason = "" if self.rows.current() is not None else "Choose somebody first."
        return (
            PageAction("Open the person", "Enter", self.open_chosen, reason),
            PageAction("New person", "Ctrl N", self.new_person, self.desk.practice.may(Act.REGISTER).reason),
        )

    def open_chosen(self) -> None:
        """Open the chosen person. Among look-alikes nobody is chosen beforehand."""
        self._open(self.rows.current())

    def new_person(self) -> None:
        """Register somebody; what was typed comes along."""
        self.desk.go(NewPersonPlace(self.field.text().strip(), check_in=False))

    def _open(self, key: object) -> None:
        person = key[1] if isinstance(key, tuple) else key
        if isinstance(key, tuple) and key[0] == "elsewhere":
            self._ask_for(key[1])
        elif isinstance(person, UUID):
            self.desk.go(PersonPlace(person))

    def _typed(self, _text: str) -> None:
        self._show(fresh=True)

    def _show(self, *, fresh: bool) -> None:
        practice = self.desk.practice
        ruling = practice.may(Act.FIND_PEOPLE)
        if not ruling.allowed:
            self._show_nobody("People are not for your role", ruling.reason)
            return
        typed = self.field.text().strip()
        if typed:
            self._show_found(typed, fresh=fresh)
        else:
            self._show_known(fresh=fresh)
        self._show_keys()

    def _show_found(self, typed: str, *, fresh: bool) -> None:
        found = finding.search(self.desk.practice, typed, MOST)
        self.look_alikes.setVisible(found.look_alikes is not None)
        if found.look_alikes is not None:
            self.look_alikes.set_words(found.look_alikes.advice, strong=found.look_alikes.title)
        people_word = "person" if found.total == 1 else "people"
        more = f", the best {len(found.matches)} are shown" if found.total > len(found.matches) else ""
        self.title.set_title("People", f"{found.total_words} {people_word} of {found.people_here:,}{more}")
        others = elsewhere.known_elsewhere(self.desk.practice, typed)
        groups = [TableGroup("", self._rows(found.matches, typed, "found"))]
        if others:
            groups.append(TableGroup("Known at another centre", tuple(self._other_row(each, typed) for each in others)))
        self.rows.set_groups(groups)
        self.rows.setVisible(bool(found.matches or others))
        self.empty.setVisible(not found.matches and not others)
        if not found.matches and not others:
            self._show_nobody(
                "Nobody found", "Check the spelling, or type fewer facts. Ctrl N writes down somebody new."
            )
        elif fresh and found.look_alikes is None:
            self.rows.choose_first()
        elif fresh:
            self.rows.view.clearSelection()
            self.rows.view.setCurrentIndex(self.rows.model.index(-1))

    def _show_known(self, *, fresh: bool) -> None:
        known = finding.known(self.desk.practice, MOST)
        self.look_alikes.hide()
        self.title.set_title(
            "People", "Type any facts you know: part of a name, a date of birth, the end of a phone number."
        )
        groups = []
        if known.mine:
            groups.append(TableGroup("You are key worker of", self._rows(known.mine, "", "mine")))
        if known.recent:
            groups.append(TableGroup("Here in the last week", self._rows(known.recent, "", "recent")))
        self.rows.set_groups(groups)
        self.rows.setVisible(bool(groups))
        self.empty.setVisible(not groups)
        if not groups:
            self._show_nobody("Nobody came lately", "Type a name, a date of birth or a phone number to find somebody.")
        elif fresh:
            self.rows.choose_first()

    def _show_nobody(self, fact: str, next_step: str) -> None:
        self.empty.fact.setText(fact)
        self.empty.next_step.setText(next_step)
        self.empty.next_step.show()
        self.empty.show()
        self.rows.set_rows(())
        self.rows.hide()

    def _rows(self, matches: Sequence[Match], typed: str, group: str) -> tuple[TableRow, ...]:
        return tuple(self._row(match, typed, group) for match in matches)

    def _row(self, match: Match, typed: str, group: str) -> TableRow:
        mask, person, today = Mask(self.desk.masking.on), match.person.value, self.desk.practice.today()
        name = mask.name(person.name)
        called = f"Likes to be called {person.preferred_name}" if person.preferred_name and not mask.on else ""
        here = f"On the board, ticket {match.on_board.value.ticket}" if match.on_board else ""
        born = medium_date(person.born) if person.born else "Not known"
        age = age_words(person.born, today) if person.born else ""
        seen = (
            "Today" if match.last_seen == today else day_and_month(match.last_seen, today) if match.last_seen else "—"
        )
        second = here or called
        where = where_words(person.address, person.postcode, person.no_fixed_abode)
        pieces = matched_pieces(name, typed) if typed and not mask.on else ((name, True),)
        return TableRow(
            (group, match.person.id),
            (
                CellMarked(pieces, second) if typed else CellText(name, second, strong=True),
                CellText(mask.private(born), "" if mask.on else age),
                CellText(mask.private(where) or NO_ADDRESS, mask.private(phone_words(person.phone))),
                CellText(match.key_worker or "Nobody yet", colour="text" if match.key_worker else "secondary"),
                CellText(seen, right=True),
            ),
        )

    def _other_row(self, other: Elsewhere, typed: str) -> TableRow:
        mask, card, today = Mask(self.desk.masking.on), other.card, self.desk.practice.today()
        name = mask.name(f"{card.given_name} {card.family_name}".strip())
        called = f"Likes to be called {card.preferred_name}" if card.preferred_name and not mask.on else ""
        born = medium_date(card.born) if card.born else "Not known"
        age = age_words(card.born, today) if card.born and not mask.on else ""
        asked = "Asked for. It comes with the connection" if other.is_asked_for else "Enter asks for the record"
        pieces = matched_pieces(name, typed) if not mask.on else ((name, True),)
        return TableRow(
            ("elsewhere", card.person),
            (
                CellMarked(pieces, called),
                CellText(mask.private(born), age),
                CellText(asked, colour="secondary"),
                CellText(""),
                CellText("—", right=True),
            ),
        )

    def _ask_for(self, person: UUID) -> None:
        """A person whom another centre knows: say why the record is needed here, and it comes."""
        practice = self.desk.practice
        ruling = practice.may(Act.ASK_FOR_RECORD)
        if not ruling.allowed:
            self.desk.say("info", ruling.reason)
            return

        def ask(reason: RequestReason, words: str) -> None:
            elsewhere.ask_for_record(practice, person, reason, words)
            self.desk.say("success", "Asked for. The record comes as soon as this desk is connected.")
            self.refresh()

        ask_for_record(self, ask)

    def _show_keys(self) -> None:
        key = self.rows.current()
        line = self.rows.model.line(self.rows.view.currentIndex()) if key is not None else None
        subject = ""
        if isinstance(line, TableRow):
            first = line.cells[0]
            subject = first.words() if isinstance(first, CellMarked) else getattr(first, "first", "")
        reason = self.desk.practice.may(Act.REGISTER).reason
        new = KeyAction("new", "Ctrl N", "New person", reason)
        self.keys.show_keys(subject, [KeyAction("open", "Enter", "Open")] if subject else [], new)
