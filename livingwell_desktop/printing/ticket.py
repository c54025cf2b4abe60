"""The ticket: a small slip that says which number will be called. No name on it, unless the person wants one."""

from collections.abc import Mapping
from uuid import UUID

from livingwell_desktop.domain.dates import clock_time, local, long_date
from livingwell_desktop.domain.organisations import Centre
from livingwell_desktop.domain.people import Person, PrintFormat
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.sessions import Session, Visit
from livingwell_desktop.printing.blocks import paragraph
from livingwell_desktop.printing.documents import Printed, document
from livingwell_desktop.printing.lettering import Type, Weight, measure
from livingwell_desktop.printing.paper import PaperSize, Scale, Strip, gap, pdf
from livingwell_desktop.printing.pen import Pen

_LARGEST_NUMBER = 96.0


def _number(ticket: str, width: float) -> list[Strip]:
    """The ticket as large as the slip is wide; an unusually long one in lines."""
    whole = measure(ticket, Type(1.0, Weight.BOLD)) or 1.0
    type_ = Type(max(36.0, min(_LARGEST_NUMBER, width / whole)), Weight.BOLD, line=1.1)
    return paragraph(ticket, type_, width)


def _rule(width: float) -> Strip:
    def draw(pen: Pen, x: float, top: float) -> None:
        pen.rule(x, top - 6, width, thickness=1.6, grey=0)

    return Strip(12, draw)


@document("ticket", label="Ticket", formats=(PrintFormat.STANDARD, PrintFormat.LARGE_PRINT))
def ticket(
    printed: Printed,
    *,
    visit: Held[Visit],
    person: Held[Person] | None,
    session: Held[Session] | None,
    centres: Mapping[UUID, Centre],
) -> bytes:
    """For A6 or an 80 mm roll. The time is when the person came."""
    paper = printed.paper or PaperSize.A6
    scale, width = Scale(printed.body_size, printed.smallest_size), paper.text_width
    value = visit.value
    centre = centres.get(value.centre) if value.centre else None
    came = local(value.arrived_at or printed.at)
    lines: list[Strip] = []
    if person and printed.named:
        lines += paragraph(person.value.called or person.value.name, scale.name, width)
    lines += paragraph("My ticket", scale.label, width)
    lines += [*_number(value.ticket or "–", width), _rule(width)]
    if session and session.value.title:
        lines += paragraph(session.value.title, scale.fact, width)
    lines += paragraph(f"{long_date(came.date())}, {clock_time(came.time())}", scale.body, width)
    lines += paragraph(centre.name if centre else printed.centre, scale.body, width)
    lines += [gap(10), *paragraph("Please take a seat. We call this number.", scale.body, width)]
    return pdf(lines, title="Ticket", paper=paper, scale=scale)
