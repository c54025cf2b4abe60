"""The page for the sealed envelope: a centre's recovery code, large, with what to do when it is opened."""

from livingwell_desktop.domain.dates import local, long_date
from livingwell_desktop.domain.membership import RecoveryCode
from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.printing.blocks import paragraph
from livingwell_desktop.printing.documents import Printed, document
from livingwell_desktop.printing.lettering import Type, Weight
from livingwell_desktop.printing.paper import PaperSize, Scale, Strip, gap, pdf

_CODE = Type(30.0, Weight.BOLD, line=1.3)
_STEPS = (
    "1. Two people open the envelope together. Both names are written down.",
    "2. On a computer of this centre, choose “Use the recovery code” in the sign-in window.",
    "3. Type the code. Capital letters and dashes do not matter.",
    "4. Choose who has forgotten their passphrase. They choose a new one there and then.",
    "5. As soon as an administrator can sign in, make a new code and seal it. This one stops working then.",
)


@document("recovery_code", label="Recovery code", formats=(PrintFormat.STANDARD, PrintFormat.LARGE_PRINT))
def recovery_code(printed: Printed, *, code: RecoveryCode) -> bytes:
    """For an envelope that two people keep. There is no other copy of the code."""
    paper = printed.paper or PaperSize.A4
    scale, width = Scale(printed.body_size, printed.smallest_size), paper.text_width
    lines: list[Strip] = [
        *paragraph(f"Recovery code of {code.centre}", scale.name, width),
        gap(8),
        *paragraph("Keep this page in a sealed envelope. Whoever has it can open every computer of the centre.",
                   scale.body, width),
        gap(16),
        *paragraph(code.code, _CODE, width),
        gap(16),
        *paragraph(f"Kept by {code.keepers[0]} and {code.keepers[1]}", scale.fact, width),
        *paragraph(f"Made on {long_date(local(code.made_at).date())}", scale.body, width),
        gap(16),
        *paragraph("When a passphrase is forgotten and nobody can be reached", scale.label, width),
    ]  # fmt: skip
    for step in _STEPS:
        lines += paragraph(step, scale.body, width)
    return pdf(lines, title="Recovery code", paper=paper, scale=scale)
