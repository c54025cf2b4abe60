"""What the board asks before it acts: who and where, how it ended, why somebody left."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.records import Held, HeldValue
from livingwell_desktop.domain.sessions import Visit
from livingwell_desktop.services import reception
from livingwell_desktop.services.alliance import alliance
from livingwell_desktop.services.people import settle_field
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.services.reception import BoardRow, Places
from livingwell_desktop.storage import FieldInConflictError
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

    def __init__(self, practice: Practice, row: BoardRow) -> None:
        super().__init__()
        self.practice, self.row = practice, row
        self.frames: dict[str, FieldFrame] = {}
        self.shown_conflicts: set[str] = set()
        """Fields of which every desk's value has been on the screen."""
        self.setObjectName(self.name)
        self.column = Column(self, spacing=18)
        self.strip = Notice("warning", "")
        self.strip.setObjectName("what changed")
        self.strip.hide()
        self.column.add(self.strip)
        self._build()

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
        self.shown_conflicts.add(conflict.name)
        people = alliance(self.practice)

        def said(value: HeldValue) -> str:
            words = people.staff_name(UUID(value.value)) if conflict.name == "sees" and value.value else value.value
            return f"{people.staff_name(value.staff)}: {words or 'nothing'}."

        both = " ".join(said(value) for value in conflict.values)
        self._say("warning", "Two desks wrote different things here.", f"{both} What you choose settles it.")

    def _show_problem(self, problem: Problem) -> None:
        for each in problem.fields:
            if each.field in self.frames:
                self.frames[each.field].set_error(each.sentence)
                self.frames[each.field].setFocus()
                self._grow()
                return
        self._say("error", problem.title, f"{problem.what_happened} {problem.what_to_do}")


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
        wanted = {"sees": self._sees(), "where": self.where.code() or "", "reason": self.reason.text()}
        visit = self._settled(wanted)
        reception.change_who_or_where(
            self.practice, visit, sees=self._sees(), where=self.where.code() or "", reason=self.reason.text()
        )

    def _settled(self, wanted: Mapping[str, object]) -> Held[Visit]:
        """The visit after every question that was shown here is decided as chosen."""
        visit = self.row.visit
        for name in sorted(self.shown_conflicts & set(visit.conflicts) & set(wanted)):
            settle_field(self.practice, visit, name, wanted[name])
            visit = reception.as_it_is_now(self.practice, visit)
        return visit

    def _sees(self) -> UUID | None:
        code = self.who.code()
        return UUID(code) if code else None

    def _adopt(self, before: Visit, after: Visit) -> None:
        if (self.where.code() or "") == before.where:
            self.where.set_code(after.where or None)
        if self.who.code() == (str(before.sees) if before.sees else None):
            self.who.set_code(str(after.sees) if after.sees else None)


class Call(WhoAndWhere):
    """Call the person: they are with someone from now."""

    name, yes = "call", "Call"

    def _build_more(self) -> None:
        """Nothing more: a queue stands in front of the desk."""

    def _first_choice(self) -> str | None:
        return str(self.row.visit.value.sees or self.practice.staff.id)

    def save(self) -> None:
        reception.call(self.practice, self.row.visit, where=self.where.code() or "", sees=self._sees())


class Done(VisitSheet):
    """The appointment is over; one line about how."""

    name, yes = "done", "Done"

    def _build(self) -> None:
        self.outcome = TextField("Seen")
        hint = "One line, like Seen, or Seen, comes again on Friday"
        self.column.add(self._framed("outcome", "How it ended", self.outcome, hint=hint))
        self.setFocusProxy(self.outcome)
        self.outcome.edit.selectAll()

    def save(self) -> None:
        reception.done(self.practice, self.row.visit, self.outcome.text())


class Left(VisitSheet):
    """The person left without being seen: why, in words, and what we do next."""

    name, yes = "left without being seen", "Save"

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
        reception.left_without_being_seen(self.practice, self.row.visit, outcome, self.next.text())


def _missing(field: str, sentence: str) -> Problem:
    return Problem("There is a problem", sentence, "", (FieldProblem(field, sentence),))


def _staff_options(found: Places, me: UUID) -> list[tuple[str, str]]:
    return [
        (str(held.id), f"{held.value.name} (me)" if held.id == me else f"{held.value.name}, {held.value.job_title}")
        for held in found.staff
    ]


def _room_options(found: Places) -> list[tuple[str, str]]:
    return [(room, f"{room}, free") for room in found.free] + [(room, f"{room}, in use") for room in found.taken]
