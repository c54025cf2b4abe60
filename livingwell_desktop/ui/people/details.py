"""A person's details: each a row to read and to change in its place, and the questions between desks in theirs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import listed, number_word, sentence_case
from livingwell_desktop.services import attention, people
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import FieldInConflictError
from livingwell_desktop.ui.keeping import Keeping
from livingwell_desktop.ui.people.detail_fields import SECTIONS, declarations, shown_value
from livingwell_desktop.ui.people.detail_row import DetailRow
from livingwell_desktop.ui.people.words import Mask, mask_for
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.surfaces import ScrollBody
from livingwell_desktop.ui.widgets.words import Words


class DetailsTab(QWidget):
    """Typing is never overwritten: a row that is typed into keeps what was shown when typing began."""

    def __init__(self, practice: Practice, say: Callable[[str, str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._practice = practice
        self._banner: people.Banner | None = None
        self._mask = Mask()
        self._putting_back = False
        self.keeping = Keeping(self, self._save_draft, say)
        self._scroll = ScrollBody(spacing=0, margins=(24, 18, 24, 24))
        Column(self, spacing=0).add(self._scroll)
        body = self._scroll.body
        self.joined = Notice("success", "", closable=True)
        self.joined.setObjectName("joined by themselves")
        self.joined.dismissed.connect(self.joined.hide)
        self.joined.hide()
        body.add(self.joined)
        self.headings: list[tuple[Words, str]] = []
        self.rows: dict[str, DetailRow] = {}
        known = declarations()
        for title, names in SECTIONS:
            heading = Words(title, "card")
            body.gap(18 if self.headings else 6)
            self.headings.append((heading, title))
            body.add(heading)
            body.gap(4)
            for name in names:
                row = DetailRow(known[name])
                row.change.connect(self.change)
                row.save.connect(self.save)
                row.typing.connect(self._typed)
                row.closed.connect(self._closed)
                row.settled.connect(self.settle)
                self.rows[name] = row
                body.add(row)

    def show_person(self, banner: people.Banner, masked: bool, *, opening: bool = False, arrived: bool = False) -> None:
        """Show the details as they are now; boxes that are typed into stay."""
        before = self._banner.person if self._banner and not opening else None
        self._banner, held = banner, banner.person
        self._mask = mask_for(held.value, masked)
        if opening:
            self._give_up()
        for heading, title in self.headings:
            heading.setText(title.format(called=self._mask.called(held.value)))
        questions = {each.field.name: each for each in attention.questions_about(self._practice, held)}
        for name, row in self.rows.items():
            if row.basis is not None:
                self._look_meanwhile(row, held)
                continue
            question = questions.get(name)
            whose = self._mask.called(held.value)
            if question and row.show_question(question, whose, self._mask, self._practice.today()):
                continue
            reason = self._practice.may_change_detail(name, held.id).reason
            row.show_reading(held, banner.alliance, self._mask, reason)
        if opening:
            self._put_back_draft()
        if arrived and before is not None:
            self._say_joined(before, held)

    def change(self, name: str) -> None:
        """Type into a field, from what is shown now."""
        if self._banner is not None:
            self.rows[name].start_typing(self._banner.person, self._banner.alliance)
            self._scroll.show_whole(self.rows[name])

    def save(self, name: str) -> None:
        """Write what was typed, based on what was shown when typing began."""
        row, banner = self.rows[name], self._banner
        basis, frame = row.basis, row.frame
        if basis is None or banner is None or frame is None:
            return
        frame.clear_error()
        try:
            value = row.value(self._practice.today())
            # While it is written this page hears of it, and must see a row to read.
            row.basis = None
            if value != getattr(basis.value, name):
                people.change_details(self._practice, basis, **{name: value})
        except FieldInConflictError:
            wanted = str(row.raw() or "")
            row.stop_typing()
            self._look()
            if row.strip is not None:
                row.strip.strip.another.set_text(wanted)
            self._forget()
            return
        except Problem as problem:
            row.basis = basis
            named = next((each.sentence for each in problem.fields if each.field == name), "")
            sentence = named or (problem.fields[0].sentence if problem.fields else "")
            frame.set_error(sentence or problem.advice)
            if row.editor is not None:
                row.editor.setFocus()
            return
        if row.editor is not None:
            row.stop_typing()
            self._look()
        self._forget()

    def settle(self, name: str, value: object) -> None:
        """Decide between the values of two desks."""
        row = self.rows[name]
        if row.strip is None:
            return
        try:
            people.settle_field(self._practice, row.strip.question.held, name, value)
        except Problem as problem:
            sentence = problem.fields[0].sentence if problem.fields else problem.what_happened
            row.strip.show_problem(sentence)

    def keep(self) -> None:
        """Keep what is typed and not saved, on this desk's disk."""
        self.keeping.keep()

    def _save_draft(self) -> None:
        if self._banner is not None:
            typed = {
                row.name: people.TypedDetail(row.raw(), row.basis)
                for row in self.rows.values()
                if row.basis is not None
            }
            people.keep_typing(self._practice, self._banner.person.id, typed)

    def _typed(self, _name: str) -> None:
        self.keeping.typed()

    def _closed(self, _name: str) -> None:
        self._look()
        self._forget()

    def _forget(self) -> None:
        """A box was closed: the draft holds the boxes that are left."""
        self.keeping.unsaved = True
        self.keep()

    def _look(self) -> None:
        if self._banner is not None:
            self.show_person(self._banner, self._mask.on)

    def _give_up(self) -> None:
        for row in self.rows.values():
            if row.basis is not None:
                row.stop_typing()
        self.joined.hide()

    def _put_back_draft(self) -> None:
        banner = self._banner
        if banner is None or self._putting_back or not self._practice.may(Act.CHANGE_DETAILS, banner.person.id).allowed:
            return
        # What was typed may become a change first, and then this page hears of it.
        self._putting_back = True
        try:
            kept = people.typing_of(self._practice, banner.person.id)
        finally:
            self._putting_back = False
        if kept is None:
            return
        for name, typed in people.typed_details(kept, banner.person).items():
            if name in self.rows and self.rows[name].strip is None:
                self.rows[name].start_typing(typed.basis, banner.alliance, typed.raw)
                self._look_meanwhile(self.rows[name], banner.person)
        self.keeping.forget()

    def _look_meanwhile(self, row: DetailRow, held: Held[Person]) -> None:
        basis, banner = row.basis, self._banner
        if basis is None or banner is None or getattr(basis.value, row.name) == getattr(held.value, row.name):
            return
        who = banner.alliance.staff_name(held.changed_by)
        row.say_changed(who, shown_value(held.value, row.name, banner.alliance, self._mask))

    def _say_joined(self, before: Held[Person], after: Held[Person]) -> None:
        """Changes of another desk that needed nobody: say which, so that nobody wonders."""
        banner = self._banner
        changed = [
            row.declaration.label.lower() if not row.declaration.label[1:2].isupper() else row.declaration.label
            for name, row in self.rows.items()
            if getattr(before.value, name) != getattr(after.value, name)
            and name not in after.conflicts
            and row.basis is None
        ]
        if not changed or banner is None:
            return
        count = sentence_case(number_word(len(changed)))
        noun = "change joined by itself" if len(changed) == 1 else "changes joined by themselves"
        who = banner.alliance.staff_name(after.changed_by)
        self.joined.set_words(f"{count} {noun}: {listed(changed)}, from {who} on another desk.")
        self.joined.show()
