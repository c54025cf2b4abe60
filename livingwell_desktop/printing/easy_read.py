"""Easy read: a picture on the left, one idea in short sentences on the right, bold only for who and when."""

import re
from collections.abc import Sequence

from livingwell_desktop.printing.blocks import FRAME_PADDING, Cell, Columns, paragraph, row
from livingwell_desktop.printing.crisis import CrisisLine
from livingwell_desktop.printing.lettering import Span, Type, Weight, Words, unbroken
from livingwell_desktop.printing.paper import Scale, Strip, gap, joined
from livingwell_desktop.printing.pen import Pen
from livingwell_desktop.printing.pictures import draw_picture

PICTURE = 86.0
"""Points."""
TEXT_LEFT = 126.0
LONGEST_SENTENCE = 15
"""Words (FACTS C3). The person's own words are never shortened."""
_TALLEST_BESIDE = 300.0

Sentence = Sequence[Span]


def said(*parts: str) -> list[Span]:
    """A sentence from parts; every second part is bold: `said("", "Tunde", " will ask.")`."""
    weights = (Weight.REGULAR, Weight.BOLD)
    return [Span(part, weights[index % 2]) for index, part in enumerate(parts) if part]


def marked(words: str) -> list[Span]:
    """A sentence of ours with bold parts between `**`."""
    return said(*unbroken(words).split("**"))


def ended(words: str) -> str:
    """The words with a full stop, when they have no end of their own."""
    bare = words.strip()
    return f"{bare}." if bare and bare[-1] not in '.!?…”"' else bare


def word_count(sentence: Sentence) -> int:
    """How many words a sentence has."""
    return len(re.findall(r"\S+", "".join(span.text for span in sentence)))


def _type_of(words: Words, scale: Scale) -> Type:
    """Words of one span alone may be the person's own and run from the right; a sentence with bold parts is ours."""
    return scale.body if isinstance(words, str) or len(words) == 1 else scale.sentence


def pictured(
    picture: str, sentences: Sequence[Words], scale: Scale, width: float, *, left: float = 0.0, **filled_in: str
) -> list[Strip]:
    """A picture with sentences beside it, each on a line of its own. Very long words run on without being cut off."""
    indent = TEXT_LEFT - left
    typed = [(one, _type_of(one, scale)) for one in sentences]
    lines = [strip for one, type_ in typed for strip in paragraph(one, type_, width, indent=indent)]
    text = joined(lines)

    def drawing(pen: Pen, x: float, top: float) -> None:
        draw_picture(pen, picture, x, top, PICTURE, **filled_in)

    if text.height > _TALLEST_BESIDE:

        def beside_first_line(pen: Pen, x: float, baseline: float) -> None:
            drawing(pen, x, baseline + scale.body_size)

        cells = [Cell(tuple(typed), beside_first_line, indent)]
        return [*row(cells, Columns((width,), ruled=False)), gap(14, keeps=False)]
    height = max(PICTURE, text.height)

    def draw(pen: Pen, x: float, top: float) -> None:
        drawing(pen, x, top - (height - PICTURE) / 2)
        text.draw(pen, x, top - (height - text.height) / 2)

    return [Strip(height, draw), gap(14, keeps=False)]


def crisis_box(lines: Sequence[CrisisLine], scale: Scale, width: float) -> list[Strip]:
    """The frame at the end: whom to call."""
    room = width - 2 * FRAME_PADDING
    heading = paragraph("Do you feel very bad?", scale.subheading, room, indent=TEXT_LEFT - FRAME_PADDING)
    sentences = [marked(line.easy) for line in lines]
    words = [
        strip
        for one in [*sentences[:1], said("You can call day or night."), *sentences[1:]]
        for strip in paragraph(one, scale.body, room, indent=TEXT_LEFT - FRAME_PADDING)
    ]
    text = joined([*heading, *words])
    height = max(PICTURE, text.height) + 2 * FRAME_PADDING

    def draw(pen: Pen, x: float, top: float) -> None:
        pen.box(x, top, width, height, thickness=2.4)
        first = re.sub(r"\D", "", lines[0].easy.split("**")[1]) if lines and "**" in lines[0].easy else ""
        number = first if 0 < len(first) <= 3 else ""
        middle = top - (height - PICTURE) / 2
        draw_picture(pen, "phone", x + FRAME_PADDING, middle, PICTURE, number=number)
        text.draw(pen, x + FRAME_PADDING, top - (height - text.height) / 2)

    return [Strip(height, draw)]
