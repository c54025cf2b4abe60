"""Which details of a person are shown, in what order, and the box each is typed in: by the type of its declaration."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import parse_birth_date
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import FieldDeclaration, Json, kind_of
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.services.value_words import in_words, plain_type, words_of_code
from livingwell_desktop.ui.people.words import Mask, born_words
from livingwell_desktop.ui.widgets.banner import grouped
from livingwell_desktop.ui.widgets.choices import YesNo
from livingwell_desktop.ui.widgets.fields import ChoiceField, DateFields, TextField

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "How to reach {called}",
        (
            "address",
            "postcode",
            "no_fixed_abode",
            "safe_to_write",
            "email",
            "phone",
            "contact_by",
            "safe_time",
            "may_leave_message",
        ),
    ),
    (
        "About {called}",
        (
            "given_name",
            "family_name",
            "preferred_name",
            "other_names",
            "pronouns",
            "born",
            "born_is_estimate",
            "nhs_number",
            "local_number",
            "gp_practice",
            "key_worker",
        ),
    ),
    ("Language and papers", ("language", "interpreter_needed", "print_format")),
)
_PRIVATE = ("born", "nhs_number", "local_number", "phone", "email", "address", "postcode")
NOT_KNOWN = "Not known"


def declarations() -> dict[str, FieldDeclaration]:
    """Every field of a person by its name."""
    return dict(kind_of(Person).fields)


def shown_value(person: Person, name: str, everybody: Alliance, mask: Mask) -> str:
    """A detail in words; what F9 hides is hidden."""
    value = getattr(person, name)
    if value in (None, "", ()):
        return NOT_KNOWN
    if name in _PRIVATE and mask.on:
        return mask.private("hidden")
    if name == "born":
        return born_words(person)
    if name == "nhs_number":
        return grouped(person.nhs_number)
    return mask.text(in_words(value, everybody))


def note_of(person: Person, name: str) -> str:
    """A few words beside a detail."""
    if name == "nhs_number" and person.nhs_number and person.nhs_number_status != "01":
        return "not checked"
    if name == "address" and person.address and person.safe_to_write is not None:
        return "Safe to write here" if person.safe_to_write else "Not safe to write here"
    return ""


def editor_for(declaration: FieldDeclaration, value: Any, everybody: Alliance) -> QWidget:
    """The box for a detail, holding its value."""
    kind = plain_type(declaration)
    if kind is bool:
        return YesNo(keys=("", ""), value=value)
    if kind is date:
        parts = (str(value.day), str(value.month), str(value.year)) if value else ("", "", "")
        return DateFields(*parts)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ChoiceField(
            [(str(each.value), words_of_code(each)) for each in kind], str(getattr(value, "value", value))
        )
    if kind is UUID:
        staff = sorted((held.value.name, str(held.id)) for held in everybody.staff.values() if held.value.active)
        return ChoiceField([(key, name) for name, key in staff], str(value) if value else None, nothing="Nobody yet")
    return TextField(value or "")


def typed(editor: QWidget) -> Json:
    """What stands in the box now, as a draft keeps it."""
    if isinstance(editor, TextField):
        return editor.text()
    if isinstance(editor, DateFields):
        return list(editor.value())
    if isinstance(editor, ChoiceField):
        return editor.code()
    if isinstance(editor, YesNo):
        return editor.value()
    return None


def put_back(editor: QWidget, kept: Json) -> None:
    """What a draft kept, into the box again."""
    if isinstance(editor, TextField):
        editor.set_text(str(kept or ""))
    elif isinstance(editor, DateFields) and isinstance(kept, list) and len(kept) == 3:
        editor.set_value(*(str(part) for part in kept))
    elif isinstance(editor, ChoiceField):
        editor.set_code(None if kept is None else str(kept))
    elif isinstance(editor, YesNo):
        editor.set_value(kept if isinstance(kept, bool) else None)


def value_typed(editor: QWidget, declaration: FieldDeclaration, today: date) -> Any:
    """What was typed, as the record holds it. Raises Problem for a date that is none."""
    raw, kind = typed(editor), plain_type(declaration)
    if isinstance(editor, DateFields):
        day, month, year = editor.value()
        if not (day or month or year):
            return None
        return parse_birth_date(day, month, year, today, field=declaration.name)
    if kind is UUID:
        return UUID(str(raw)) if raw else None
    if isinstance(kind, type) and issubclass(kind, Enum):
        known = {str(each.value): each for each in kind}
        return known.get(str(raw), declaration.default if raw is None else raw)
    if kind is bool:
        return declaration.default if raw is None else raw
    return str(raw or "").strip()


def listen(editor: QWidget, changed: Any, submitted: Any) -> None:
    """Call `changed` when something is typed or chosen, `submitted` on Enter."""
    if isinstance(editor, TextField | DateFields):
        editor.changed.connect(lambda *_: changed())
        editor.submitted.connect(submitted)
    elif isinstance(editor, ChoiceField):
        editor.changed.connect(lambda *_: changed())
    elif isinstance(editor, YesNo):
        editor.answered.connect(lambda *_: changed())
