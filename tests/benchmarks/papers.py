"""Drawing a care plan as PDF: reading what it needs and laying it out, in memory."""

from io import BytesIO
from pathlib import Path
from uuid import UUID

from pypdf import PdfReader

from installer.demo.alliance import Alliance, build, fill
from livingwell_desktop.domain.organisations import Centre, Device, Staff
from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.domain.plans import PlanVersion
from livingwell_desktop.services.documents import PaperChoice, prepare
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.storage import Signer, Store
from tests.benchmarks.big_records import NOW, TODAY
from tests.benchmarks.big_store import KEY
from tests.benchmarks.measuring import median_of_rounds, milliseconds

DRAWINGS = 10


def plan_pdf_ms(folder: Path) -> float:
    """The first plan of the demo that takes two pages, in standard format: median of the drawings."""
    alliance = build(TODAY, NOW)
    device = alliance.devices["Centre A", "Room 2 desk"]
    store = Store.open(folder / "demo.db", KEY, Signer(device, lambda content: content[:64].ljust(64)), lambda: NOW)
    try:
        fill(store, alliance, lambda done, total: (done, total))
        practice = _practice(store, alliance, device)
        standard = PaperChoice(format=PrintFormat.STANDARD)
        person = next(each for each in _with_plans(alliance) if _pages(practice, each, standard) == 2)

        def draw() -> None:
            prepare(practice, "plan", person, choice=standard)

        return median_of_rounds(lambda: [milliseconds(draw) for _ in range(DRAWINGS)], 50)
    finally:
        store.close()


def _practice(store: Store, alliance: Alliance, device: UUID) -> Practice:
    staff = store.get(Staff, alliance.staff["Maya Lindqvist"])
    centre, here = store.get(Centre, alliance.centres["Centre A"]), store.get(Device, device)
    if staff is None or centre is None or here is None:
        raise LookupError("the demo does not hold its own staff, centre or desk")
    return Practice(store, lambda: NOW, staff, centre, here)


def _with_plans(alliance: Alliance) -> list[UUID]:
    return [value.person for _, value in alliance.of(PlanVersion) if value.person is not None]


def _pages(practice: Practice, person: UUID, choice: PaperChoice) -> int:
    return len(PdfReader(BytesIO(prepare(practice, "plan", person, choice=choice).pdf)).pages)
