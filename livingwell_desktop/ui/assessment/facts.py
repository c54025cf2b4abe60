"""The person as the slim banner shows them while something is asked."""

from livingwell_desktop.domain.dates import clock_time, day_and_month, local, long_date
from livingwell_desktop.domain.sessions import VisitState
from livingwell_desktop.services.people import Banner
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.widgets.banner import PersonFacts


def person_facts(banner: Banner) -> PersonFacts:
    """The facts of a slim banner."""
    person = banner.person.value
    return PersonFacts(
        name=person.name,
        born=long_date(person.born) if person.born else "not known",
        pronouns=person.pronouns,
        nhs_number=person.nhs_number,
        nhs_checked=person.nhs_number_status == "01",
    )


def appointment_words(practice: Practice, banner: Banner) -> str:
    """ "Appointment since 10:44am, Room 2, with Maya Lindqvist"; without a visit, who asks and when."""
    visit = banner.visit
    if visit is None or visit.value.state is not VisitState.WITH_SOMEONE or visit.value.called_at is None:
        return f"With {practice.staff.value.name}, {day_and_month(practice.today(), practice.today())}"
    since = local(visit.value.called_at)
    sees = banner.alliance.staff_name(visit.value.sees) if visit.value.sees else practice.staff.value.name
    parts = [f"Appointment since {clock_time(since.time())}", visit.value.where, f"with {sees}"]
    return ", ".join(part for part in parts if part)
