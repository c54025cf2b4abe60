"""The change picture on one page for the person: each area, where it was and where it is now."""

from dataclasses import dataclass, replace
from datetime import date

from livingwell_desktop.domain.dates import long_date
from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.domain.wording import number_word, sentence_case
from livingwell_desktop.printing.blocks import framed_pair, half, paragraph
from livingwell_desktop.printing.documents import Printed, document
from livingwell_desktop.printing.lettering import Span, Type, Weight, lines_of, measure
from livingwell_desktop.printing.marks import draw_arrow
from livingwell_desktop.printing.paper import Furniture, PaperSize, Scale, Strip, gap, pdf
from livingwell_desktop.printing.pen import Pen

LOWEST, HIGHEST = 1, 7


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One area: its short name, the answer last time and now (1 to 7, None is not answered)."""

    words: str
    before: int | None
    now: int | None
    more_help: bool = False
    chosen: bool = False
    """To be worked on next."""
    opens_group: bool = False
    """A rule is drawn above it."""


@dataclass(frozen=True, slots=True)
class ChangeAverage:
    """The average of a group: now and before (None is nothing answered), and how many of its areas were answered."""

    words: str
    now: float | None
    before: float | None
    answered: int
    out_of: int


@dataclass(frozen=True, slots=True)
class ChangePicture:
    """All that the page shows. `before_on` is None for a first assessment."""

    name: str
    called: str
    on: date
    before_on: date | None
    averages: tuple[ChangeAverage, ...]
    lines: tuple[ChangeLine, ...]
    low_words: str = "Dissatisfied"
    high_words: str = "Satisfied"


def change_sentence(picture: ChangePicture) -> str:
    """ "Five areas went up and two went down."; for a first time, what the numbers are."""
    if picture.before_on is None:
        return f"These are my answers of {long_date(picture.on)}."
    both = [(line.before, line.now) for line in picture.lines if line.before is not None and line.now is not None]
    up, down = sum(now > before for before, now in both), sum(now < before for before, now in both)
    if not up and not down:
        return "All areas that I answered are the same as last time."
    areas = {True: "area", False: "areas"}
    if not down:
        return sentence_case(f"{number_word(up)} {areas[up == 1]} went up. None went down.")
    if not up:
        return sentence_case(f"{number_word(down)} {areas[down == 1]} went down. None went up.")
    return sentence_case(f"{number_word(up)} {areas[up == 1]} went up and {number_word(down)} went down.")


def change_words(line: ChangeLine) -> str:
    """ "Up 1", "Down 2", "Same", "Not answered", or "New" for what was not answered before."""
    if line.now is None:
        return "Not answered"
    if line.before is None:
        return "New"
    difference = line.now - line.before
    return f"Up {difference}" if difference > 0 else f"Down {-difference}" if difference < 0 else "Same"


@document("change_picture", label="What has changed", formats=(PrintFormat.STANDARD, PrintFormat.LARGE_PRINT))
def change_picture(printed: Printed, *, picture: ChangePicture) -> bytes:
    """One page in standard print. It says nothing about other people and gives no grade."""
    from livingwell_desktop.printing.plan import printed_words

    paper = printed.paper or PaperSize.A4
    scale, width = Scale(printed.body_size, printed.smallest_size), paper.text_width
    title = f"What has changed, {picture.called}?" if picture.before_on else f"How is life, {picture.called}?"
    heads = _scale_heads(picture, scale, width)
    strips = [
        *paragraph(title, scale.heading, width, keeps=True),
        gap(4),
        *paragraph(change_sentence(picture), scale.body, width),
        gap(12),
        *_averages(picture, scale, width),
        gap(12),
        _legend(picture, scale),
        replace(heads, keeps=True),
    ]
    for line in picture.lines:
        strips.append(_line(line, picture, scale, width, heads))
    strips += [gap(8), *_chosen(picture, scale, width)]
    furniture = Furniture("", title, picture.name, (printed_words(printed),))
    return pdf(strips, title="What has changed", paper=paper, scale=scale, furniture=furniture)


def _averages(picture: ChangePicture, scale: Scale, width: float) -> list[Strip]:
    boxes = [_average(one, picture, scale, half(width)) for one in picture.averages]
    if len(boxes) == 2:
        return framed_pair(boxes[0], boxes[1], width)
    return [strip for box in boxes for strip in box]


def _average(average: ChangeAverage, picture: ChangePicture, scale: Scale, width: float) -> list[Strip]:
    now = f"{average.now:.1f}" if average.now is not None else "Not answered"
    strips = [*paragraph(average.words, scale.label, width), *paragraph(now, scale.heading, width)]
    if average.before is not None and picture.before_on:
        was = f"Was {average.before:.1f} on {long_date(picture.before_on)}"
        strips += paragraph(was, scale.small, width)
    counted = f"{average.answered} of {average.out_of} answered"
    return [*strips, *paragraph(counted, scale.small, width)]


def _legend(picture: ChangePicture, scale: Scale) -> Strip:
    size = scale.small_size

    def draw(pen: Pen, x: float, top: float) -> None:
        middle = top - size * 0.9
        if picture.before_on:
            pen.circle(x + size * 0.5, middle, size * 0.45, 1.6)
            words = long_date(picture.before_on)
            pen.words(words, scale.small, x + size * 1.4, middle - size * 0.36)
            x += size * 3 + measure(words, scale.small)
        pen.circle(x + size * 0.5, middle, size * 0.55, filled=True)
        pen.words(long_date(picture.on), scale.small, x + size * 1.4, middle - size * 0.36)

    return Strip(size * 2.2, draw, keeps=True)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the numbers 1 to 7 stand on the page, from the left edge of the text."""

    left: float
    right: float
    words_width: float

    def x(self, number: float) -> float:
        return self.left + (self.right - self.left) * (number - LOWEST) / (HIGHEST - LOWEST)


def _places(picture: ChangePicture, scale: Scale, width: float) -> _Places:
    """Name, track and change side by side; in large print the track has the whole width under the other two."""
    if scale.stacked:
        change = measure("Not answered", scale.small)
        return _Places(scale.body_size, width - scale.body_size, width - change - scale.body_size)
    names = min(width * 0.32, max((measure(line.words, _strong(scale)) for line in picture.lines), default=0.0) + 6)
    change = measure("Not answered", scale.small) + 8
    return _Places(names + scale.body_size, width - change - scale.body_size, names)


def _strong(scale: Scale) -> Type:
    return Type(scale.small_size, Weight.SEMIBOLD)


def _scale_heads(picture: ChangePicture, scale: Scale, width: float) -> Strip:
    """The numbers 1 to 7, again on each page."""
    places = _places(picture, scale, width)
    size = scale.small_size

    def draw(pen: Pen, x: float, top: float) -> None:
        pen.words(picture.low_words, scale.small, x + places.x(LOWEST) - size * 0.5, top - size)
        pen.words(picture.high_words, scale.small, x + places.x(HIGHEST) + size * 0.5, top - size, align=1)
        for number in range(LOWEST, HIGHEST + 1):
            pen.words(str(number), scale.label, x + places.x(number), top - size * 2.4, align=0.5)
        pen.rule(x, top - size * 2.9, width, thickness=1.6, grey=0)

    return Strip(size * 3.1, draw)


def _line(line: ChangeLine, picture: ChangePicture, scale: Scale, width: float, heads: Strip) -> Strip:
    """Track, ring for last time, disc with its number for now, a heavy bar between, and the change in words."""
    places = _places(picture, scale, width)
    type_ = Type(scale.small_size, Weight.SEMIBOLD if line.chosen else Weight.REGULAR)
    names = lines_of(line.words, type_, places.words_width)
    size = scale.small_size
    lines = max(len(names), 2 if line.more_help else 1)
    words_height = lines * type_.leading
    height = words_height + size * 2.6 if scale.stacked else max(size * 2.45, words_height + 8)
    compared = picture.before_on is not None
    change_left = places.words_width + scale.body_size if scale.stacked else places.right + size * 1.6

    def draw(pen: Pen, x: float, top: float) -> None:
        if line.opens_group:
            pen.rule(x, top, width)
        middle = top - words_height / 2 - 3 if scale.stacked else top - height / 2
        baseline = middle + (len(names) - 1) * type_.leading / 2 - size * 0.36
        for name in names:
            pen.line(name, x, baseline)
            baseline -= type_.leading
        track = top - words_height - size * 1.2 if scale.stacked else middle
        _draw_track(pen, line, places, x, track, size, compared=compared)
        words = change_words(line) if compared or line.now is None else ""
        _draw_change(pen, line, words, x + change_left, middle, scale)

    return Strip(height, draw, head=heads)


def _draw_track(
    pen: Pen, line: ChangeLine, places: _Places, x: float, middle: float, size: float, *, compared: bool
) -> None:
    pen.rule(x + places.left, middle, places.right - places.left, grey=0.7)
    for number in range(LOWEST, HIGHEST + 1):
        pen.stroke([(x + places.x(number), middle - 2), (x + places.x(number), middle + 2)], 0.8)
    if compared and line.before is not None:
        if line.now is not None:
            pen.stroke([(x + places.x(line.before), middle), (x + places.x(line.now), middle)], 3.2)
        pen.circle(x + places.x(line.before), middle, size * 0.45, 1.6, white=True)
    if line.now is not None:
        pen.circle(x + places.x(line.now), middle, size * 0.82, filled=True)
        number_type = Type(size, Weight.BOLD)
        pen.words(str(line.now), number_type, x + places.x(line.now), middle - size * 0.36, align=0.5, white=True)


def _draw_change(pen: Pen, line: ChangeLine, words: str, x: float, middle: float, scale: Scale) -> None:
    size = scale.small_size
    baseline = middle - size * 0.36 + (size * 0.62 if line.more_help else 0)
    if words.startswith(("Up", "Down")):
        draw_arrow(pen, x + size * 0.3, baseline, size, up=words.startswith("Up"))
        pen.words(words, _strong(scale), x + size * 1.0, baseline)
    else:
        pen.words(words, scale.small, x, baseline)
    if line.more_help:
        pen.words("More help", scale.small, x, baseline - (size * 1.25 if words else size * 0.62))


def _chosen(picture: ChangePicture, scale: Scale, width: float) -> list[Strip]:
    names = ", ".join(line.words for line in picture.lines if line.chosen)
    if not names:
        return []
    spans = [Span("What we work on next: ", Weight.REGULAR), Span(f"{names}.", Weight.SEMIBOLD)]
    return paragraph(spans, scale.body, width)
