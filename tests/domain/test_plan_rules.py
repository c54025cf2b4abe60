"""The joint care plan: how actions stand, what was agreed, and who agrees to it as it is now."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.plan_rules import (
    ActionStanding,
    AgreementGiven,
    PlannedAction,
    Standing,
    action_standing,
    agreement_words,
    check_code,
    goal_progress,
    is_agreed,
    is_review_late,
    next_action,
    next_action_words,
    plan_fingerprint,
    review_words,
    standings,
    usual_review,
    version_words,
)
from livingwell_desktop.domain.plans import ActionState, AgreementAnswer

TODAY = date(2026, 11, 23)
BEFORE, LATER = date(2026, 11, 22), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("state", "due", "standing"),
    [
        ("not_started", None, "Not started"), ("not_started", TODAY, "Not started"), ("not_started", BEFORE, "Late"),
        ("doing", LATER, "Doing"), ("doing", BEFORE, "Late"), ("done", BEFORE, "Done"), ("stopped", BEFORE, "Stopped"),
        ("something_new", None, "Not started"), ("something_new", BEFORE, "Late"),
    ],
)  # fmt: skip
def test_how_an_action_stands(state: str, due: date | None, standing: str) -> None:
    assert action_standing(state, due, TODAY) == standing


def test_every_stored_state_and_answer_is_known() -> None:
    shown = {action_standing(state, None, TODAY) for state in ActionState}
    assert shown == set(ActionStanding) - {ActionStanding.LATE}
    answers = {
        str(answer): standings(["p"], [AgreementGiven("p", answer, "f")], "f")["p"] for answer in AgreementAnswer
    }
    assert answers == {"asked": Standing.WAITING, "agreed": Standing.AGREED, "declined": Standing.DECLINED}


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([], "no actions yet"), (["done", "done", "doing"], "2 of 3 done"), (["done", "stopped"], "1 of 1 done"),
        (["stopped"], "no actions yet"),
    ],
)  # fmt: skip
def test_progress(states: list[str], words: str) -> None:
    assert goal_progress(states).words == words


CURTAIN = PlannedAction("blackout curtain", "Ngozi", date(2026, 11, 30), "not_started", 1)


def test_next_action() -> None:
    done = PlannedAction("tablet", "SLaM", date(2026, 11, 1), "done")
    someday = PlannedAction("sewing", "Ngozi", None, "doing")
    late = PlannedAction("letter", "Council", date(2026, 11, 16), "doing", 2)
    assert next_action([done, someday, CURTAIN]) == CURTAIN
    assert next_action([CURTAIN, late, someday]) == late
    assert next_action([done]) is None
    assert next_action_words([done, CURTAIN]) == "Next: blackout curtain, Ngozi, by 30 Nov"
    assert next_action_words([someday]) == "Next: sewing, Ngozi"
    assert next_action_words([done]) == "Next: nothing planned"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5), _JSON, max_size=5))
def test_a_fingerprint_does_not_depend_on_the_order_of_names(content: dict[str, object]) -> None:
    turned = dict(reversed(list(content.items())))
    assert plan_fingerprint(turned) == plan_fingerprint(content)
    assert len(plan_fingerprint(content)) == 64
    assert plan_fingerprint({**content, "one more name": 1}) != plan_fingerprint(content)


def test_fingerprint_of_a_known_content() -> None:
    content = {"goals": ({"words": "“I want to keep my flat.”"},), "review_on": date(2027, 2, 23)}
    same = {"review_on": "2027-02-23", "goals": [{"words": "“I want to keep my flat.”"}]}
    assert plan_fingerprint(content) == plan_fingerprint(same)
    assert plan_fingerprint({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    assert check_code(plan_fingerprint({})) == "4413 6FA3"
    assert plan_fingerprint({"goals": ["a", "b"]}) != plan_fingerprint({"goals": ["b", "a"]})


@pytest.mark.parametrize(
    ("wrong", "error"), [({"x": {1}}, TypeError), ({1: "x"}, TypeError), ({"x": math.nan}, ValueError)]
)
def test_what_cannot_be_agreed_to(wrong: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        plan_fingerprint({"content": wrong})


def test_check_code_of_something_else() -> None:
    for wrong in ("", "7f3a", "Z" * 64):
        with pytest.raises(ValueError, match="64 hex digits"):
            check_code(wrong)


@pytest.mark.parametrize(
    ("answers", "standing"),
    [
        ([], "Waiting"),
        ([("asked", "now")], "Waiting"),
        ([("agreed", "now")], "Agreed"),
        ([("declined", "now")], "Declined"),
        ([("agreed", "before")], "Waiting"),
        ([("declined", "before")], "Waiting"),
        ([("agreed", "before"), ("agreed", "now")], "Agreed"),
        ([("agreed", "now"), ("declined", "now")], "Declined"),
        ([("agreed", "now"), ("declined", "before")], "Waiting"),
        ([("something_new", "now")], "Waiting"),
    ],
)
def test_an_edit_after_an_answer_waits_again(answers: list[tuple[str, str]], standing: str) -> None:
    given_answers = [AgreementGiven("ngozi", *answer) for answer in answers]
    assert standings(["ngozi", "slam"], given_answers, "now") == {"ngozi": standing, "slam": "Waiting"}


def test_agreed_needs_the_person_and_the_key_workers_organisation() -> None:
    agreed = {(one, other) for one in Standing for other in Standing if is_agreed(one, other)}
    assert agreed == {(Standing.AGREED, Standing.AGREED)}


def test_how_many_agree() -> None:
    five = dict(zip("abcde", [Standing.AGREED] * 3 + [Standing.WAITING, Standing.DECLINED], strict=True))
    assert agreement_words(five) == "3 of 5 agree"
    assert agreement_words({"a": Standing.AGREED, "b": Standing.WAITING}) == "1 of 2 agrees"


def test_versions_and_reviews() -> None:
    assert version_words(4, None) == "Version 4, draft"
    assert version_words(3, date(2026, 8, 12)) == "Version 3, agreed 12 August 2026"
    assert review_words(date(2026, 11, 12), TODAY) == "Review 11 days late"
    assert review_words(BEFORE, TODAY) == "Review 1 day late"
    assert review_words(TODAY, TODAY) == "Review today"
    assert review_words(date(2026, 11, 24), TODAY) == "Review tomorrow"
    assert review_words(date(2026, 12, 2), TODAY) == "Review in 9 days"
    assert review_words(None, TODAY) == "No review date yet"
    assert [is_review_late(day, TODAY) for day in (None, BEFORE, TODAY, LATER)] == [False, True, False, False]


@pytest.mark.parametrize(
    ("day", "review"),
    [
        (date(2026, 11, 23), date(2027, 2, 23)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 1, 31), date(2027, 4, 30)),
        (date(2026, 9, 30), date(2026, 12, 30)),
    ],
)
def test_the_usual_review_is_three_months_on(day: date, review: date) -> None:
    assert usual_review(day) == review
