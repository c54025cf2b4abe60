"""Notes of what happened, and papers that were given."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from livingwell_desktop.domain.records import Sensitivity, field, record


@record(
    "note",
    label="Note",
    plural="Notes",
    subject=("person",),
    sensitivity=Sensitivity.CLINICAL,
    signed=True,
    source="FHIR R4 Communication; NHS Data Dictionary, care contact (MHS201)",
)
class Note:
    """What happened when somebody of the alliance was in touch with the person."""

    person: UUID | None = field("Person", default=None, index=True)
    at: datetime | None = field("When", default=None)
    title: str = field("In a line", default="")
    words: str = field("What was said", default="")
    staff: UUID | None = field("Who", default=None)
    organisation: UUID | None = field("Organisation", default=None)
    place: str = field("Where or how", default="", hint="Like phone, Centre A, at home")


class GivenBy(StrEnum):
    """How a paper reached somebody."""

    PRINTED = "printed"
    POST = "post"
    EMAIL = "email"


@record(
    "document_given",
    label="Paper given",
    plural="Papers given",
    subject=("person",),
    signed=True,
    source="FHIR R4 DocumentReference",
)
class DocumentGiven:
    """A paper that left the program: which document and wording, in what format, how, to whom, by whom."""

    person: UUID | None = field("Person", default=None, index=True)
    document: str = field("Document", default="")
    version: str = field("Version", default="")
    format: str = field("Format", default="standard")
    how: GivenBy = field("How", default=GivenBy.PRINTED)
    given_to: str = field("Given to", default="")
    given_at: datetime | None = field("When", default=None)
    given_by: UUID | None = field("By", default=None)
    check_code: str = field("Check code", default="")
    copies: int = field("Copies", default=1)
