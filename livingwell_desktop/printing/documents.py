"""The papers this program prints, each declared once.

    @document("plan", label="My plan", formats=tuple(PrintFormat))
    def plan(printed: Printed, person: Held[Person], goals: tuple[Held[Goal], ...]) -> bytes: ...

The parameters say which records the paper needs. The Print menu, the preview, the fetching of the records and the audit
entry follow from `documents()`; none of them is told about a new paper in any other way.
"""

import importlib
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.domain.records import Held
from livingwell_desktop.printing.crisis import CRISIS_LINES, CrisisLine
from livingwell_desktop.printing.paper import (
    EASY_READ_SIZE,
    LARGEST_LARGE_PRINT,
    SMALLEST_LARGE_PRINT,
    SMALLEST_TYPE,
    STANDARD_SIZE,
    PaperSize,
)

_MODULES = ("plan", "earlier_plan", "ticket", "booking_slip", "change_picture", "recovery_code", "own_record")
"""The files that declare papers. A new paper is one more file and one more word here."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a printing is, apart from the records: when, by whom, where, and in which format and size."""

    at: datetime
    """A UTC instant."""
    by: str
    """The name of the member of staff."""
    centre: str
    format: PrintFormat = PrintFormat.STANDARD
    size: int = 0
    """Points of the body; 0 is the usual size of the format. Large print is 16 to 28."""
    paper: PaperSize | None = None
    """None is the paper that the document is made for."""
    born_in_foot: bool = True
    """False for a person who does not want their date of birth on a page they carry."""
    named: bool = False
    """True prints the name on a slip that usually has none."""
    crisis_lines: tuple[CrisisLine, ...] = CRISIS_LINES

    @property
    def body_size(self) -> int:
        """Points. Raises ValueError for a size that the format does not have."""
        if self.format is PrintFormat.LARGE_PRINT:
            size = self.size or 18
            if not SMALLEST_LARGE_PRINT <= size <= LARGEST_LARGE_PRINT:
                raise ValueError(f"large print is {SMALLEST_LARGE_PRINT} to {LARGEST_LARGE_PRINT} points, not {size}")
            return size
        return EASY_READ_SIZE if self.format is PrintFormat.EASY_READ else STANDARD_SIZE

    @property
    def smallest_size(self) -> float:
        """Points; for large print nothing is smaller than large print."""
        return SMALLEST_LARGE_PRINT if self.format is PrintFormat.LARGE_PRINT else SMALLEST_TYPE


class Many(Enum):
    """How a parameter takes its records."""

    ONE = "one"
    """`Held[Person]`: exactly one, else the paper cannot be printed."""
    PERHAPS = "perhaps"
    """`Held[Session] | None`."""
    ALL = "all"
    """`tuple[Held[Goal], ...]`: all about the same person."""
    BY_ID = "by_id"
    """`Mapping[UUID, Staff]`: the whole list of the alliance, by identity."""
    VALUE = "value"
    """Anything else: a plain value that the page which prints makes itself."""


@dataclass(frozen=True, slots=True)
class Need:
    """One parameter of a document: its name, the record class or value class, and how many."""

    parameter: str
    kind: type
    many: Many


def _need(parameter: str, hint: Any) -> Need:
    origin, args = get_origin(hint), get_args(hint)
    if origin is Held:
        return Need(parameter, args[0], Many.ONE)
    if origin in (Union, types.UnionType) and get_origin(args[0]) is Held:
        return Need(parameter, get_args(args[0])[0], Many.PERHAPS)
    if origin is tuple and get_origin(args[0]) is Held:
        return Need(parameter, get_args(args[0])[0], Many.ALL)
    if origin is Mapping and args[0] is UUID:
        return Need(parameter, args[1], Many.BY_ID)
    if isinstance(hint, type):
        return Need(parameter, hint, Many.VALUE)
    raise TypeError(f"a document cannot ask for {parameter}: {hint}")


@dataclass(frozen=True, slots=True)
class Document:
    """A declared paper."""

    name: str
    """Never changes: it is in the audit and in the records of papers given."""
    label: str
    formats: tuple[PrintFormat, ...]
    act: Act | None
    """The right that printing it takes; None follows from the kinds of records on it."""
    leaves_out: tuple[str, ...]
    """What is never on this paper, by rule; the preview says it, the paper does not hint at it."""
    draw: Callable[..., bytes] = field(repr=False)

    @property
    def needs(self) -> tuple[Need, ...]:
        """What must be fetched to print it, from the parameters of its function."""
        hints = get_type_hints(self.draw)
        return tuple(_need(name, hint) for name, hint in hints.items() if name != "return" and hint is not Printed)

    def print(self, printed: Printed, **records: Any) -> bytes:
        """The paper as PDF, in memory. Raises ValueError for a format that it does not have."""
        if printed.format not in self.formats:
            raise ValueError(f"{self.label} has no {printed.format.value} format")
        return self.draw(printed, **records)


_documents: dict[str, Document] = {}

D = TypeVar("D", bound=Callable[..., bytes])


def document(
    name: str,
    *,
    label: str,
    formats: tuple[PrintFormat, ...],
    leaves_out: tuple[str, ...] = (),
    act: Act | None = None,
) -> Callable[[D], D]:
    """Declare the function under it as a paper. Raises ValueError when the name is taken."""

    def declare(draw: D) -> D:
        if name in _documents:
            raise ValueError(f"two documents are called {name}")
        _documents[name] = Document(name, label, formats, act, leaves_out, draw)
        return draw

    return declare


def documents() -> tuple[Document, ...]:
    """Every paper, in the order of the Print menu."""
    for module in _MODULES:
        importlib.import_module(f"livingwell_desktop.printing.{module}")
    return tuple(_documents.values())


def document_named(name: str) -> Document:
    """The paper of that name. Raises KeyError."""
    return {one.name: one for one in documents()}[name]
