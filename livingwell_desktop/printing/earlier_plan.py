"""An earlier version of the plan, printed again. Each page says so."""

from collections.abc import Mapping
from uuid import UUID

from livingwell_desktop.domain.dates import local_day
from livingwell_desktop.domain.organisations import Centre, Organisation, Staff
from livingwell_desktop.domain.people import Person, PrintFormat
from livingwell_desktop.domain.plan_rules import check_code, plan_fingerprint
from livingwell_desktop.domain.plans import PlanAgreement, PlanVersion
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking
from livingwell_desktop.printing.documents import Printed, document
from livingwell_desktop.printing.plan import LEFT_OUT, plan_pdf
from livingwell_desktop.printing.plan_facts import Alliance, Around, earlier_wording, plan_paper
from livingwell_desktop.printing.plan_wording import plan_of_wording


@document("earlier_plan", label="An earlier plan", formats=tuple(PrintFormat), leaves_out=LEFT_OUT)
def earlier_plan(
    printed: Printed,
    *,
    person: Held[Person],
    version: Held[PlanVersion],
    versions: tuple[Held[PlanVersion], ...],
    agreements: tuple[Held[PlanAgreement], ...],
    bookings: tuple[Held[Booking], ...],
    staff: Mapping[UUID, Staff],
    organisations: Mapping[UUID, Organisation],
    centres: Mapping[UUID, Centre],
) -> bytes:
    """The plan as it was agreed. The key worker, the next appointment and whom to call are those of today."""
    alliance = Alliance(staff, organisations, centres)
    to_this = tuple(one for one in agreements if one.value.fingerprint == version.value.fingerprint)
    around = Around(person.value, to_this, (), bookings, (), alliance, printed.at)
    plan, goals = plan_of_wording(version.value.content)
    wording = earlier_wording(version.value, plan, goals, versions, local_day(printed.at))
    return plan_pdf(
        plan_paper(wording, around),
        person.value,
        printed,
        check_code(wording.fingerprint or plan_fingerprint(version.value.content)),
    )
