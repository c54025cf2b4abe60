"""A person's record in daily work: an appointment that two desks wrote differently, a need written through a lock."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.assessments import Need
from livingwell_desktop.domain.sessions import Visit, VisitState
from livingwell_desktop.storage import Author, Store, edit
from livingwell_desktop.ui.pages import PersonPlace
from livingwell_desktop.ui.people import PersonPage
from livingwell_desktop.ui.widgets.fields import TextField
from tests.conftest import StillClock
from tests.ui.people import centre
from tests.ui.people.keys import press
from tests.ui.widgets.answers import Answers

Opened = Callable[..., PersonPage]


def test_starting_says_that_two_desks_differ_and_goes_nowhere(
    opened: Opened, filled: Store, around: centre.Around, clock: StillClock
) -> None:
    by = Author(centre.TUNDE, centre.CENTRE_A, "call a person")
    shown = filled.get(Visit, centre.VISIT)
    assert shown is not None
    filled.write([edit(shown, state=VisitState.WITH_SOMEONE)], [], by)
    shown = filled.get(Visit, centre.VISIT)
    assert shown is not None
    for state in (VisitState.DONE, VisitState.WAITING):
        clock.pass_(minutes=1)
        filled.write([edit(shown, state=state)], [], by)
    page = opened(PersonPage, PersonPlace(centre.NGOZI))
    assert page.isVisible()
    press("Ctrl+Enter")
    assert around.went == []
    assert around.said == [
        (
            "error",
            "Nobody has decided yet which is right, so nothing was changed. "
            "Decide it first: open Attention, or the record.",
        )
    ]


class LockedError(Exception):
    """The process ends while the sheet is open."""


def test_a_need_that_is_being_written_is_kept_through_a_lock(opened: Opened, filled: Store, answers: Answers) -> None:
    page = opened(PersonPage, PersonPlace(centre.NGOZI))

    def fill(body: QWidget) -> None:
        box(body, "need").set_text("Bus pass")
        box(body, "need in a few words").set_text("runs out in May")
        page.leave()
        raise LockedError

    answers.expect("Add a need", True, fill)
    with pytest.raises(LockedError):
        page.add_need()
    again = opened(PersonPage, PersonPlace(centre.NGOZI))
    seen: list[str] = []
    answers.expect("Add a need", True, lambda body: seen.append(box(body, "need in a few words").text()))
    again.add_need()
    assert seen == ["runs out in May"]
    assert "Bus pass" in [held.value.title for held in filled.find(Need, person=centre.NGOZI)]
    assert not filled.drafts_about(centre.NGOZI)


def box(body: QWidget, name: str) -> TextField:
    found = body.findChild(TextField, name)
    assert found is not None
    return found
