"""The tour: two desks, one server, one outage, driven by keys and clicks with the page objects of the tests.

It leaves numbered pictures, the printed PDFs and `tour.json` in a folder: each step with its seconds and key presses,
and the record counts of both desks and the server, equal at the end.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import monotonic

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_SCALE_FACTOR", "1")
os.environ.setdefault("QT_FONT_DPI", "96")

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from installer.demo.steps import PARTS
from installer.demo.tour_parts import Tourist
from livingwell_desktop.ui.widgets import ask, theme
from tests.office import Office
from tests.window import Window

Say = Callable[[str], None]


@dataclass
class Step:
    """One step of the tour."""

    name: str
    seconds: float = 0.0
    key_presses: int = 0
    pictures: list[str] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)


class Journal:
    """What the tour leaves behind."""

    def __init__(self, folder: Path, say: Say) -> None:
        self.folder, self._say = folder, say
        self.steps: list[Step] = []
        self._pictures = 0
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def step(self, name: str, *windows: Window) -> Iterator[Step]:
        """Time a step and count its key presses; pictures taken inside it belong to it and cost it nothing."""
        step = Step(name)
        self.steps.append(step)
        before = {id(window): window.presses for window in windows}
        begun = monotonic()
        yield step
        step.seconds = round(monotonic() - begun - step.seconds, 2)
        step.key_presses += sum(window.presses - before[id(window)] for window in windows)
        self._say(f"{name}: {step.seconds:.1f} s, {step.key_presses} key presses")

    def picture(self, window: Window, name: str) -> None:
        """Take a numbered picture."""
        begun = monotonic()
        self._pictures += 1
        file = f"{self._pictures:02}-{name}.png"
        window.picture(self.folder / file)
        step = self.steps[-1]
        step.pictures.append(file)
        step.seconds += monotonic() - begun

    def paper(self, name: str, pdf: bytes) -> None:
        """Keep a printed paper."""
        (self.folder / f"{name}.pdf").write_bytes(pdf)
        self.steps[-1].papers.append(f"{name}.pdf")


def run_tour(work: Path, folder: Path, say: Say) -> int:
    """Run the tour in a scratch folder and leave what it made in `folder`. 0 when everything agreed at the end."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.prepare(application)
    application.setCursorFlashTime(0)
    say("Making the alliance, the server and two desks")
    office = Office(work / "office")
    journal = Journal(folder, say)
    try:
        with office.day(work / "day") as day:
            tourist = Tourist(day, office.alliance, journal)
            for part in PARTS:
                part(tourist)
            counts, changes = tourist.counts(), tourist.changes()
    finally:
        ask.use(None)
        office.close()
        for widget in QApplication.topLevelWidgets():
            widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    equal = len({json.dumps(each, sort_keys=True) for each in counts.values()}) == 1 and len(set(changes.values())) == 1
    report = {
        "steps": [asdict(step) for step in journal.steps],
        "records": {name: sum(each.values()) for name, each in counts.items()},
        "records_by_kind": counts,
        "changes": changes,
        "equal": equal,
    }
    (folder / "tour.json").write_text(json.dumps(report, indent=2, sort_keys=False), encoding="utf-8")
    say(f"Records: {report['records']}. " + ("All equal." if equal else "NOT EQUAL."))
    return 0 if equal else 1
