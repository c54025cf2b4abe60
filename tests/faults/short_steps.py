"""Steps of a schedule that the plain tests take again and again, in fewer words."""

from tests.faults.ground import Trouble
from tests.faults.machine import Faults
from tests.faults.records import RECORDS, Subject

PERSON, ORGANISATION = RECORDS[0], RECORDS[-1]


def created(schedule: Faults, number: int, value: str = "a", about: Subject = PERSON) -> None:
    """A desk saves something about somebody."""
    schedule.one_verb_saves_several(number=number, about=[about], value=value)


def exchanged(schedule: Faults, number: int, *coming: Trouble) -> None:
    """A desk exchanges with the server, and those troubles come."""
    schedule.exchanges(number=number, coming=list(coming))
