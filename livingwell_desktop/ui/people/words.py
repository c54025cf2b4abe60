"""People, organisations and times in the words and marks that these pages share; and what is hidden by F9."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from livingwell_desktop.domain.dates import age_words, clock_time, day_and_month, local, long_date
from livingwell_desktop.domain.organisations import Organisation
from livingwell_desktop.domain.people import ContactBy, NeedArranged, Person
from livingwell_desktop.domain.records import Held
from livingwell_desktop.services.people import Banner
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.banner import PersonFacts, masked_name
from livingwell_desktop.ui.widgets.colours import Tone
from livingwell_desktop.ui.widgets.marks import NOBODY, Mark

FOR_KEY_WORKERS = "Needs, assessments and plans are for key workers."
NOT_OPEN = "This record is not open to you."
HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Mask:
    """What F9 hides: names become initials, also inside what was written; dates of birth and numbers are hidden."""

    on: bool = False
    names: tuple[str, ...] = ()

    def name(self, name: str) -> str:
        """A name, or its initials."""
        return masked_name(name) if self.on else name

    def called(self, person: Person) -> str:
        """What to call the person in a sentence."""
        return masked_name(person.name) if self.on else person.called

    def text(self, words: str) -> str:
        """Words somebody wrote, with the names that are known taken out."""
        if not self.on:
            return words
        for name in sorted(self.names, key=len, reverse=True):
            words = re.sub(rf"\b{re.escape(name)}\b", masked_name(name), words, flags=re.IGNORECASE)
        return words

    def private(self, fact: str) -> str:
        """A number or date that nobody else needs to see."""
        return HIDDEN if self.on and fact else fact


def mask_for(person: Person, on: bool, others: Iterable[str] = ()) -> Mask:
    """What is hidden while this person is open: their own names and those of the people around them."""
    own = (person.given_name, person.family_name, person.preferred_name)
    parts = [word for name in (*own, *others) for word in (name, *name.split()) if len(word) > 1]
    return Mask(on, tuple(dict.fromkeys(parts)))


def mark_of(organisation: Held[Organisation] | None, *, part: bool = False) -> Mark:
    """An organisation's square; dashed when only a part is shared with it, or when it is nobody."""
    if organisation is None:
        return NOBODY
    value = organisation.value
    return Mark("part" if part else "organisation", value.colour, value.letters, value.short_name or value.name)


def person_facts(banner: Banner, today: date) -> PersonFacts:
    """What the full banner shows."""
    person = banner.person.value
    return PersonFacts(
        name=person.name,
        born=born_words(person),
        age=age_words(person.born, today) if person.born else "",
        pronouns=person.pronouns,
        nhs_number=person.nhs_number,
        nhs_checked=person.nhs_number_status == "01",
        flags=flags(banner),
        shares_with=tuple(
            mark_of(banner.alliance.organisations.get(each.organisation), part=each.is_in_part)
            for each in banner.sharing
            if each.sections
        ),
    )


def born_words(person: Person) -> str:
    """ "14 March 1986", "about 14 March 1986" for an estimate, or that it is not known."""
    if person.born is None:
        return "not known"
    return f"about {long_date(person.born)}" if person.born_is_estimate else long_date(person.born)


def flags(banner: Banner) -> tuple[BadgeText, ...]:
    """What must be known before anybody speaks: needs to communicate, and how the person is reached."""
    made = []
    for held in sorted(banner.needs, key=lambda each: (each.value.position, each.id)):
        need, arranged = held.value, held.value.arranged
        tone: Tone = "warning" if arranged is NeedArranged.NONE_BOOKED else "calm"
        words = f"{need.words}, {arranged}" if arranged else need.words
        made.append(BadgeText(words, tone, need.icon))
    how = {
        ContactBy.TEXT_ONLY: ("Text, do not phone", "phone"),
        ContactBy.NOT_AT_ALL: ("Do not contact", "phone"),
    }.get(banner.person.value.contact_by)
    if how:
        made.append(BadgeText(how[0], "warning", how[1]))
    return tuple(made)


def when_words(at: datetime, today: date) -> str:
    """ "Today, 9:40am", "19 November, 2:05pm"."""
    here = local(at)
    day = "Today" if here.date() == today else day_and_month(here.date(), today)
    return f"{day}, {clock_time(here.time())}"


def time_words(at: time | None) -> str:
    """A time of day, or nothing."""
    return clock_time(at) if at else ""
