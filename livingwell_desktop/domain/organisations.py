"""The alliance itself: organisations, centres, rooms, staff and desks. All of it is data, none of it is code."""

from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import field, record


class Role(StrEnum):
    """What a member of staff does here. Rights hang on it (`permissions.py`)."""

    RECEPTION = "reception"
    KEY_WORKER = "key_worker"
    TEAM_MANAGER = "team_manager"
    ADMINISTRATOR = "administrator"
    PRIVACY_OFFICER = "privacy_officer"


@record(
    "organisation", label="Organisation", plural="Organisations", subject=("alliance",), source="FHIR R4 Organization"
)
class Organisation:
    """A partner of the alliance. Partners change over the years, so each has a start and an end."""

    name: str = field("Name", default="")
    short_name: str = field("Short name", default="", hint="As staff say it, like SLaM")
    letters: str = field("Letters", default="", hint="Two letters shown on its square, like SL")
    colour: str = field("Colour", default="", hint="The name of its colour in the theme")
    phone: str = field("Phone", default="")
    ods_code: str = field("ODS code", default="", source="NHS Data Dictionary, organisation code")
    from_date: date | None = field("Partner from", default=None)
    until_date: date | None = field("Partner until", default=None)
    by_agreement: bool = field(
        "Sees only what each person agreed to", default=False, hint="For partners outside the centres’ own teams"
    )


@record("centre", label="Centre", plural="Centres", subject=("alliance",), source="FHIR R4 Location")
class Centre:
    """A Living Well Centre: where people come."""

    name: str = field("Name", default="")
    address: str = field("Address", default="")
    phone: str = field("Phone", default="")
    opens: time | None = field("Doors open", default=None)
    closes: time | None = field("Doors close", default=None)
    organisation: UUID | None = field(
        "Serves this organisation alone", default=None, hint="Empty for a centre of the whole alliance"
    )


@record("room", label="Room", plural="Rooms", subject=("centre",), source="FHIR R4 Location")
class Room:
    """A room or a table where a person can be seen."""

    centre: UUID | None = field("Centre", default=None, index=True)
    name: str = field("Name", default="")
    quiet: bool = field("Quiet room", default=False)
    step_free: bool = field("Step-free", default=True)
    position: int = field("Order", default=0)


@record(
    "staff",
    label="Member of staff",
    plural="Staff",
    subject=("alliance",),
    source="FHIR R4 Practitioner and PractitionerRole",
)
class Staff:
    """Somebody who works at a centre, for one of the partner organisations."""

    given_name: str = field("First name", default="")
    family_name: str = field("Last name", default="")
    role: Role = field("Role", default=Role.RECEPTION)
    job_title: str = field("Job title", default="", hint="As people are told, like Housing officer")
    organisation: UUID | None = field("Organisation", default=None, index=True)
    centre: UUID | None = field("Usual centre", default=None, index=True)
    phone: str = field("Work phone", default="")
    hours: str = field("Working hours", default="", hint="Like Monday to Friday, 9am to 5pm")
    user_name: str = field("Sign-in name", default="", index=True)
    active: bool = field("Works here now", default=True, index=True)
    left_on: date | None = field("Left on", default=None, hint="Empty for somebody who is only suspended")
    certifies_until: datetime | None = field(
        "Signs for others’ keys until", default=None, hint="When an administrator stopped being one"
    )

    @property
    def name(self) -> str:
        """First and last name, as on the board."""
        return f"{self.given_name} {self.family_name}".strip()


@record("device", label="Desk", plural="Desks", subject=("alliance",), source="FHIR R4 Device")
class Device:
    """An installed program: a desk. Its letter starts the tickets it gives, so that two desks never give the same."""

    name: str = field("Name", default="", hint="Like Reception desk 1")
    centre: UUID | None = field("Centre", default=None, index=True)
    letter: str = field("Ticket letter", default="")
    public_key: str = field("Public key", default="")
    revoked: bool = field("Revoked", default=False)
