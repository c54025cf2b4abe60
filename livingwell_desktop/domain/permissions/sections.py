"""Which part of a person’s record each clinical kind belongs to: the parts that a person shares or not."""

from collections.abc import Mapping
from types import MappingProxyType

from livingwell_desktop.domain.people import Section

SECTION_OF: Mapping[str, Section] = MappingProxyType(
    {
        "about_me": Section.ABOUT_ME,
        "questionnaire_response": Section.HEALTH,
        "note": Section.HEALTH,
        "need": Section.GOALS_AND_ACTIONS,
        "plan": Section.GOALS_AND_ACTIONS,
        "goal": Section.GOALS_AND_ACTIONS,
        "action": Section.GOALS_AND_ACTIONS,
        "plan_agreement": Section.GOALS_AND_ACTIONS,
        "plan_version": Section.GOALS_AND_ACTIONS,
    }
)
"""Every clinical kind about a person. Kinds of the desk (who somebody is, when they come) are in no part."""

OF_THE_ACCESS_ITSELF = frozenset({"emergency_opening", "opening_review", "possible_double", "unusual_views"})
"""Clinical kinds that say how a record was opened, or that there may be two, not what is in it: in no part, and for the
roles alone."""


def section_of(kind: str) -> Section | None:
    """The part of the record that a kind belongs to; None for what is in no part, as every kind of the desk."""
    return SECTION_OF.get(kind)
