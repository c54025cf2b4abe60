"""What the board asks before it acts: who and where, how it ended, why somebody left."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import ChangeId, HeldValue, kind_of
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services import reception
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.reception import BoardRow, Places
from livingwell_desktop.services.value_words import in_words, typed_value
from livingwell_desktop.storage import FieldInConflictError
from livingwell_desktop.ui.keeping import Keeping, KeptWords
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, TextArea, TextField
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.notices import Notice

WHY_LEFT = (
    CardOption("wait", "The wait was too long"),
    CardOption("elsewhere", "They had to be somewhere else"),
    CardOption("stay", "They did not feel able to stay"),
    CardOption("unknown", "They did not say"),
)


class VisitSheet(QWidget):
    """The body of a sheet about one visit. What is typed stays, whatever arrives from other desks meanwhile."""

    name = ""
    yes = ""

    keeps: tuple[str, ...] = ()
    """Fields whose words are kept when the desk is locked, and offered again."""

    def __init__(self, practice: Practice, row: BoardRow, say: Callable[[str, str], object]) -> None:
        super().__init__()
        self.practice, self.row = practice, row
        self.frames: dict[str, FieldFrame] = {}
        self.shown: dict[str, frozenset[ChangeId]] = {}
        """Fields in question whose values have been on the screen, with the changes that wrote them."""
        self.setObjectName(self.name)
        self.column = Column(self, spacing=18)
        self.strip = Notice("warning", "")
        self.strip.setObjectName("what changed")
        self.strip.hide()
        self.column.add(self.strip)
        self._build()
        self.words_kept = KeptWords(practice, Act.END_VISIT, self.name, row.visit.id)
        self.keeping = Keeping(self, self._keep_words, say)
        self._put_back()

    def _build(self) -> None:
        raise NotImplementedError

    def _framed(self, name: str, label: str, field: QWidget, *, hint: str = "", optional: bool = False) -> FieldFrame:
        """A field with its label; `name` is the record's field, by which problems find it."""
        frame = FieldFrame(label, field, hint=hint, optional=optional)
        field.setObjectName(label.lower())
        self.frames[name] = frame
        return frame

    def save(self) -> None:
        """Do what the sheet is for. Raises Problem."""
        raise NotImplementedError

    def decided(self) -> tuple[str, ...]:
        """Fields in question that saving settles: those of which every value was shown here."""
        known = self.row.visit.conflicts
        return tuple(
            name for name, shown in self.shown.items() if {each.change for each in known.get(name, ())} <= shown
        )

    def forget(self) -> None:
        """The sheet was left on purpose: its words are not offered again."""
        self.keeping.forget()
        if self.keeps:
            self.words_kept.forget()

    def _keep_words(self) -> None:
        self.words_kept.keep({name: _words_in(self.frames[name].field) for name in self.keeps})

    def _put_back(self) -> None:
        kept = self.words_kept.words() if self.keeps else {}
        for name in self.keeps:
            field = self.frames[name].field
            if kept.get(name):
                _put_words(field, str(kept[name]))
            _changed(field).connect(lambda *_what: self.keeping.typed())
        if kept:
            self._say("warning", "What you had typed here was kept.", "Cancel forgets it.")

    def attempt(self) -> bool:
        """Save; False keeps the sheet open, with what there is to mend in it."""
        for frame in self.frames.values():
            frame.clear_error()
        try:
            self.save()
        except FieldInConflictError as conflict:
            self._show_conflict(conflict)
            return False
        except Problem as problem:
            self._show_problem(problem)
            return False
        return True

    def arrived(self, now: BoardRow | None) -> None:
        """The visit changed while the sheet was open: say what and who. The person decides on what they see now."""
        if now is None or now.visit.heads == self.row.visit.heads:
            return
        before, after = self.row.visit.value, now.visit.value
        who = alliance(self.practice).staff_name(now.visit.changed_by) if now.visit.changed_by else "Somebody"
        if after.state != before.state:
            self._say("error", f"{who} changed this visit meanwhile.", _state_sentence(after))
            return
        changed = [sentence for sentence in self._differences(before, after) if sentence]
        self.row = now
        if changed:
            self._say("warning", f"{who} changed this visit meanwhile.", " ".join(changed))
            self._adopt(before, after)

    def _differences(self, before: Visit, after: Visit) -> tuple[str, ...]:
        people = alliance(self.practice)
        sees = people.staff_name(after.sees) if after.sees else "first free"
        return (
            f"Who: {sees}." if before.sees != after.sees else "",
            f"Where: {after.where or 'not yet known'}." if before.where != after.where else "",
            f"Reason: {after.reason}." if before.reason != after.reason else "",
        )

    def _adopt(self, before: Visit, after: Visit) -> None:
        """Take over what changed into the fields nobody has touched here."""

    def _say(self, tone: str, strong: str, text: str) -> None:
        self.strip.set_tone("error" if tone == "error" else "warning")
        self.strip.set_words(text, strong=strong)
        self.strip.show()
        self._grow()

    def _grow(self) -> None:
        """A taller sheet rather than a scroll bar, as far as the window allows."""
        sheet, page = self.window(), self.window().parentWidget()
        if sheet is self or page is None:
            return
        missing = self.column.totalSizeHint().height() - self.height()
        if missing > 0:
            sheet.resize(sheet.width(), min(page.window().height() - 48, sheet.height() + missing))

    def _show_conflict(self, conflict: FieldInConflictError) -> None:
        """Two desks wrote different things before they knew of each other: show both, and what saving now does."""
        more = conflict.name in self.shown
        visit = reception.as_it_is_now(self.practice, self.row.visit)
        values = visit.conflicts.get(conflict.name, conflict.values)
        self.row = replace(self.row, visit=visit)
        self.shown[conflict.name] = frozenset(each.change for each in values)
        people, declared = alliance(self.practice), kind_of(Visit).fields[conflict.name]

        def said(value: HeldValue) -> str:
            typed = typed_value(declared, value.value)
            words = reception.state_words(typed) if conflict.name == "state" else in_words(typed, people)
            return f"{people.staff_name(value.staff)}: {words}."

        strong = "Another desk wrote something else here too." if more else "Two desks wrote different things here."
        then = "What you choose settles it."
        if conflict.name not in self.frames:
            then = f"Press {self.yes} again to settle it."
        self._say("warning", strong, f"{' '.join(said(value) for value in values)} {then}")

    def _show_problem(self, problem: Problem) -> None:
        for each in problem.fields:
            if each.field in self.frames:
                self.frames[each.field].set_error(each.sentence)
                self.frames[each.field].setFocus()
                self._grow()
                return
        self._say("error", problem.title, problem.advice)


def _state_sentence(visit: Visit) -> str:
    where = f" in {visit.where}" if visit.where else ""
    return f"It is now: {reception.state_words(visit.state)}{where}. Cancel, and look at the board."


class WhoAndWhere(VisitSheet):
    """Who sees the person, and in which room."""

    name, yes = "change who or where", "Save"

    def _build(self) -> None:
        found = reception.places(self.practice)
        options, sees = _staff_options(found, self.practice.staff.id), self.row.visit.value.sees
        if sees and str(sees) not in dict(options):
            options.append((str(sees), alliance(self.practice).staff_name(sees)))
        self.who = ChoiceField(options, nothing="First free")
        self.who.set_code(self._first_choice())
        self.where = ChoiceField(_room_options(found), self.row.visit.value.where or None, nothing="Not yet known")
        self.column.add(self._framed("sees", "Who sees them", self.who), self._framed("where", "Where", self.where))
        self._build_more()
        self.setFocusProxy(self.who)

    def _build_more(self) -> None:
        self.reason = TextField(self.row.visit.value.reason)
        self.column.add(self._framed("reason", "Reason for coming", self.reason, optional=True))

    def _first_choice(self) -> str | None:
        sees = self.row.visit.value.sees
        return str(sees) if sees else None

    def save(self) -> None:
        reception.change_who_or_where(
            self.practice,
            self.row.visit,
            sees=self._sees(),
            where=self.where.code() or "",
            reason=self.reason.text(),
            settles=self.decided(),
        )

    def _adopt_reason(self, before: str, after: str) -> None:
        if self.reason.text() == before:
            self.reason.set_text(after)

    def _sees(self) -> UUID | None:
        code = self.who.code()
        return UUID(code) if code else None

    def _adopt(self, before: Visit, after: Visit) -> None:
        if (self.where.code() or "") == before.where:
            self.where.set_code(after.where or None)
        if self.who.code() == (str(before.sees) if before.sees else None):
            self.who.set_code(str(after.sees) if after.sees else None)
        self._adopt_reason(before.reason, after.reason)


class Call(WhoAndWhere):
    """Call the person: they are with someone from now."""

    name, yes = "call", "Call"

    def _build_more(self) -> None:
        """Nothing more: a queue stands in front of the desk."""

    def _adopt_reason(self, before: str, after: str) -> None:
        """It is not asked here."""

    def _first_choice(self) -> str | None:
        return str(self.row.visit.value.sees or self.practice.staff.id)

    def save(self) -> None:
        where, sees = self.where.code() or "", self._sees()
        reception.call(self.practice, self.row.visit, where=where, sees=sees, settles=self.decided())


class Done(VisitSheet):
    """The appointment is over; one line about how."""

    name, yes = "done", "Done"
    keeps = ("outcome",)

    def _build(self) -> None:
        self.outcome = TextField("Seen")
        hint = "One line, like Seen, or Seen, comes again on Friday"
        self.column.add(self._framed("outcome", "How it ended", self.outcome, hint=hint))
        self.setFocusProxy(self.outcome)
        self.outcome.edit.selectAll()

    def save(self) -> None:
        reception.done(
            self.practice, self.row.visit, self.outcome.text(), settles=self.decided(), forget=self.words_kept.draft()
        )


class Left(VisitSheet):
    """The person left without being seen: why, in words, and what we do next."""

    name, yes = "left without being seen", "Save"
    keeps = ("why", "outcome", "follow_up")

    def _build(self) -> None:
        self.why = RadioCards(WHY_LEFT)
        self.words = TextArea(lines=2)
        self.next = TextField()
        self.column.add(
            self._framed("why", "Why did they leave?", self.why),
            self._framed("outcome", "In words", self.words, optional=True),
            self._framed("follow_up", "What we do next", self.next, hint="Like Ring this afternoon"),
        )
        self.setFocusProxy(self.why)

    def save(self) -> None:
        why = next((option.label for option in WHY_LEFT if option.code == self.why.code()), "")
        if not why:
            raise _missing("why", "Choose why they left. “They did not say” is an answer too.")
        if not self.next.text().strip():
            raise _missing("follow_up", "Enter what we do next, like Ring this afternoon, or Nothing.")
        words = self.words.text().strip()
        outcome = f"{why}. {words}" if words else why
        reception.left_without_being_seen(
            self.practice,
            self.row.visit,
            outcome,
            self.next.text(),
            settles=self.decided(),
            forget=self.words_kept.draft(),
        )


def _changed(field: QWidget) -> SignalInstance:
    if isinstance(field, TextField | TextArea | RadioCards):
        return field.changed
    raise TypeError("only words and choices are kept")


def _words_in(field: QWidget) -> str:
    if isinstance(field, TextField | TextArea):
        return field.text()
    return str(field.code() or "") if isinstance(field, RadioCards) else ""


def _put_words(field: QWidget, words: str) -> None:
    if isinstance(field, TextField | TextArea):
        field.set_text(words)
    elif isinstance(field, RadioCards):
        field.set_code(words)


def _missing(field: str, sentence: str) -> Problem:
    return Problem("There is a problem", sentence, "", (FieldProblem(field, sentence),))


def _staff_options(found: Places, me: UUID) -> list[tuple[str, str]]:
    return [
        (str(held.id), f"{held.value.name} (me)" if held.id == me else f"{held.value.name}, {held.value.job_title}")
        for held in found.staff
    ]


def _room_options(found: Places) -> list[tuple[str, str]]:
    return [(room, f"{room}, free") for room in found.free] + [(room, f"{room}, in use") for room in found.taken]
