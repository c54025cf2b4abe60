"""The paper "My plan": the joint care plan for the person it belongs to, in standard, large print and easy read."""

from collections.abc import Mapping
from uuid import UUID

from livingwell_desktop.domain.dates import clock_time, local, local_day, long_date
from livingwell_desktop.domain.notes import DocumentGiven
from livingwell_desktop.domain.organisations import Centre, Organisation, Staff
from livingwell_desktop.domain.people import Person, PrintFormat, SharingAgreement
from livingwell_desktop.domain.plan_rules import check_code, plan_fingerprint
from livingwell_desktop.domain.plans import Action, Goal, Plan, PlanAgreement, PlanVersion
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking
from livingwell_desktop.printing.documents import Printed, document
from livingwell_desktop.printing.paper import Furniture, PaperSize, Scale, pdf
from livingwell_desktop.printing.plan_easy_read import easy_plan_strips
from livingwell_desktop.printing.plan_facts import Alliance, Around, current_wording, plan_is_agreed, plan_paper
from livingwell_desktop.printing.plan_pages import plan_strips
from livingwell_desktop.printing.plan_paper import PlanPaper, foot_lines
from livingwell_desktop.printing.plan_wording import goals_with_actions, plan_wording

LEFT_OUT = ("Safeguarding concerns", "What other people told us", "Addresses", "Notes")


def printed_words(printed: Printed) -> str:
    """ "Printed 23 November 2026, 11:04am, by Maya Lindqvist, Centre A."."""
    at = local(printed.at)
    who = ", ".join(part for part in (f"by {printed.by}" if printed.by else "", printed.centre) if part)
    return f"Printed {long_date(at.date())}, {clock_time(at.time())}{f', {who}' if who else ''}."


def whose_words(person: Person, printed: Printed, name: str) -> str:
    """ "Ngozi Okafor, born 14 March 1986", or the name alone when the person wants that."""
    if not printed.born_in_foot or not person.born:
        return name
    born = f"about {person.born.year}" if person.born_is_estimate else long_date(person.born)
    return f"{name}, born {born}"


def plan_pdf(paper: PlanPaper, person: Person, printed: Printed, code: str) -> bytes:
    """A plan in the format asked for. Large print is the standard plan flowing in larger type; easy read is its own."""
    size = printed.paper or PaperSize.A4
    scale = Scale(printed.body_size, printed.smallest_size)
    furniture = Furniture(
        paper.notice,
        f"My plan, {paper.name}",
        whose_words(person, printed, paper.name),
        foot_lines(paper, code, printed_words(printed)),
    )
    if printed.format is PrintFormat.EASY_READ:
        strips = easy_plan_strips(paper, scale, size.text_width, printed.crisis_lines)
    else:
        strips = plan_strips(paper, scale, size.text_width, printed.crisis_lines)
    return pdf(strips, title="My plan", paper=size, scale=scale, furniture=furniture)


@document("plan", label="My plan", formats=tuple(PrintFormat), leaves_out=LEFT_OUT)
def plan(
    printed: Printed,
    *,
    person: Held[Person],
    plan: Held[Plan],
    goals: tuple[Held[Goal], ...],
    actions: tuple[Held[Action], ...],
    agreements: tuple[Held[PlanAgreement], ...],
    versions: tuple[Held[PlanVersion], ...],
    sharing: tuple[Held[SharingAgreement], ...],
    bookings: tuple[Held[Booking], ...],
    papers: tuple[Held[DocumentGiven], ...],
    staff: Mapping[UUID, Staff],
    organisations: Mapping[UUID, Organisation],
    centres: Mapping[UUID, Centre],
) -> bytes:
    """The plan as it stands now; "draft, not agreed" until the person and the key worker's organisation agree to it."""
    around = Around(
        person.value, agreements, sharing, bookings, papers, Alliance(staff, organisations, centres), printed.at
    )
    rows = goals_with_actions(goals, actions)
    fingerprint = plan_fingerprint(plan_wording(plan.value, goals, actions))
    agreed = plan_is_agreed(rows, around, fingerprint)
    wording = current_wording(plan.value, rows, fingerprint, versions, agreed, local_day(printed.at))
    return plan_pdf(plan_paper(wording, around), person.value, printed, check_code(fingerprint))
