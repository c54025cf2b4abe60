"""Any field's value in the words people read, by the type its declaration gives it."""

import types
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from livingwell_desktop.domain.assessments import NeedState
from livingwell_desktop.domain.dates import clock_time, local, long_date
from livingwell_desktop.domain.people import ContactBy, PrintFormat
from livingwell_desktop.domain.plans import ActionState
from livingwell_desktop.domain.records import FieldDeclaration, Json
from livingwell_desktop.domain.records.codec import reader
from livingwell_desktop.domain.wording import listed, sentence_case
from livingwell_desktop.services.alliance import Alliance

EMPTY = "Nothing written"

CODE_WORDS: dict[Enum, str] = {
    ContactBy.ANY: "Any way",
    ContactBy.TEXT_ONLY: "Text, do not phone",
    ContactBy.PHONE: "Phone",
    ContactBy.EMAIL: "Email",
    ContactBy.LETTER: "Letter",
    ContactBy.NOT_AT_ALL: "Do not contact",
    PrintFormat.STANDARD: "Standard print",
    PrintFormat.LARGE_PRINT: "Large print",
    PrintFormat.EASY_READ: "Easy Read",
    NeedState.NOT_MET: "Not met yet",
    NeedState.IN_PLAN: "In the plan",
    NeedState.BEING_MET: "Being met",
    NeedState.NO_LONGER: "No longer a need",
    ActionState.NOT_STARTED: "Not started",
    ActionState.DOING: "Doing",
    ActionState.DONE: "Done",
    ActionState.STOPPED: "Stopped",
}


def plain_type(declaration: FieldDeclaration) -> Any:
    """The declared type without "or nothing": `date` for `date | None`."""
    if get_origin(declaration.type) in (Union, types.UnionType):
        return next(each for each in get_args(declaration.type) if each is not type(None))
    return declaration.type


def typed_value(declaration: FieldDeclaration, json: Json) -> Any:
    """A value as a change carries it, as the record holds it."""
    return json if json is None else reader(declaration.type)(json)


def words_of_code(code: object) -> str:
    """A code in words; one that this version does not know is shown as it is."""
    if isinstance(code, Enum):
        return CODE_WORDS.get(code) or sentence_case(str(code.value).replace("_", " "))
    return sentence_case(str(code).replace("_", " "))


def in_words(value: Any, everybody: Alliance) -> str:  # noqa: PLR0911 - one line a type
    """A value of a record in words. Empty is `EMPTY`, so that it can be chosen and read aloud."""
    match value:
        case None | "" | ():
            return EMPTY
        case bool():
            return "Yes" if value else "No"
        case Enum():
            return words_of_code(value)
        case datetime():
            here = local(value)
            return f"{long_date(here.date())}, {clock_time(here.time())}"
        case date():
            return long_date(value)
        case time():
            return clock_time(value)
        case UUID():
            return _name_of(value, everybody)
        case tuple():
            return sentence_case(listed([in_words(each, everybody) for each in value]))
    return str(value)


def _name_of(record: UUID, everybody: Alliance) -> str:
    if record in everybody.staff:
        return everybody.staff_name(record)
    if record in everybody.organisations:
        return everybody.organisations[record].value.name
    if record in everybody.centres:
        return everybody.centres[record].value.name
    return "A record at another centre"
