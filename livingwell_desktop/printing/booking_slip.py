"""The booking slip: "Your drop-in place", with the day largest and the phone number to cancel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from livingwell_desktop.domain.dates import clock_time, local_day, time_range, weekday_date
from livingwell_desktop.domain.organisations import Centre, Staff
from livingwell_desktop.domain.people import Person, PrintFormat
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Booking, Session
from livingwell_desktop.domain.wording import sentence_case
from livingwell_desktop.printing.blocks import framed, inside, paragraph
from livingwell_desktop.printing.documents import Printed, document
from livingwell_desktop.printing.easy_read import ended, pictured, said
from livingwell_desktop.printing.lettering import Span, Weight, unbroken
from livingwell_desktop.printing.paper import PaperSize, Scale, Strip, gap, pdf

TITLE = "Your drop-in place"
_PAPER = {
    PrintFormat.STANDARD: PaperSize.A6,
    PrintFormat.LARGE_PRINT: PaperSize.A5,
    PrintFormat.EASY_READ: PaperSize.A4,
}


@dataclass(frozen=True, slots=True)
class _Slip:
    name: str
    day: str
    on: date | None
    at: str
    place: tuple[str, ...]
    sees: str
    phone: str


def _slip(
    booking: Booking, session: Session | None, centre: Centre | None, sees: Staff | None, name: str, today: date
) -> _Slip:
    on = booking.on or (session.on if session else None)
    start = booking.at or (session.starts if session else None)
    end = booking.until or (session.ends if session and not booking.at else None)
    day = weekday_date(on) if on else ""
    if on and on.year != today.year:
        day = f"{day} {on.year}"
    at = (time_range(start, end) if end else clock_time(start)) if start else ""
    where = booking.where or (session.where if session else "")
    here = (centre.name, sentence_case(where), centre.address) if centre else (sentence_case(where),)
    place = tuple(part for part in here if part)
    worker = (sees.given_name or sees.name) if sees else ""
    return _Slip(name, day, on, at, place, worker, unbroken(centre.phone) if centre else "")


@document("booking_slip", label="Booking slip", formats=tuple(PrintFormat))
def booking_slip(
    printed: Printed,
    *,
    booking: Held[Booking],
    session: Held[Session] | None,
    person: Held[Person] | None,
    staff: Mapping[UUID, Staff],
    centres: Mapping[UUID, Centre],
) -> bytes:
    """What a person needs in order to come: day, time, where, and how to say that they cannot."""
    value = booking.value
    centre_id = value.centre or (session.value.centre if session else None)
    slip = _slip(
        value,
        session.value if session else None,
        centres.get(centre_id) if centre_id else None,
        staff.get(value.sees) if value.sees else None,
        person.value.called if person and printed.named else "",
        local_day(printed.at),
    )
    paper = printed.paper or _PAPER[printed.format]
    scale = Scale(printed.body_size, printed.smallest_size)
    draw = _easy if printed.format is PrintFormat.EASY_READ else _plain
    return pdf(draw(slip, scale, paper.text_width), title=TITLE, paper=paper, scale=scale)


def _plain(slip: _Slip, scale: Scale, width: float) -> list[Strip]:
    room = inside(width)
    facts = [strip for words in (slip.day, slip.at) for strip in paragraph(words, scale.fact, room)]
    facts += [strip for words in slip.place for strip in paragraph(words, scale.body, room)]
    if slip.sees:
        facts += paragraph(f"Ask for {slip.sees} at the desk.", scale.body, room)
    cannot = [Span("If you cannot come, please tell us.", Weight.REGULAR)]
    if slip.phone:
        cannot = [Span("If you cannot come, phone ", Weight.REGULAR), Span(slip.phone, Weight.SEMIBOLD)]
        cannot.append(Span(".", Weight.REGULAR))
    return [
        *paragraph(TITLE, scale.heading, width),
        *paragraph(slip.name, scale.fact, width),
        gap(10),
        *framed(facts, width),
        gap(12),
        *paragraph("You do not need to bring anything.", scale.body, width),
        gap(6),
        *paragraph(cannot, scale.body, width),
    ]


def _easy(slip: _Slip, scale: Scale, width: float) -> list[Strip]:
    strips = paragraph(TITLE, scale.title, width)
    strips += paragraph(said("This is for ", slip.name, "."), scale.body, width) if slip.name else []
    strips.append(gap(18))
    if slip.on:
        day = [said("Come on ", slip.day, ".")]
        strips += pictured("calendar", day, scale, width, day=str(slip.on.day))
    if slip.at:
        strips += pictured("clock", [said("The time is ", slip.at, ".")], scale, width)
    if slip.place:
        strips += pictured("place", [said("Come to ", slip.place[0], "."), *map(ended, slip.place[1:])], scale, width)
    if slip.sees:
        strips += pictured("person", [said("Ask for ", slip.sees, " at the desk.")], scale, width)
    strips += pictured("nothing_to_bring", [said("You do not need to bring anything.")], scale, width)
    cannot = [said("Can you not come?"), said("Please tell us.")]
    if slip.phone:
        cannot = [said("Can you not come?"), said("Please phone ", slip.phone, ".")]
    return [*strips, *pictured("telephone", cannot, scale, width)]
