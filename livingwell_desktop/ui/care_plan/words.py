"""What the plan's pages say about people, owners and answers: records in, words and marks out."""

from dataclasses import dataclass
from datetime import date

from livingwell_desktop.domain.assessments import NeedGroup
from livingwell_desktop.domain.dates import age_words, day_and_month, local_day, long_date, moment
from livingwell_desktop.domain.names import initials
from livingwell_desktop.domain.organisations import Organisation
from livingwell_desktop.domain.people import SECTION_WORDS, ContactBy, Person
from livingwell_desktop.domain.plan_rules import Standing
from livingwell_desktop.domain.plans import Action, AgreementAnswer, Goal, OwnerKind
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import listed, sentence_case
from livingwell_desktop.services.alliance import Alliance
from livingwell_desktop.services.people import Banner
from livingwell_desktop.services.plans import PartyOnPlan
from livingwell_desktop.services.sharing import Sharing
from livingwell_desktop.ui.widgets.action_status import Agreement
from livingwell_desktop.ui.widgets.banner import PersonFacts
from livingwell_desktop.ui.widgets.marks import Mark

PERSON_MARK = Mark("person")
_SELF = {"she": "Herself", "he": "Himself", "they": "Themself"}
GROUP_WORDS = {"clinical": "Clinical", "social": "Social", "housing_and_legal": "Housing"}
GROUP_ICONS = {"clinical": "heart", "social": "cup", "housing_and_legal": "house"}
STANDING_CODES = {Standing.AGREED: "agreed", Standing.WAITING: "waiting", Standing.DECLINED: "declined"}


@dataclass(frozen=True, slots=True)
class Whose:
    """How the person is called on a page: by name, or by initials while names are hidden (F9)."""

    name: str
    called: str
    itself: str
    """ "Herself", for an action that the person does."""


def whose(person: Person, masked: bool) -> Whose:
    """The person's names as they may be shown now."""
    itself = _SELF.get(person.pronouns.split("/")[0].strip().casefold(), "The person")
    if masked:
        letters = " ".join(initials(person.name))
        return Whose(letters, letters, itself)
    return Whose(person.name, person.called, itself)


def facts(person: Person, today: date) -> PersonFacts:
    """What the banner shows."""
    about = "about " if person.born_is_estimate else ""
    born = (f"{about}{person.born.year}" if about else long_date(person.born)) if person.born else "not known"
    return PersonFacts(
        name=person.name,
        born=born,
        age=age_words(person.born, today) if person.born else "",
        pronouns=person.pronouns,
        nhs_number=person.nhs_number,
        nhs_checked=person.nhs_number_status == "01",
    )


def organisation_mark(organisation: Held[Organisation] | None) -> Mark:
    """The square of an organisation."""
    if organisation is None:
        return Mark("nobody", name="Not known")
    value = organisation.value
    return Mark("organisation", value.colour, value.letters, value.short_name or value.name)


def organisation_name(organisation: Held[Organisation] | None) -> str:
    """As staff say it."""
    return (organisation.value.short_name or organisation.value.name) if organisation else ""


def in_reading_order(banner: Banner) -> list[Sharing]:
    """The key worker's organisation first, the others by name: as on paper."""
    alliance = banner.alliance
    first = alliance.organisation_of(banner.person.value.key_worker)

    def place(each: Sharing) -> tuple[bool, str]:
        return first is None or each.organisation != first.id, organisation_name(
            alliance.organisations.get(each.organisation)
        )

    return sorted(banner.sharing, key=place)


def sharing_line(banner: Banner, order: list[Sharing]) -> str:
    """ "Shares with SLaM, Lambeth Council and, in part, Thames Reach. Large print. Text, do not phone."."""
    whole: list[str] = []
    part: list[str] = []
    for each in order:
        name = organisation_name(banner.alliance.organisations.get(each.organisation))
        if each.sections:
            (part if each.is_in_part else whole).append(name)
    if whole and part:
        said = f"Shares with {', '.join(whole)} and, in part, {listed(part)}."
    elif whole or part:
        said = f"Shares {'with' if whole else 'in part with'} {listed(whole or part)}."
    else:
        said = "Shares with nobody yet."
    needs = [held.value.words for held in sorted(banner.needs, key=lambda held: held.value.position)]
    if banner.person.value.contact_by is ContactBy.TEXT_ONLY:
        needs.append("Text, do not phone")
    return " ".join([said, *(f"{sentence_case(each)}." for each in dict.fromkeys(needs) if each)])


SECTIONS = tuple((str(code), words) for code, words in SECTION_WORDS.items())


def about_words(goal: Goal) -> str:
    """The badge of a goal: "Housing: notice to leave by 5 January"."""
    group = GROUP_WORDS.get(goal.group, "")
    if not goal.about:
        return group or "Goal"
    return goal.about if ":" in goal.about or not group else f"{group}: {goal.about}"


def about_need(group: NeedGroup | str, title: str, detail: str) -> str:
    """A need as the badge of a goal or a row of a list."""
    named = GROUP_WORDS.get(str(group), "")
    said = ", ".join(part for part in (title, detail) if part)
    return f"{named}: {said}" if named else said


def goal_place(number: int, count: int, goal: Goal) -> str:
    """ "Goal 1 of 3, matters 10 out of 10, how sure 5"."""
    parts = [f"Goal {number} of {count}"]
    if goal.matters is not None:
        parts.append(f"matters {goal.matters}{' out of 10' if number == 1 else ''}")
    if goal.how_sure is not None:
        parts.append(f"how sure {goal.how_sure}")
    return ", ".join(parts)


def quoted(words: str) -> str:
    """The person's words in quotation marks; words that bring their own keep them."""
    bare = words.strip()
    return bare if not bare or bare[0] in '“"‘«' else f"“{bare}”"


def owner_of(action: Action, alliance: Alliance, person: Whose) -> tuple[Mark, str, str]:
    """(mark, name, organisation or relation) of who does an action."""
    if action.owner_kind is OwnerKind.PERSON:
        return PERSON_MARK, person.called, person.itself
    if action.owner_kind is OwnerKind.WORKER:
        organisation = alliance.organisations.get(action.owner_organisation) if action.owner_organisation else None
        organisation = organisation or alliance.organisation_of(action.owner_staff)
        return organisation_mark(organisation), alliance.staff_name(action.owner_staff), organisation_name(organisation)
    return PERSON_MARK, action.owner_name or "A carer", "Carer or friend"


def answer_words(party: PartyOnPlan, alliance: Alliance, today: date) -> str:
    """ "SLaM, today 10:59am, in the room"; for who waits, why: not asked, asked when, answered before a change."""
    answer, organisation = party.answer, alliance.organisations.get(party.organisation) if party.organisation else None
    if answer is None:
        said = "not asked yet"
    else:
        at = answer.value.answered_at or answer.changed_at
        day = local_day(at)
        when = moment(at, today) if (today - day).days in (0, 1) else day_and_month(day, today)
        if answer.value.answer is AgreementAnswer.ASKED:
            said = f"asked {when}"
        elif party.standing is Standing.WAITING:
            word = "agreed" if answer.value.answer is AgreementAnswer.AGREED else "declined"
            said = f"{word} {when}, before the plan changed"
        else:
            said = ", ".join(part for part in (when, answer.value.how) if part)
    return sentence_case(", ".join(part for part in (organisation_name(organisation), said) if part))


def agreement(party: PartyOnPlan, alliance: Alliance, person: Whose, today: date) -> Agreement:
    """One row of "Who agrees"."""
    if party.organisation is None:
        mark, name = PERSON_MARK, person.name
    else:
        mark = organisation_mark(alliance.organisations.get(party.organisation))
        answered_by = party.answer.value.staff if party.answer else None
        name = alliance.staff_name(answered_by or party.staff)
    reason = party.answer.value.reason if party.answer and party.standing is Standing.DECLINED else ""
    return Agreement(mark, name, answer_words(party, alliance, today), STANDING_CODES[party.standing], reason)
