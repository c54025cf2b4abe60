"""People who come to a centre, and what must be known before anybody speaks to them."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import Held, Sensitivity, field, record


class ContactBy(StrEnum):
    """How the person wants to be reached."""

    ANY = "any"
    TEXT_ONLY = "text_only"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    NOT_AT_ALL = "not_at_all"


class PrintFormat(StrEnum):
    """The format a person's papers are printed in (DAPB1605 Accessible Information Standard, information format)."""

    STANDARD = "standard"
    LARGE_PRINT = "large_print"
    EASY_READ = "easy_read"


@record(
    "person",
    label="Person",
    plural="People",
    subject=("self",),
    card=("given_name", "family_name", "preferred_name", "other_names", "born", "nhs_number"),
    source="FHIR R4 Patient, UKCore-Patient; PRSB PCSP v2.0, person demographics",
)
class Person:
    """Somebody who comes to a centre. Every field but the name may be unknown on the first day."""

    given_name: str = field("First name", default="", index=True, source="PRSB PCSP v2.0, person first name")
    family_name: str = field("Last name", default="", index=True, source="PRSB PCSP v2.0, person family name")
    preferred_name: str = field("Likes to be called", default="", source="PRSB PCSP v2.0, person preferred name")
    other_names: str = field("Other names used", default="", source="PRSB PCSP v2.0, person alias")
    pronouns: str = field("Pronouns", default="", hint="In the person’s own words. Optional")
    born: date | None = field("Date of birth", default=None, index=True, source="PRSB PCSP v2.0, date of birth")
    born_is_estimate: bool = field("Date of birth is an estimate", default=False)
    nhs_number: str = field("NHS number", default="", index=True, source="NHS Data Dictionary, NHS number")
    nhs_number_status: str = field(
        "NHS number check", default="", source="NHS Data Dictionary, NHS number status indicator code"
    )
    local_number: str = field("Local number", default="", index=True)
    address: str = field("Address", default="", hint="Without the postcode")
    postcode: str = field("Postcode", default="")
    no_fixed_abode: bool = field("No fixed abode", default=False)
    safe_to_write: bool | None = field("Safe to write here", default=None)
    phone: str = field("Phone", default="", hint="As it was said, like 07700 900 118")
    phone_e164: str = field("Phone for export", default="", index=True)
    email: str = field("Email", default="")
    contact_by: ContactBy = field("Text or phone", default=ContactBy.ANY, source="DAPB1605, contact method")
    safe_time: str = field("Safe time", default="", hint="When it is safe to ring or text, like After 5pm")
    may_leave_message: bool | None = field("Can we leave a message", default=None)
    language: str = field("Language", default="", hint="The language the person wants to speak")
    interpreter_needed: bool = field("Needs an interpreter", default=False)
    gp_practice: str = field("GP practice", default="", source="PRSB PCSP v2.0, GP practice")
    key_worker: UUID | None = field(
        "Key worker", default=None, index=True, source="PRSB PCSP v2.0, professional contacts, key worker"
    )
    print_format: PrintFormat = field("Papers in", default=PrintFormat.STANDARD, source="DAPB1605, information format")

    @property
    def name(self) -> str:
        """First and last name, or the single name of somebody who has one."""
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def called(self) -> str:
        """What to call the person when speaking to them."""
        return self.preferred_name or self.given_name or self.family_name


@record(
    "about_me",
    label="About me",
    plural="About me",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    one_per_person=True,
    source="PRSB About Me v2.01",
)
class AboutMe:
    """What the person wants everybody to know, in their words."""

    person: UUID | None = field("Person", default=None, index=True)
    most_important: str = field("What is most important to me", default="", source="PRSB About Me v2.01")
    told_to: UUID | None = field("Told to", default=None)
    told_on: date | None = field("Told on", default=None)


@record(
    "contact",
    label="Contact",
    plural="People to contact",
    subject=("person",),
    source="FHIR R4 RelatedPerson; PRSB PCSP v2.0, personal contacts",
)
class Contact:
    """Somebody in the person's life whom we may, or may not, speak to."""

    person: UUID | None = field("Person", default=None, index=True)
    name: str = field("Name", default="")
    relationship: str = field("Relationship", default="", hint="Like Brother")
    roles: tuple[str, ...] = field("Roles", default=(), hint="Like emergency contact, carer")
    phone: str = field("Phone", default="")
    may_contact: bool | None = field("May we contact them", default=None)
    may_share: bool | None = field("May we share the plan with them", default=None)
    when: str = field("When to ring", default="")
    position: int = field("Order", default=0)


class NeedArranged(StrEnum):
    """Whether what the person needs to communicate is arranged."""

    NOTHING_TO_ARRANGE = ""
    NONE_BOOKED = "none booked"
    BOOKED = "booked"
    BY_PHONE = "by phone"
    HERE = "here"


@record(
    "communication_need",
    label="Communication need",
    plural="Communication needs",
    subject=("person",),
    source="DAPB1605 Accessible Information Standard v4.0",
)
class CommunicationNeed:
    """What makes coming here possible: a format, a support, a quiet room. Seen wherever the person is shown."""

    person: UUID | None = field("Person", default=None, index=True)
    category: str = field("Category", default="", source="DAPB1605, the four categories; reasonable adjustments")
    words: str = field("In words", default="", hint="Short, like Large print or Quiet room")
    icon: str = field("Icon", default="")
    arranged: NeedArranged = field("Arranged", default=NeedArranged.NOTHING_TO_ARRANGE)
    review_on: date | None = field("Look at it again on", default=None)
    position: int = field("Order", default=0)


class Section(StrEnum):
    """The parts of a record that a person can share or not, one by one."""

    GOALS_AND_ACTIONS = "goals_and_actions"
    ABOUT_ME = "about_me"
    HEALTH = "health_and_medicines"
    MONEY = "money_and_benefits"
    SAFETY_PLAN = "safety_plan"


SECTION_WORDS = {
    Section.GOALS_AND_ACTIONS: "Goals and actions",
    Section.ABOUT_ME: "About me",
    Section.HEALTH: "Health and medicines",
    Section.MONEY: "Money and benefits",
    Section.SAFETY_PLAN: "Safety plan",
}


class Decision(StrEnum):
    """What the person said about sharing."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@record(
    "sharing_agreement",
    label="Sharing agreement",
    plural="Sharing agreements",
    subject=("person",),
    signed=True,
    source="FHIR R4 Consent; PRSB PCSP v2.0",
)
class SharingAgreement:
    """What the person agreed to share with one organisation. The latest counts; the history is kept."""

    person: UUID | None = field("Person", default=None, index=True)
    organisation: UUID | None = field("Organisation", default=None, index=True)
    sections: tuple[Section, ...] = field("Sections", default=())
    decision: Decision = field("Decision", default=Decision.GIVEN)
    how: str = field("How", default="spoken", hint="Spoken or written")
    decided_on: date | None = field("Decided on", default=None)
    recorded_by: UUID | None = field("Recorded by", default=None)
    review_on: date | None = field("Ask again on", default=None, index=True)


def newest_agreement(said: Iterable[Held[SharingAgreement]]) -> Held[SharingAgreement] | None:
    """What counts now of everything a person said about one organisation: the newest by day, then by when written."""
    return max(said, key=lambda held: (held.value.decided_on or date.min, held.changed_at, held.id), default=None)
