"""What a session, a booking and a person are called in the bookings: the same words on every row and strip."""

from datetime import date

from livingwell_desktop.domain.dates import age_words, clock_time, medium_date, time_range, weekday_date
from livingwell_desktop.domain.names import initials
from livingwell_desktop.domain.people import Person
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, BookingState, Session
from livingwell_desktop.domain.waiting import Capacity
from livingwell_desktop.services.value_words import words_of_code
from livingwell_desktop.ui.widgets.badge import BadgeText

STATE_BADGES = {
    BookingState.BOOKED: BadgeText("Booked", "calm", "calendar-check"),
    BookingState.WAITING_LIST: BadgeText("Waiting list", "warning", "clock"),
    BookingState.ARRIVED: BadgeText("Here", "success", "check"),
    BookingState.CANCELLED_BY_PERSON: BadgeText("Cancelled", "neutral", "cross"),
    BookingState.CANCELLED_BY_SERVICE: BadgeText("Cancelled by us", "neutral", "cross"),
    BookingState.DID_NOT_ATTEND: BadgeText("Did not come", "neutral", "cross"),
}


def state_badge(state: BookingState) -> BadgeText:
    """What became of a booking; a state that only a newer program knows is shown as its code."""
    return STATE_BADGES.get(state) or BadgeText(words_of_code(state), "neutral", "calendar")


def hours(session: Session) -> str:
    """ "10am to 1pm", or what is known of it."""
    if session.starts and session.ends:
        return time_range(session.starts, session.ends)
    return clock_time(session.starts) if session.starts else "All day"


def day_words(session: Session) -> str:
    """ "Wednesday 2 December"."""
    return weekday_date(session.on) if session.on else "No day"


def places_badge(capacity: Capacity) -> BadgeText:
    """How many places, as a badge: the words say it, the colour only helps."""
    if capacity.is_full:
        return BadgeText(capacity.words, "warning", "people")
    return BadgeText(capacity.words, "calm", "people")


def person_name(person: Held[Person] | None, masked: bool) -> str:
    """A name, or initials with spaces between."""
    if person is None:
        return "Somebody not on this desk"
    return " ".join(initials(person.value.name)) or "Hidden" if masked else person.value.name


def born_words(person: Held[Person] | None, masked: bool, today: date) -> str:
    """ "14 Mar 1986, 40 years", for the second line under a name."""
    if person is None:
        return ""
    if masked:
        return "Details hidden"
    born = person.value.born
    if born is None:
        return "Date of birth not known"
    return f"{medium_date(born)}, {age_words(born, today)}"


def booking_words(booking: Booking, title: str, centre: str) -> str:
    """ "Open drop-in at Centre A, Wednesday 2 December, 10am"."""
    when = ", ".join(
        part
        for part in (weekday_date(booking.on) if booking.on else "", clock_time(booking.at) if booking.at else "")
        if part
    )
    return ", ".join(part for part in (f"{title} at {centre}" if centre else title, when) if part)
