"""Every component on one page, with invented people: for the tests, for the documentation, and to look at."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.action_status import STATUSES, ActionStatus, Agreement, AgreementRow
from livingwell_desktop.ui.widgets.answer_scale import AnswerScale
from livingwell_desktop.ui.widgets.badge import Badge, BadgeRow, BadgeText
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.capacity import CapacityCard, ProgressBlocks
from livingwell_desktop.ui.widgets.change_picture import ChangeLine, ChangePicture
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards, TickBox, YesNo
from livingwell_desktop.ui.widgets.conflict_card import ConflictOption
from livingwell_desktop.ui.widgets.conflict_strip import ConflictStrip
from livingwell_desktop.ui.widgets.field_frame import ErrorSummary, FieldFrame
from livingwell_desktop.ui.widgets.fields import ChoiceField, DateFields, TextArea, TextField
from livingwell_desktop.ui.widgets.flow import Flow
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.marks import Avatar, Mark, OrganisationMark
from livingwell_desktop.ui.widgets.notices import EmptyState, Notice
from livingwell_desktop.ui.widgets.status_line import StatusLine
from livingwell_desktop.ui.widgets.surfaces import PageTitle, ScrollBody
from livingwell_desktop.ui.widgets.tab_bar import Tab, TabBar
from livingwell_desktop.ui.widgets.words import Words

SLAM = Mark("organisation", "slam", name="SLaM")
COUNCIL = Mark("organisation", "council", name="Lambeth Council")
CERTITUDE = Mark("organisation", "certitude", name="Certitude")
THAMES_REACH = Mark("organisation", "thames_reach", name="Thames Reach")
PERSON = Mark("person", name="Ngozi")
IN_PART = Mark("part", "thames_reach", name="Shared in part")

DIALOG_ANSWERS = (
    (1, "Totally dissatisfied"),
    (2, "Very dissatisfied"),
    (3, "Fairly dissatisfied"),
    (4, "In the middle"),
    (5, "Fairly satisfied"),
    (6, "Very satisfied"),
    (7, "Totally satisfied"),
)


class _Ringed(QWidget):
    """A control with the focus ring painted around it, to show it on a still page."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        box = QHBoxLayout(self)
        box.setContentsMargins(theme.RING, theme.RING, theme.RING, theme.RING)
        box.addWidget(inner)
        self._inner = inner

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painting.ring(painter, QRectF(self._inner.geometry()), theme.px(7))
        painter.end()


class Gallery(QWidget):
    """All components: the first screen is the sheet of the design, the rest follows below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Components")
        self.page = ScrollBody(spacing=24, margins=(32, 24, 32, 32))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.page)
        body = self.page.body
        body.add(PageTitle("Components"))
        sheet = Row(spacing=48)
        left, right = Column(spacing=24), Column(spacing=24)
        for title, make in _LEFT:
            left.add(_titled(title, make()))
        for title, make in _RIGHT:
            right.add(_titled(title, make()))
        left.push()
        right.push()
        sheet.add(left, stretch=7)
        sheet.add(right, stretch=4)
        body.add(sheet)
        for title, make in _BELOW:
            body.add(_titled(title, make()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.end()


def _titled(title: str, content: QWidget) -> QWidget:
    whole = QWidget()
    column = Column(whole, spacing=8)
    column.add(Words(title, "conversation_strong", "secondary"))
    column.add(content)
    return whole


def _row(*items: QWidget, spacing: int = 10) -> QWidget:
    whole = QWidget()
    Flow(whole, spacing=spacing).add(*items)
    return whole


def _stack(*items: QWidget, spacing: int = 8) -> QWidget:
    whole = QWidget()
    column = Column(whole, spacing=spacing)
    column.add(*items)
    return whole


def _buttons() -> QWidget:
    chosen = Button("Yes, more help", key="Y")
    chosen.setCheckable(True)
    chosen.setChecked(True)
    barred = Button("Complete")
    barred.set_allowed(False, "Answer all 11 questions first.")
    return _stack(
        _row(
            Button("Check in", "primary", icon="plus", key="Ctrl N"),
            Button("Print", icon="print"),
            chosen,
            barred,
            Button("Add a need", "quiet", icon="plus"),
        ),
        _row(_Ringed(Button("Check in", "primary", icon="plus", key="Ctrl N")), _Ringed(Button("Print", icon="print"))),
    )


def _flags() -> QWidget:
    return _stack(
        _row(
            Badge("Somali, none booked", "warning", "chat"),
            Badge("BSL, booked", "calm", "hand"),
            Badge("Large print", "neutral", "letter-size"),
            BadgeRow((BadgeText("Step-free", icon="wheelchair"), BadgeText("Text only"), BadgeText("Quiet room"))),
        ),
        _row(
            Badge("52 min", "error", "warning-triangle", large=True),
            Badge("27 min", "warning", "clock", large=True),
            Words("7 min", "time"),
            Badge("Version 4, draft", "warning"),
            Badge("In 9 days"),
            Badge("More help", "action"),
            Badge("Sent", "success", "check"),
        ),
    )


def _organisations() -> QWidget:
    items: list[QWidget] = []
    for mark in (SLAM, COUNCIL, CERTITUDE, THAMES_REACH, PERSON, IN_PART):
        items.append(_row(OrganisationMark(mark), Words(mark.name, "body"), spacing=8))
    return _row(*items, spacing=14)


def _status_lines() -> QWidget:
    first, second, third = StatusLine(), StatusLine(), StatusLine()
    first.show_state("connected", "Connected · all changes sent 10:42")
    first.set_right("3 desks on  ·  Reception desk 1")
    second.show_state(
        "no_connection",
        "No connection since 9:12am · 14 changes wait on this desk",
        "You can keep working. Nothing is lost.",
        "What waits",
    )
    third.show_state("again", "Connected again · sending 9 of 14")
    return _stack(first, second, third)


def _error() -> QWidget:
    frame = FieldFrame("Phone number", TextField("0770 090", characters=28))
    frame.set_error("Enter a phone number, like 01632 960 001")
    return frame


def _empty_board() -> QWidget:
    return EmptyState(
        "No one is waiting",
        "Check someone in with Ctrl N. 4 people are booked for the next hour.",
        Button("Check in", "primary", icon="plus", key="Ctrl N"),
        icon="cup",
    )


def _empty_part() -> QWidget:
    return EmptyState(
        "No plan yet",
        "A plan starts from what Ngozi wants. You can add needs first.",
        Button("Start a plan", icon="plus"),
    )


def _agreements() -> QWidget:
    return _stack(
        AgreementRow(Agreement(PERSON, "Ngozi Okafor", "Today 10:58am, signed on screen", "agreed")),
        AgreementRow(Agreement(COUNCIL, "Tunde Bakare", "Lambeth Council, asked today 11:02am", "waiting")),
        AgreementRow(
            Agreement(
                THAMES_REACH, "Jo Castell", "Thames Reach, today 11am, by phone", "declined",
                "I am on leave on 27 November.",
            )
        ),
        spacing=0,
    )  # fmt: skip


def _fields() -> QWidget:
    summary = ErrorSummary()
    born = FieldFrame("Date of birth", DateFields("31", "February", "1986"), hint="For example, 31 3 1986")
    born.set_error("Enter a real date of birth")
    summary.show_errors([("Enter a real date of birth", born)])
    language = FieldFrame("Language", ChoiceField([("en", "English"), ("so", "Somali")], "so"), optional=True)
    words = FieldFrame(
        "Notes, in Ngozi’s words where you can",
        TextArea("“The letter says I have to be out on 5 January.”", lines=3),
        trailing="Last time: “Fine if the damp gets sorted.”",
    )
    search = TextField(icon="search", key="Ctrl K", placeholder="Find a person or an action")
    search.set_spoken("Find a person or an action")
    return _stack(summary, born, language, words, search, spacing=18)


def _choices() -> QWidget:
    cards = RadioCards(
        [CardOption("standard", "Standard", "14 point"), CardOption("large", "Large print", "18 point")],
        "large",
        across=True,
    )
    cards.set_spoken("Format")
    return _stack(
        _row(TickBox("Show the passphrase"), TickBox("Safe to write here", ticked=True)),
        cards,
        YesNo("Yes, more help", "No", keys=("", ""), value=True),
        spacing=12,
    )


def _strips() -> QWidget:
    return _stack(
        Notice("success", "Two other changes joined by themselves.", link="See them"),
        Notice("warning", "Ask for the day of birth.", strong="Two people are called Amara Okeke", icon="two-people"),
        Notice("error", "The printer has no paper.", link="Try again", closable=True),
        Notice("action", "Maya Lindqvist changed the phone number just now."),
    )


def _tabs() -> QWidget:
    return TabBar(
        [Tab("overview", "Overview"), Tab("visits", "Visits"), Tab("plan", "Plan", "v3"), Tab("safety", "Safety plan")]
    )


def _capacity() -> QWidget:
    whole = QWidget()
    row = Row(whole, spacing=12)
    for title, when, counts in (
        ("Open drop-in", "10am to 1pm", (24, 11, 4, 0)),
        ("Housing and money advice", "11am to 1pm", (6, 0, 6, 2)),
        ("Talking space", "2pm to 4pm", (12, 0, 3, 0)),
    ):
        card = CapacityCard(title, when)
        card.set_counts(*counts)
        row.add(card, stretch=1)
    return whole


def _states() -> QWidget:
    return _stack(
        _row(*(ActionStatus(code) for code in list(STATUSES)[:5]), spacing=18),
        _row(*(ActionStatus(code) for code in list(STATUSES)[5:]), spacing=18),
        _row(Avatar("Ngozi Okafor", 60), Avatar("Amara Okeke"), Avatar("Chidi Okafor", 34, quiet=True)),
        ProgressBlocks(2, 3),
    )


def _answers() -> QWidget:
    scale = AnswerScale(DIALOG_ANSWERS)
    scale.set_spoken("How satisfied are you with your accommodation?")
    scale.set_value(2)
    scale.set_last(3, "Last time, 12 August")
    return scale


def _change() -> QWidget:
    life = "My life"
    return ChangePicture(
        [
            ChangeLine("mental_health", "Mental health", 3, 4, group=life),
            ChangeLine("physical_health", "Physical health", 4, 4, group=life),
            ChangeLine("accommodation", "Accommodation", 3, 2, more_help=True, group=life),
            ChangeLine("medication", "Medication", 4, None, group="My treatment"),
        ],
        chosen=("mental_health", "accommodation"),
    )


def phone_conflict() -> ConflictStrip:
    """The conflict of the design's picture 06."""
    return ConflictStrip(
        "Two people changed Ngozi’s phone number",
        "It was 07700 900 118. Both desks had no connection. Which number is right?",
        [
            ConflictOption(
                "07700900341", "07700 900 341", "Rosa Mensah", CERTITUDE, "Certitude", "Reception desk 1",
                "Today, 9:40am, no connection", "Ngozi showed her phone",
            ),
            ConflictOption(
                "07700900314", "07700 900 314", "Tunde Bakare", COUNCIL, "Lambeth Council", "Room 3 desk",
                "Today, 10:05am, no connection", "Heard on the phone",
            ),
        ],
        kept="The other number stays in the history.",
    )  # fmt: skip


def _keys() -> QWidget:
    line = KeyLine()
    line.show_keys(
        "A11 Ngozi Okafor",
        [
            KeyAction("call", "Enter", "Call"),
            KeyAction("open", "O", "Open record"),
            KeyAction("where", "W", "Change who or where"),
            KeyAction("left", "L", "Left without being seen", "She is with someone."),
        ],
        KeyAction("keys", "?", "All keys"),
    )
    return line


_LEFT: tuple[tuple[str, Callable[[], QWidget]], ...] = (
    ("Buttons", _buttons),
    ("Flags and waiting time", _flags),
    ("Organisations: colour, letters and shape", _organisations),
    ("Status line", _status_lines),
    ("An error, after submit", _error),
)
_RIGHT: tuple[tuple[str, Callable[[], QWidget]], ...] = (
    ("Empty board", _empty_board),
    ("Empty part of a page", _empty_part),
    ("Agreement rows", _agreements),
)
_BELOW: tuple[tuple[str, Callable[[], QWidget]], ...] = (
    ("A form", _fields),
    ("Choices", _choices),
    ("Messages", _strips),
    ("Tabs", _tabs),
    ("Sessions", _capacity),
    ("States, people and progress", _states),
    ("A question", _answers),
    ("What has changed", _change),
    ("A conflict", phone_conflict),
    ("Keys", _keys),
)
