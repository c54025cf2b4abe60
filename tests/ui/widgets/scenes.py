"""Whole pages put together from the widgets, with the invented people of the design, to look at and to measure."""

from __future__ import annotations

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from livingwell_desktop.ui.widgets import painting, theme
from livingwell_desktop.ui.widgets.answer_scale import AnswerScale
from livingwell_desktop.ui.widgets.badge import BadgeText
from livingwell_desktop.ui.widgets.banner import PersonBanner, PersonFacts
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.capacity import CapacityCard
from livingwell_desktop.ui.widgets.cells import CellBadges, CellOrganisation, CellText
from livingwell_desktop.ui.widgets.change_picture import ChangeLegend, ChangeLine, ChangePicture
from livingwell_desktop.ui.widgets.choices import TickBox, YesNo
from livingwell_desktop.ui.widgets.field_frame import FieldFrame
from livingwell_desktop.ui.widgets.fields import TextArea, TextField
from livingwell_desktop.ui.widgets.flow import Flow, Sides
from livingwell_desktop.ui.widgets.gallery import (
    CERTITUDE,
    COUNCIL,
    DIALOG_ANSWERS,
    IN_PART,
    SLAM,
    THAMES_REACH,
    phone_conflict,
)
from livingwell_desktop.ui.widgets.key_line import KeyAction, KeyLine
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.marks import NOBODY, Mark
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.rail import Brand, Rail, RailCount, RailPlace
from livingwell_desktop.ui.widgets.skyline import SkylineArt
from livingwell_desktop.ui.widgets.status_line import StatusLine
from livingwell_desktop.ui.widgets.surfaces import PageSheet, PageTitle, Rule, ScrollBody, Section
from livingwell_desktop.ui.widgets.tab_bar import Tab, TabBar
from livingwell_desktop.ui.widgets.table_model import TableColumn, TableGroup, TableRow
from livingwell_desktop.ui.widgets.tables import RowList
from livingwell_desktop.ui.widgets.words import IconMark, Words

PLACES = (
    RailPlace("today", "Today", "calendar-check"),
    RailPlace("bookings", "Bookings", "calendar"),
    RailPlace("people", "People", "people"),
    RailPlace("plans", "Plans due", "clipboard"),
    RailPlace("reports", "Reports", "chart"),
    RailPlace("attention", "Attention", "bell"),
    RailPlace("admin", "Admin", "gear"),
)
BOARD_COLUMNS = (
    TableColumn("Ticket", 62),
    TableColumn("Person", 208),
    TableColumn("Reason", 252),
    TableColumn("Needs", 236),
    TableColumn("Sees", 174),
    TableColumn("Where", 102, folds_into="Sees"),
    TableColumn("Time", right=True),
)


class Plain(QWidget):
    """A window filled with the page or the surface colour."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.end()


def rail(current: str, name: str, role: str) -> Rail:
    made = Rail(PLACES, "Centre A")
    made.set_counts({"today": RailCount(11), "plans": RailCount(6), "attention": RailCount(2, urgent=True)})
    made.set_current(current)
    made.set_person(name, role)
    return made


def framed(side: QWidget, page: QWidget) -> QWidget:
    """Rail, page and status line, as the shell will have them."""
    window = Plain()
    column = Column(window, spacing=0)
    row = Row(spacing=0)
    row.add(side)
    sheet = PageSheet()
    sheet.body.add(page)
    row.add(sheet, stretch=1)
    column.add(row, stretch=1)
    line = StatusLine()
    line.show_state("connected", "Connected · all changes sent 10:42")
    line.set_right("3 desks on  ·  Reception desk 1")
    column.add(line)
    return window


def _wait(minutes: int) -> CellText | CellBadges:
    if minutes >= 45:
        return CellBadges((BadgeText(f"{minutes} min", "error", "warning-triangle", large=True),), right=True)
    if minutes >= 20:
        return CellBadges((BadgeText(f"{minutes} min", "warning", "clock", large=True),), right=True)
    return CellText(f"{minutes} min", role="strong", right=True)


def _row(
    ticket: str, name: str, born: str, reason: str, came: str, needs: tuple[BadgeText, ...], mark: Mark, sees: str,
    where: str, time: CellText | CellBadges, dense: bool = False,
) -> TableRow:  # fmt: skip
    organisation = mark.name if mark.kind == "organisation" else ""
    return TableRow(
        ticket,
        (
            CellText(ticket, role="ticket"),
            CellText(name, born, strong=True),
            CellText(reason, came),
            CellBadges(needs),
            CellOrganisation(mark, sees, organisation),
            CellText(where or "—", colour="text" if where else "secondary", role="medium" if where else "body"),
            time,
        ),
        dense=dense,
    )


def board_groups() -> list[TableGroup]:
    somali = BadgeText("Somali, none booked", "warning", "chat")
    large, quiet = BadgeText("Large print", icon="letter-size"), BadgeText("Quiet room", icon="speaker-off")
    waiting = (
        _row("A09", "Yusuf Abdi Warsame", "2 May 1979, 47 years", "Eviction notice, needs advice", "Walk-in, 9:51am", (somali,), COUNCIL, "Tunde Bakare", "", _wait(52)),  # noqa: E501 - a table
        _row("A11", "Ngozi Okafor", "14 Mar 1986, 40 years", "Review of plan", "Booked, 10:15am", (large, quiet), SLAM, "Maya Lindqvist", "Room 2", _wait(27)),  # noqa: E501 - a table
        _row("A12", "Ines Carvalho", "30 Sep 1991, 35 years", "Not sleeping, sister is here", "Walk-in, 10:19am", (BadgeText("Portuguese, by phone", "calm", "chat"),), NOBODY, "First free", "", _wait(24)),  # noqa: E501 - a table
        _row("A13", "Delroy Pinnock", "19 Jan 1958, 68 years", "Medication letter", "Walk-in, 10:28am", (BadgeText("Step-free", icon="wheelchair"),), SLAM, "Maya Lindqvist", "", _wait(15)),  # noqa: E501 - a table
        _row("A14", "Kit Farrow", "25 Jul 2001, 25 years", "First visit, wants to talk", "Walk-in, 10:36am", (), NOBODY, "First free", "", _wait(7)),  # noqa: E501 - a table
        _row("A15", "Amira Haddad", "8 Dec 1995, 30 years", "Help with a benefits form", "Booked, 10:45am", (BadgeText("BSL, booked", "calm", "hand"),), THAMES_REACH, "Jo Castell", "Hub table 4", _wait(2)),  # noqa: E501 - a table
    )  # fmt: skip
    since = [CellText(f"since 10:{minute}", colour="secondary", role="conversation", right=True) for minute in (31, 22)]
    seen = (
        _row("A06", "Samuel Osei-Bonsu", "11 Jun 1983, 43 years", "Talking about work", "Booked, 9:30am", (), CERTITUDE, "Priya Nair", "Room 1", since[0], True),  # noqa: E501 - a table
        _row("A07", "Halina Wójcik", "3 Feb 1970, 56 years", "Joint care plan", "Booked, 10am", (BadgeText("Polish, here", "calm", "chat"),), SLAM, "Maya Lindqvist", "Room 3", since[1], True),  # noqa: E501 - a table
        _row("A08", "Marcus Teale", "22 Oct 1988, 38 years", "Rent arrears", "Walk-in, 9:44am", (BadgeText("Text only", icon="phone"),), THAMES_REACH, "Jo Castell", "Hub table 2", since[1], True),  # noqa: E501 - a table
        _row("A10", "Grace Adomako", "17 Aug 1964, 62 years", "Health check", "Booked, 10:15am", (BadgeText("Step-free", icon="wheelchair"),), SLAM, "Dr Leo Hartmann", "Clinic", since[1], True),  # noqa: E501 - a table
    )  # fmt: skip
    return [
        TableGroup("Waiting", waiting, "Longest wait 52 minutes. Two people need someone to see them."),
        TableGroup("With someone", seen, "Free now: Room 4, Hub tables 1 and 3"),
        TableGroup("Done today", (), "Last: A05 Theo Marchetti, left 10:26am", count=5),
    ]


def board() -> QWidget:
    page = QWidget()
    whole = Column(page, spacing=0)
    scroll = ScrollBody(fill=True, margins=(24, 18, 24, 0))
    column = scroll.body
    whole.add(scroll, stretch=1)
    title = PageTitle("Today", "Monday 23 November 2026, 10:43am")
    search = TextField(icon="search", key="Ctrl K", placeholder="Find a person or an action", characters=44)
    search.set_spoken("Find a person or an action")
    title.buttons.add(search, Button("Hide names", icon="eye-off", key="F9"))
    title.buttons.add(Button("Check in", "primary", icon="plus", key="Ctrl N"))
    column.add(title)
    cards = Row(spacing=12)
    for name, when, counts in (
        ("Open drop-in", "10am to 1pm", (24, 11, 4)),
        ("Housing and money advice", "11am to 1pm", (6, 0, 6, 2)),
        ("Talking space", "2pm to 4pm", (12, 0, 3)),
    ):
        card = CapacityCard(name, when)
        card.set_counts(*counts)
        cards.add(card, stretch=1)
    column.add(cards)
    rows = RowList(BOARD_COLUMNS, name="People here today")
    rows.set_groups(board_groups())
    rows.choose("A11")
    column.add(rows, stretch=1)
    keys = KeyLine()
    keys.show_keys(
        "A11 Ngozi Okafor",
        [
            KeyAction("call", "Enter", "Call"),
            KeyAction("open", "O", "Open record"),
            KeyAction("where", "W", "Change who or where"),
            KeyAction("print", "T", "Print ticket"),
            KeyAction("left", "L", "Left without being seen"),
        ],
        KeyAction("keys", "?", "All keys"),
    )
    whole.add(keys)
    return framed(rail("today", "Rosa Mensah", "Reception"), page)


FACTS = PersonFacts(
    "Ngozi Okafor",
    "14 March 1986",
    "40 years",
    "she/her",
    "9990040109",
    flags=(
        BadgeText("Large print", "calm", "letter-size"),
        BadgeText("Quiet room", "calm", "speaker-off"),
        BadgeText("Text, do not phone", "warning", "phone"),
    ),
    shares_with=(SLAM, COUNCIL, CERTITUDE, IN_PART),
)


def person() -> QWidget:
    page = QWidget()
    column = Column(page, spacing=0)
    banner = PersonBanner()
    banner.show_person(FACTS)
    banner.buttons.add(Button("Print", icon="print", key="Ctrl P"))
    banner.buttons.add(Button("Start appointment", "primary", key="Ctrl Enter"))
    tabs = ["Overview", "Visits", "Assessments", "Plan", "Safety plan", "Details", "Sharing", "Documents"]
    banner.set_tabs(TabBar([Tab(name, name, "v3" if name == "Plan" else "") for name in tabs], "Details"))
    column.add(banner)
    scroll = ScrollBody(spacing=12)
    scroll.body.add(
        Notice(
            "success",
            "Two other changes joined by themselves: Ngozi’s brother and her new quiet room request.",
            link="See them",
        )
    )
    scroll.body.add(Section("How to reach Ngozi"))
    scroll.body.add(phone_conflict())
    column.add(scroll, stretch=1)
    return framed(rail("people", "Maya Lindqvist", "Key worker"), page)


def slim_banner() -> PersonBanner:
    banner = PersonBanner(slim=True)
    banner.show_person(FACTS)
    banner.set_line("Appointment since 10:44am, Room 2, with Maya Lindqvist")
    banner.buttons.add(Button("Hide from view", icon="eye-off", key="F9"), Button("Finish later"))
    return banner


def question() -> QWidget:
    page = QWidget()
    column = Column(page, spacing=0)
    column.add(slim_banner())
    scroll = ScrollBody(spacing=14, margins=(48, 24, 32, 24))
    head = Row(spacing=8)
    head.add(IconMark("house", "calm", 20), Words("Accommodation", "strong", "calm"))
    head.push()
    head.add(Words("Keys 1 to 7 answer", "conversation", "secondary"))
    scroll.body.add(head)
    scroll.body.add(Words("How satisfied are you with your accommodation?", "question", wrap=True))
    scale = AnswerScale(DIALOG_ANSWERS)
    scale.set_value(2)
    scale.set_last(3, "Last time, 12 August")
    scroll.body.add(scale)
    scroll.body.add(Words("Do you need more help in this area?", "lead"))
    scroll.body.add(YesNo("Yes, more help", value=True))
    notes = TextArea(
        "“I have to be out on 5 January. I can’t think about anything else.” Damp is back behind the wardrobe.",
        lines=7,
    )
    scroll.body.add(
        FieldFrame(
            "Notes, in Ngozi’s words where you can", notes, trailing="Last time: “Fine if the damp gets sorted.”"
        )
    )
    column.add(scroll, stretch=1)
    column.add(Rule())
    foot_box = Column(spacing=0, margins=(48, 12, 24, 12))
    back, on = Row(spacing=18), Flow(right=True)
    back.add(Button("Back", key="←", size="conversation"), Button("Not answered", "quiet", key="0"))

    on.add(IconMark("check", "success", 16), Words("Draft saved 10:51am on this desk", "conversation", "secondary"))
    on.add(Button("Next: Leisure activities", "primary", icon="arrow-right", key="Enter", size="conversation"))
    foot_box.add(Sides(back, on))
    column.add(foot_box)
    return framed(rail("today", "Maya Lindqvist", "Key worker"), page)


DIALOG = (
    ("Mental health", 3, 4), ("Physical health", 4, 4), ("Job situation", 2, 2), ("Accommodation", 3, 2),
    ("Leisure activities", 2, 4), ("Partner or family", 5, 5), ("Friendships", 3, 4), ("Personal safety", 5, 4),
    ("Medication", 4, 5), ("Practical help", 4, 6), ("Meetings", 6, 6),
)  # fmt: skip


def change() -> QWidget:
    page = QWidget()
    column = Column(page, spacing=0)
    column.add(slim_banner())
    scroll = ScrollBody(spacing=12)
    title = PageTitle("What has changed, Ngozi?", "Five areas went up and two went down. What helped?")
    title.buttons.add(ChangeLegend("12 August 2026"))
    scroll.body.add(title)
    lines = [
        ChangeLine(name, name, old, new, name in ("Accommodation", "Personal safety"), "life" if at < 8 else "care")
        for at, (name, old, new) in enumerate(DIALOG)
    ]
    scroll.body.add(ChangePicture(lines, chosen=("Mental health", "Accommodation")))
    column.add(scroll, stretch=1)
    return framed(rail("today", "Maya Lindqvist", "Key worker"), page)


def sign_in() -> QWidget:
    window = Plain()
    row = Row(window, spacing=0)
    art = SkylineArt()
    words = Column(art, spacing=8, margins=(48, 48, 32, 32))
    words.add(Brand("Living Well", "Centre A, Reception desk 1", size=44))
    words.gap(48)
    words.add(Words("Good morning", "greeting"), Words("Monday 23 November 2026", "lead"))
    words.push()
    row.add(art, stretch=36)
    side = Column(spacing=12, margins=(64, 150, 64, 24))
    side.add(Words("Rosa Mensah", "title"))
    secret = TextField("correct horse", secret=True, height=48)
    side.add(FieldFrame("Your passphrase", secret, hint="Three words you chose. Spaces count."))
    side.add(TickBox("Show the passphrase"), Button("Sign in", "primary", key="Enter", size="sign_in"))
    side.push()
    row.addLayout(side, 64)
    return window


SCENES = {"board": board, "person": person, "question": question, "change": change, "sign_in": sign_in}
