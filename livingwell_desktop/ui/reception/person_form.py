"""The fields of a registration, in the order a person is asked, and what was typed in them as it is kept in a draft."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from livingwell_desktop.domain.contact_details import NO_FIXED_ABODE, parse_phone
from livingwell_desktop.domain.dates import parse_birth_date
from livingwell_desktop.domain.errors import FieldProblem, Problem
from livingwell_desktop.domain.people import ContactBy, Person
from livingwell_desktop.domain.records import Json
from livingwell_desktop.domain.wording import digits_of
from livingwell_desktop.ui.widgets import theme
from livingwell_desktop.ui.widgets.choices import TickBox, YesNo
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, DateFields, TextField
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.surfaces import Card

CONTACT_WORDS = (
    (ContactBy.ANY, "Any way"),
    (ContactBy.TEXT_ONLY, "Text only"),
    (ContactBy.PHONE, "Phone call"),
    (ContactBy.EMAIL, "Email"),
    (ContactBy.LETTER, "Letter"),
    (ContactBy.NOT_AT_ALL, "Not at all"),
)
LONGEST_BOX = 20_000
"""Signs a box takes: more than anybody types, so that what is pasted by mistake is judged, never cut in silence."""


class PersonForm(QWidget):
    """What reception asks somebody new. It holds raw text; `person()` says what it means."""

    changed = Signal()
    identity_changed = Signal()
    """Something changed by which the person may be known: a name, the date of birth, phone or NHS number."""

    def __init__(self, staff: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.frames: dict[str, FieldFrame] = {}
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self.left, self.right = Column(spacing=12), Column(spacing=12)
        self._sides.addLayout(self.left, 1)
        self._sides.addLayout(self.right, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._build_who()
        self._build_today(staff)
        self._build_speaking()
        self._build_reach()
        self._build_home()
        for column in (self.left, self.right):
            column.push()
        self._listen()
        self._in_order()

    # Building

    def _build_who(self) -> None:
        card = Card("Who")
        self.born = DateFields()
        self.born_unknown = TickBox("They do not know it")
        self.born_estimate = TickBox("It is an estimate")
        ticks = Row(spacing=18)
        ticks.add(self.born_unknown, self.born_estimate)
        ticks.push()
        self.given_name, self.family_name = TextField(), TextField()
        self.preferred_name, self.other_names = TextField(), TextField()
        names, more = Row(spacing=12), Row(spacing=12)
        names.add(self._frame("given_name", "First name", self.given_name))
        names.add(self._frame("family_name", "Last name", self.family_name, optional=True))
        more.add(self._frame("preferred_name", "Likes to be called", self.preferred_name, optional=True))
        more.add(self._frame("other_names", "Other names used", self.other_names, optional=True))
        card.body.add(self._frame("born", "Date of birth", self.born, hint="Like 27 3 1986"), ticks)
        card.body.gap(4)
        card.body.add(names, more)
        self.left.add(card)
        self.after_who = Column(spacing=0)
        self.left.add(self.after_who)

    def _build_today(self, staff: list[tuple[str, str]]) -> None:
        card = Card("Today")
        self.reason = TextField()
        self.sees = ChoiceField(staff, nothing="First free")
        card.body.add(
            self._frame("reason", "Reason for coming", self.reason, hint="Like Wants to talk", optional=True),
            self._frame("sees", "Sees", self.sees),
        )
        self.right.add(card)

    def _build_speaking(self) -> None:
        card = Card("Speaking")
        self.language = TextField(characters=20)
        self.interpreter = TickBox("Needs an interpreter")
        across = Row(spacing=18)
        across.add(self._frame("language", "Language", self.language, hint="If it is not English", optional=True))
        across.add(self.interpreter, align=Qt.AlignmentFlag.AlignBottom)
        across.push()
        card.body.add(across)
        self.right.add(card)

    def _build_reach(self) -> None:
        card = Card("How to reach them")
        self.phone = TextField(characters=16)
        self.contact_by = ChoiceField([(code.value, words) for code, words in CONTACT_WORDS], ContactBy.ANY.value)
        self.safe_time = TextField()
        across = Row(spacing=12)
        across.add(self._frame("phone", "Phone", self.phone, optional=True))
        across.add(self._frame("contact_by", "Text or phone", self.contact_by), stretch=1)
        card.body.add(across)
        hint = "Like After 5pm"
        card.body.add(self._frame("safe_time", "Safe time to ring or text", self.safe_time, hint=hint, optional=True))
        self.right.add(card)

    def _build_home(self) -> None:
        card = Card("Where they live")
        self.address, self.postcode = TextField(), TextField(characters=9)
        self.no_fixed_abode = TickBox("No fixed abode")
        self.safe_to_write = YesNo(keys=("", ""))
        self.nhs_number = TextField(characters=14)
        across = Row(spacing=18)
        across.add(self._frame("postcode", "Postcode", self.postcode, optional=True))
        across.add(self._frame("safe_to_write", "Is it safe to write there?", self.safe_to_write))
        across.push()
        card.body.add(self._frame("address", "Address", self.address, hint="Without the postcode", optional=True))
        card.body.add(across, self.no_fixed_abode)
        hint = "10 digits. Nobody checks it yet"
        card.body.add(self._frame("nhs_number", "NHS number", self.nhs_number, hint=hint, optional=True))
        self.left.add(card)

    def _frame(self, name: str, label: str, field: QWidget, *, hint: str = "", optional: bool = False) -> FieldFrame:
        frame = FieldFrame(label, field, hint=hint, optional=optional)
        field.setObjectName(label.lower())
        self.frames[name] = frame
        return frame

    def _boxes(self) -> dict[str, TextField]:
        names = (
            "given_name", "family_name", "preferred_name", "other_names", "reason", "language", "phone", "safe_time",
            "address", "postcode", "nhs_number",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def _ticks(self) -> dict[str, TickBox]:
        return {
            "born_unknown": self.born_unknown,
            "born_estimate": self.born_estimate,
            "interpreter": self.interpreter,
            "no_fixed_abode": self.no_fixed_abode,
        }

    def _listen(self) -> None:
        known_by = ("given_name", "family_name", "preferred_name", "other_names", "phone", "nhs_number")
        for name, box in self._boxes().items():
            box.edit.setMaxLength(LONGEST_BOX)
            box.changed.connect(self._typed)
            box.submitted.connect(self._next)
            if name in known_by:
                box.changed.connect(self._identity_typed)
        for name, tick in self._ticks().items():
            tick.setObjectName(name.replace("_", " "))
            tick.toggled.connect(self._typed)
        self.born.changed.connect(self._typed)
        self.born.changed.connect(self._identity_typed)
        self.born.submitted.connect(self._next)
        self.born_unknown.toggled.connect(self._identity_typed)
        self.sees.changed.connect(self._typed)
        self.contact_by.changed.connect(self._typed)
        self.safe_to_write.answered.connect(self._typed)

    def _in_order(self) -> None:
        """Tab goes down the questions as they are asked, whichever column they stand in."""
        order = list(self._stops())
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)

    def _stops(self) -> Iterator[QWidget]:
        yield from (self.born.day.edit, self.born.month.edit, self.born.year.edit)
        yield from (self.born_unknown, self.born_estimate)
        yield from (box.edit for box in (self.given_name, self.family_name, self.preferred_name, self.other_names))
        yield from (self.reason.edit, self.sees.combo, self.language.edit, self.interpreter)
        yield from (self.phone.edit, self.contact_by.combo, self.safe_time.edit, self.address.edit, self.postcode.edit)
        yield from (self.safe_to_write.yes, self.safe_to_write.no, self.no_fixed_abode, self.nhs_number.edit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where two do not fit."""
        super().resizeEvent(event)
        narrow = self.width() < theme.px(860)
        ways = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(ways[0] if narrow else ways[1])
        self._sides.setSpacing(theme.px(14))

    # What was typed

    def typed(self) -> dict[str, Json]:
        """Everything typed, as it stands, for a draft."""
        found: dict[str, Json] = {name: box.text() for name, box in self._boxes().items()}
        found |= {name: tick.isChecked() for name, tick in self._ticks().items()}
        found |= {
            "born": list(self.born.value()),
            "sees": self.sees.code(),
            "contact_by": self.contact_by.code(),
            "safe_to_write": self.safe_to_write.value(),
        }
        return found

    def set_typed(self, typed: Mapping[str, Json]) -> None:
        """Put back what was typed. What is missing is empty."""
        for name, box in self._boxes().items():
            box.set_text(str(typed.get(name, "")))
        for name, tick in self._ticks().items():
            tick.setChecked(bool(typed.get(name, False)))
        day, month, year = [*typed.get("born", ()), "", "", ""][:3]
        self.born.set_value(str(day), str(month), str(year))
        self.sees.set_code(typed.get("sees"))
        self.contact_by.set_code(typed.get("contact_by") or ContactBy.ANY.value)
        self.safe_to_write.set_value(typed.get("safe_to_write"))
        for frame in self.frames.values():
            frame.clear_error()

    def is_empty(self) -> bool:
        """Whether nothing was typed that would be a loss."""
        return not any(box.text().strip() for box in self._boxes().values()) and not any(self.born.value())

    def name(self) -> str:
        """The name as typed so far, short enough for a strip."""
        name = f"{self.given_name.text().strip()} {self.family_name.text().strip()}".strip()
        return f"{name[:40]}…" if len(name) > 40 else name

    def birth_date(self, today: date) -> date | None:
        """The date of birth; None when it is ticked as not known. Raises Problem."""
        if self.born_unknown.isChecked():
            return None
        if not any(self.born.value()):
            words = "Enter the date of birth, like 27 3 1986. If they do not know it, tick that."
            raise Problem("There is a problem", words, "", (FieldProblem("born", words),))
        return parse_birth_date(*self.born.value(), today)

    def person(self, born: date | None) -> Person:
        """The person as typed, not yet checked."""
        homeless = self.no_fixed_abode.isChecked()
        return Person(
            given_name=self.given_name.text().strip(),
            family_name=self.family_name.text().strip(),
            preferred_name=self.preferred_name.text().strip(),
            other_names=self.other_names.text().strip(),
            born=born,
            born_is_estimate=self.born_estimate.isChecked() and born is not None,
            nhs_number=self.nhs_number.text().strip(),
            address=self.address.text().strip(),
            postcode=self.postcode.text().strip() or (NO_FIXED_ABODE if homeless else ""),
            no_fixed_abode=homeless,
            safe_to_write=self.safe_to_write.value(),
            phone=self.phone.text().strip(),
            contact_by=ContactBy(self.contact_by.code() or ContactBy.ANY.value),
            safe_time=self.safe_time.text().strip(),
            language=self.language.text().strip(),
            interpreter_needed=self.interpreter.isChecked(),
        )

    def candidate(self, today: date) -> Person:
        """What is known so far, for finding look-alikes: whatever cannot be read yet is left out."""
        try:
            born = self.birth_date(today)
        except Problem:
            born = None
        try:
            phone = parse_phone(self.phone.text()).e164
        except Problem:
            phone = ""
        return Person(
            given_name=self.given_name.text().strip()[:200],
            family_name=self.family_name.text().strip()[:200],
            preferred_name=self.preferred_name.text().strip()[:200],
            other_names=self.other_names.text().strip()[:200],
            born=born,
            phone_e164=phone,
            nhs_number=digits_of(self.nhs_number.text())[:20],
        )

    def seen_by(self) -> UUID | None:
        """Who is to see them, if anybody was chosen."""
        code = self.sees.code()
        return UUID(code) if code else None

    def show_problems(self, problems: tuple[FieldProblem, ...]) -> list[tuple[str, QWidget | None]]:
        """Mark the fields and give what the summary lists, in the order of the form."""
        for frame in self.frames.values():
            frame.clear_error()
        order = list(self.frames)
        known = sorted(problems, key=lambda each: order.index(each.field) if each.field in order else len(order))
        for each in known:
            if each.field in self.frames:
                self.frames[each.field].set_error(each.sentence)
        return [(each.sentence, self.frames.get(each.field)) for each in known]

    def _typed(self) -> None:
        self.born.setEnabled(not self.born_unknown.isChecked())
        self.born_estimate.setEnabled(not self.born_unknown.isChecked())
        self.changed.emit()

    def _identity_typed(self) -> None:
        self.identity_changed.emit()

    def _next(self) -> None:
        self.focusNextChild()
