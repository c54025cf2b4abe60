"""Finding people, one person's record, and the questions between desks about them."""

from livingwell_desktop.ui.people.attention import AttentionPage
from livingwell_desktop.ui.people.people import PeoplePage
from livingwell_desktop.ui.people.person import PersonPage

__all__ = ["AttentionPage", "PeoplePage", "PersonPage"]
