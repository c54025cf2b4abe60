"""What differs between two wordings of a plan, in sentences."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from livingwell_desktop.domain.plan_comparison import PlanChange, PlanDifference, plan_differences

NAMES = {"tunde": "Tunde Bakare", "jo": "Jo Castell"}


def action(what: str, staff: str = "", due: str = "2026-11-25") -> dict[str, Any]:
    owner = {"owner_kind": "worker", "owner_staff": staff} if staff else {}
    return {"what": what, "due": due, **owner}


def plan(*goals: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"goals": list(goals), **fields}


def goal(words: str, *actions: dict[str, Any], identity: str = "", **fields: Any) -> dict[str, Any]:
    return {"words": words, "actions": list(actions), "id": identity, **fields}


def sentences(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(each.change.value, each.about, each.words) for each in plan_differences(before, now, NAMES)]


def test_the_same_wording_has_no_difference() -> None:
    one = plan(goal("Keep my flat", action("Ring", "tunde"), identity="a"), review_on="2027-02-23")
    assert plan_differences(one, one, NAMES) == ()


def test_an_action_without_a_word_is_still_the_same_action() -> None:
    one = plan(goal("Keep my flat", action(" \r "), identity="a"))
    assert plan_differences(one, one, NAMES) == ()


def test_an_action_with_another_owner_and_date_is_one_change() -> None:
    before = plan(goal("Keep my flat", action("Ask the landlord", "tunde"), identity="a"))
    now = plan(goal("Keep my flat", action("Ask the landlord", "jo", "2026-12-02"), identity="a"))
    assert sentences(before, now) == [
        (
            "Changed",
            "“Keep my flat”",
            "Ask the landlord: Tunde Bakare is now Jo Castell; by 25 November 2026 is now by 2 December 2026.",
        )
    ]


def test_other_words_for_an_action_are_a_change_and_quite_other_words_another_action() -> None:
    before = plan(goal("Keep my flat", action("Ask the landlord to wait"), identity="a"))
    near = plan(goal("Keep my flat", action("Ask the landlord to wait longer"), identity="a"))
    far = plan(goal("Keep my flat", action("Visit the law centre"), identity="a"))
    assert [each.change for each in plan_differences(before, near, NAMES)] == [PlanChange.CHANGED]
    assert sentences(before, far) == [
        ("Added", "“Keep my flat”", "Visit the law centre. The person, by 25 November 2026."),
        ("Removed", "“Keep my flat”", "Ask the landlord to wait. The person, by 25 November 2026."),
    ]


def test_goals_are_the_same_by_identity_and_a_new_and_a_removed_one_are_named() -> None:
    before = plan(goal("Sleep", identity="a"), goal("Sew", identity="b"))
    now = plan(goal("Sleep through most nights", identity="a"), goal("Walk", action("Buy shoes"), identity="c"))
    assert sentences(before, now) == [
        ("Changed", "“Sleep through most nights”", "Goal: “Sleep” is now “Sleep through most nights”."),
        ("Added", "“Walk”", "A new goal with 1 action."),
        ("Removed", "“Sew”", "No longer a goal."),
    ]


def test_the_plans_own_fields_are_said_with_names_and_dates() -> None:
    before, now = plan(review_on="2026-11-12", reviewer="tunde"), plan(review_on="2027-02-23", in_own_words="I sew.")
    assert sentences(before, now) == [
        ("Changed", "The plan", "In the person’s words: nothing is now “I sew.”."),
        ("Changed", "The plan", "Next review: 12 November 2026 is now 23 February 2027."),
        ("Changed", "The plan", "Who asks: Tunde Bakare is now nothing."),
    ]


_ACTIONS = st.lists(
    st.builds(action, st.text(min_size=1, max_size=12), st.sampled_from(["", "tunde", "jo"])), max_size=4
)
_PLANS = st.builds(
    lambda goals: plan(*(goal(words, *actions, identity=str(n)) for n, (words, actions) in enumerate(goals))),
    st.lists(st.tuples(st.text(min_size=1, max_size=12), _ACTIONS), max_size=3),
)


@given(_PLANS, _PLANS)
def test_nothing_differs_only_from_itself(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert plan_differences(one, one, NAMES) == ()
    found = plan_differences(one, other, NAMES)
    assert all(isinstance(each, PlanDifference) and each.words for each in found)
    back = plan_differences(other, one, NAMES)
    assert bool(found) == bool(back)
