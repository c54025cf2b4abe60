"""Sheets about who may see a record: what the person shares, protecting them, opening in an emergency, its review."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import parse_due_date
from livingwell_desktop.domain.emergency_opening import OPENING_WORDS, OUTCOME_WORDS, OpeningReason, ReviewOutcome
from livingwell_desktop.domain.errors import Problem
from livingwell_desktop.domain.people import SECTION_WORDS, Decision, Section
from livingwell_desktop.domain.protection import REASON_WORDS, ProtectionReason
from livingwell_desktop.domain.record_requests import REQUEST_WORDS, RequestReason
from livingwell_desktop.services.sharing import HOW_WORDS, SPOKEN
from livingwell_desktop.ui.widgets import ask
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards, TickBox
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, DateFields, TextArea, TextField
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.words import Words

RecordSharing = Callable[[UUID, Decision, Sequence[Section], str, date | None], object]
Protect = Callable[[ProtectionReason, str, date | None], object]
OpenRecord = Callable[[OpeningReason, str], object]
Review = Callable[[ReviewOutcome, str], object]

_ANSWERS = (
    CardOption(Decision.GIVEN.value, "They agree"),
    CardOption(Decision.REFUSED.value, "They do not agree"),
    CardOption(Decision.WITHDRAWN.value, "They take it back"),
)


def ask_sharing(
    parent: QWidget, called: str, organisations: Sequence[tuple[str, str]], today: date, record: RecordSharing
) -> None:
    """Ask what the person said about one organisation. The sheet stays open until it could be written down."""
    body = QWidget()
    column = Column(body, spacing=14)
    organisation = ChoiceField(organisations, nothing="Choose an organisation")
    organisation.setObjectName("organisation")
    answer = RadioCards(_ANSWERS, Decision.GIVEN.value, across=True)
    answer.setObjectName("answer")
    parts = QWidget()
    ticks = {section: TickBox(words) for section, words in SECTION_WORDS.items()}
    rows = Column(parts, spacing=6)
    for section, tick in ticks.items():
        tick.setObjectName(f"part {section.value}")
        rows.add(tick)
    parts.setFocusProxy(next(iter(ticks.values())))
    how = RadioCards([CardOption(code, words) for code, words in HOW_WORDS.items()], SPOKEN, across=True)
    how.setObjectName("how it was said")
    review = DateFields()
    review.setObjectName("ask again on")
    frames = {
        "organisation": FieldFrame("With whom", organisation),
        "answer": FieldFrame(f"What {called} says", answer),
        "sections": FieldFrame("Which parts", parts),
        "how": FieldFrame("How it was said", how),
        "review_on": FieldFrame("Ask again on", review, hint="Like 27 11 2027", optional=True),
    }
    column.add(*frames.values())

    def show_parts() -> None:
        given = answer.code() == Decision.GIVEN.value
        frames["sections"].setVisible(given)
        frames["review_on"].setVisible(given)

    answer.changed.connect(lambda _code: show_parts())
    show_parts()

    def save() -> None:
        chosen = organisation.code()
        if chosen is None:
            frames["organisation"].set_error("Choose an organisation.")
            organisation.setFocus()
            raise Problem("There is a problem", "No organisation is chosen.", "Choose one.")
        sections = [section for section, tick in ticks.items() if tick.isChecked()]
        decision = Decision(answer.code() or Decision.GIVEN.value)
        record(UUID(chosen), decision, sections, how.code() or SPOKEN, _day(review, today))

    open_sheet(parent, "What may be shared", body, "Write it down", frames, save)


def ask_protection(parent: QWidget, called: str, today: date, protect: Protect) -> None:
    """Ask why the person must not be found, and by which name reception is to know them."""
    body = QWidget()
    column = Column(body, spacing=14)
    words = (
        f"From now on no list, paper or reception desk says where {called} lives or when they come. "
        "Reception here knows them by a name that you agree on with them."
    )
    column.add(Words(words, "body", wrap=True))
    reason = ChoiceField([(each.value, said) for each, said in REASON_WORDS.items()], nothing="Choose a reason")
    reason.setObjectName("why")
    reference = TextField()
    reference.setObjectName("reference")
    review = DateFields()
    review.setObjectName("look again on")
    frames = {
        "reason": FieldFrame("Why", reason, hint="The story itself belongs in the record"),
        "reference": FieldFrame("Agreed reference", reference, hint="A name that is not theirs, like Dana"),
        "review_on": FieldFrame("Look at it again on", review, hint="Like 27 5 2027", optional=True),
    }
    column.add(*frames.values())

    def save() -> None:
        code = ProtectionReason(reason.code() or ProtectionReason.OTHER.value)
        protect(code, reference.text(), _day(review, today))

    open_sheet(parent, f"Protect {called}", body, "Protect them", frames, save)


def ask_emergency(parent: QWidget, called: str, hours: int, why_closed: str, open_record: OpenRecord) -> None:
    """Ask why the record must be opened now. Works without the server."""
    body = QWidget()
    column = Column(body, spacing=14)
    words = f"{why_closed} It opens for {hours} hours. The privacy officer reads what you write here."
    column.add(Words(words, "body", wrap=True))
    reason = ChoiceField([(each.value, said) for each, said in OPENING_WORDS.items()], nothing="Choose a reason")
    reason.setObjectName("why")
    said = TextArea(lines=3)
    said.setObjectName("what happened")
    frames = {
        "reason": FieldFrame("Why now", reason),
        "words": FieldFrame("What happened", said, hint="A sentence or two"),
    }
    column.add(*frames.values())

    def save() -> None:
        code = reason.code()
        if code is None:
            frames["reason"].set_error("Choose a reason.")
            reason.setFocus()
            raise Problem("There is a problem", "No reason is chosen.", "Choose one.")
        open_record(OpeningReason(code), said.text())

    open_sheet(parent, f"Open {called}’s record in an emergency", body, "Open it", frames, save)


def ask_review(parent: QWidget, about: Sequence[str], review: Review) -> None:
    """Ask the privacy officer what they found. `about` says in lines who opened what, when and why."""
    body = QWidget()
    column = Column(body, spacing=14)
    for line in about:
        column.add(Words(line, "body", wrap=True))
    outcome = RadioCards([CardOption(each.value, said) for each, said in OUTCOME_WORDS.items()], "right")
    outcome.setObjectName("outcome")
    said = TextField()
    said.setObjectName("in words")
    frames = {
        "outcome": FieldFrame("What you found", outcome),
        "words": FieldFrame("In words", said, hint="Needed when it was not right", optional=True),
    }
    column.add(*frames.values())
    open_sheet(
        parent,
        "Review this opening",
        body,
        "Save the review",
        frames,
        lambda: review(ReviewOutcome(outcome.code() or "right"), said.text()),
    )


def ask_for_record(parent: QWidget, ask_for: Callable[[RequestReason, str], object]) -> None:
    """Ask why a record of another centre is needed here."""
    body = QWidget()
    column = Column(body, spacing=14)
    words = "Another centre knows this person. Say why you need the record here. They can ask who did."
    column.add(Words(words, "body", wrap=True))
    options = [CardOption(each.value, said) for each, said in REQUEST_WORDS.items()]
    reason = RadioCards(options, RequestReason.HERE_NOW.value)
    reason.setObjectName("why the record is needed")
    said = TextField()
    said.setObjectName("in words")
    frames = {
        "reason": FieldFrame("Why", reason),
        "words": FieldFrame("In words", said, hint="Needed for something else", optional=True),
    }
    column.add(*frames.values())
    open_sheet(
        parent,
        "Ask for this record",
        body,
        "Ask for it",
        frames,
        lambda: ask_for(RequestReason(reason.code() or RequestReason.HERE_NOW.value), said.text()),
    )


def _day(typed: DateFields, today: date) -> date | None:
    """The day that was typed, or None for none. Raises Problem for one that is no day or has passed."""
    parts = typed.value()
    return parse_due_date(*parts, today, field="review_on", what="date") if any(parts) else None


def open_sheet(
    parent: QWidget,
    title: str,
    body: QWidget,
    yes: str,
    frames: Mapping[str, FieldFrame],
    save: Callable[[], object],
) -> None:
    """Open the sheet; it stays open, with what is to be mended beside each field, until it could be saved."""

    def done(wanted: bool) -> bool:
        if not wanted:
            return True
        for frame in frames.values():
            frame.set_error("")
        try:
            save()
        except Problem as problem:
            for each in problem.fields:
                if each.field in frames:
                    frames[each.field].set_error(each.sentence)
                    frames[each.field].setFocus()
            if not problem.fields and not any(frame.error_text() for frame in frames.values()):
                next(iter(frames.values())).set_error(problem.advice)
            return False
        return True

    ask.sheet(parent, title, body, yes, done)
