"""Two papers for the person a record is about: who has opened it, and a copy of everything in it.

Short words and short sentences (reading age 9 to 11): whoever asks for these papers may be angry, or frightened.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from livingwell_desktop.domain.dates import clock_time, local, long_date
from livingwell_desktop.domain.people import Person, PrintFormat
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.printing.blocks import Columns, cell, paragraph, row, table_head
from livingwell_desktop.printing.documents import Printed, document
from livingwell_desktop.printing.paper import Furniture, PaperSize, Scale, Strip, gap, pdf
from livingwell_desktop.printing.plan import printed_words, whose_words

_FORMATS = (PrintFormat.STANDARD, PrintFormat.LARGE_PRINT)
_ASK = "You can ask us why somebody opened your record. Talk to us at the desk, or ask for our privacy officer."
_CARED_FOR = "Everybody here may only open your record to help you. We write down each time that somebody does."


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One person of the staff on one day, and what they did, in words."""

    day: date
    who: str
    role: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhoOpened:
    """Who has opened a record, as far as is known here. The newest day comes first."""

    lines: tuple[OpeningLine, ...]
    desk: str
    """Where the list was made."""
    as_of: datetime
    everywhere: bool = False
    """Whether it is of all desks; otherwise of this one alone."""
    quiet: tuple[tuple[str, datetime | None], ...] = ()
    """Desks that were not heard from today, and when they were: what was done there since is not in the list."""


@dataclass(frozen=True, slots=True)
class RecordPart:
    """One record in words: what it is, when it was last changed, and each thing it says with its name."""

    title: str
    changed: date
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is written about a person here, in parts with their headings, and who opened it."""

    parts: tuple[tuple[str, tuple[RecordPart, ...]], ...]
    opened: WhoOpened


@document("who_opened", label="Who has opened my record", formats=_FORMATS, act=Act.SEE_OPENINGS)
def who_opened(printed: Printed, *, person: Held[Person], opened: WhoOpened) -> bytes:
    """Each day, each member of staff who opened the record, and what they did."""
    scale, size = _scale(printed), printed.paper or PaperSize.A4
    strips = [*_title("Who has opened my record", person.value, scale, size.text_width)]
    strips += _opened(opened, scale, size.text_width)
    return _paper("Who has opened my record", strips, person.value, printed)


@document(
    "everything",
    label="Everything about me",
    formats=_FORMATS,
    leaves_out=("Notes that could put somebody in danger", "Questions we are asking our own staff"),
    act=Act.GIVE_COPY,
)
def everything(printed: Printed, *, person: Held[Person], copy: Everything) -> bytes:
    """A copy of all records about one person, and who opened them."""
    scale, size = _scale(printed), printed.paper or PaperSize.A4
    width = size.text_width
    strips = [
        *_title("Everything about me", person.value, scale, width),
        *paragraph("This is a copy of what we have written about you. It is yours to keep.", scale.sentence, width),
        *paragraph("Is something wrong? Tell us, and we will put it right with you.", scale.sentence, width),
        *paragraph(
            "Sometimes the law lets us hold a thing back, to keep somebody safe. You can ask us about that.",
            scale.sentence,
            width,
        ),
        gap(14),
    ]
    for heading, parts in copy.parts:
        strips += [*paragraph(heading, scale.heading, width, keeps=True), gap(4)]
        for part in parts:
            strips += _part(part, heading, scale, width)
        strips.append(gap(10))
    strips += [*paragraph("Who has opened my record", scale.heading, width, keeps=True), gap(4)]
    strips += _opened(copy.opened, scale, width)
    return _paper("Everything about me", strips, person.value, printed)


def _scale(printed: Printed) -> Scale:
    return Scale(printed.body_size, printed.smallest_size)


def _title(title: str, person: Person, scale: Scale, width: float) -> list[Strip]:
    return [*paragraph(title, scale.title, width), *paragraph(person.name, scale.name, width), gap(12)]


def _opened(opened: WhoOpened, scale: Scale, width: float) -> list[Strip]:
    strips = [
        *paragraph(_CARED_FOR, scale.sentence, width),
        gap(4),
        *paragraph(whose_list(opened), scale.sentence, width),
        *(strip for words in quiet_desks(opened) for strip in paragraph(words, scale.sentence, width)),
        gap(4),
        *paragraph(_ASK, scale.sentence, width),
        gap(12),
    ]
    if not opened.lines:
        where = "" if opened.everywhere else " at this desk"
        return [*strips, *paragraph(f"Nobody has opened your record{where}.", scale.body, width)]
    return [*strips, *(_blocks if scale.stacked else _table)(opened.lines, scale, width)]


def whose_list(opened: WhoOpened) -> str:
    """Which desks the list is of, and until when."""
    at = local(opened.as_of)
    until = f"{long_date(at.date())}, {clock_time(at.time())}"
    if opened.everywhere:
        return f"This list is from all our desks, up to {until}."
    return (
        f"This list is from {opened.desk} only, up to {until}. We could not reach our other desks just now. "
        "Ask us again, and we will give you the list from all of them."
    )


def quiet_desks(opened: WhoOpened) -> tuple[str, ...]:
    """A sentence for each desk whose newest doings have not come yet."""
    return tuple(
        f"What was done at {desk} after {long_date(local(at).date())} is still on its way."
        if at is not None
        else f"What was done at {desk} is still on its way."
        for desk, at in opened.quiet
    )


def _table(lines: Sequence[OpeningLine], scale: Scale, width: float) -> list[Strip]:
    widths = (width * 0.26, width * 0.30, width * 0.44 - 20)
    columns = Columns(widths)
    labels = ("Day", "Who", "What they did")
    head = table_head(labels, scale.label, columns)
    with_head = Columns(widths, head=head)
    strips = [head]
    for line in lines:
        who = cell(line.who, scale.strong)
        if line.role:
            who = type(who)(((line.who, scale.strong), (line.role, scale.small)))
        strips += row([cell(long_date(line.day), scale.body), who, cell(_uses(line), scale.body)], with_head)
    return strips


def _blocks(lines: Sequence[OpeningLine], scale: Scale, width: float) -> list[Strip]:
    strips = list[Strip]()
    for line in lines:
        strips += paragraph(long_date(line.day), scale.label, width, keeps=True)
        who = f"{line.who}, {line.role}" if line.role else line.who
        strips += paragraph(who, scale.strong, width, keeps=True)
        strips += [*paragraph(_uses(line), scale.body, width), gap(12)]
    return strips


def _uses(line: OpeningLine) -> str:
    words = "; ".join(line.uses)
    return f"{words[:1].upper()}{words[1:]}."


def _part(part: RecordPart, heading: str, scale: Scale, width: float) -> list[Strip]:
    when = f"Last changed {long_date(part.changed)}"
    title = part.title if part.title != heading else when
    strips = paragraph(title, scale.strong, width, keeps=True)
    if title != when:
        strips += paragraph(when, scale.small, width, keeps=True)
    for name, words in part.facts:
        strips += paragraph(f"{name}: {words}", scale.body, width, indent=12)
    return [*strips, gap(8)]


def _paper(title: str, strips: Sequence[Strip], person: Person, printed: Printed) -> bytes:
    furniture = Furniture("", title, whose_words(person, printed, person.name), (printed_words(printed),))
    size = printed.paper or PaperSize.A4
    return pdf(strips, title=title, paper=size, scale=_scale(printed), furniture=furniture)
