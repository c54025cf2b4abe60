"""The parts of the tour, in order: one morning at Centre A."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from installer.demo.accounts import demo_passphrase
from installer.demo.tour_parts import SavesTo, Tourist
from livingwell_desktop.domain.people import PrintFormat
from livingwell_desktop.ui.assessment import AssessmentPage
from livingwell_desktop.ui.care_plan import PreviewPage
from livingwell_desktop.ui.widgets import ask, theme
from tests.desk import DeskWindow
from tests.office import NAMES
from tests.window import Window, until


def reception_signs_in(tour: Tourist) -> None:
    """Rosa opens the desk in the morning."""
    tour.reception = tour.day.desk(NAMES[0])
    journal = tour.journal
    with journal.step("Rosa signs in at reception") as step:
        tour.rosa = tour.reception.sign_in(
            "Rosa Mensah", demo_passphrase(), lambda window: journal.picture(window, "sign-in")
        )
        step.key_presses = tour.rosa.presses
    with journal.step("The board", tour.rosa):
        tour.rosa.until_status("all changes sent")
        journal.picture(tour.rosa, "today")


def walk_in(tour: Tourist) -> None:
    """A known person in six keys, look-alikes, a new person."""
    rosa, journal = tour.rosa, tour.journal
    with journal.step("Two people look alike", rosa):
        rosa.find("amara ok").until_shown("Two people are called Amara Okeke")
        journal.picture(rosa, "look-alikes")
        rosa.press("Esc")
    name, letters = tour.somebody_known()
    with journal.step("A known person is checked in", rosa):
        rosa.find(letters).until_shown(name).press("Enter")
        journal.picture(rosa, "check-in")
        rosa.press("Enter").until_shown("has ticket")
    with journal.step("A new person is registered and checked in", rosa):
        rosa.press("Ctrl+K").type("Teo Almeida").press("Ctrl+N").until_shown("New person")
        rosa.type("9").press("Tab").type("4").press("Tab").type("1987")
        rosa.fill("phone", "07700 900 456")
        rosa.fill("reason for coming", "Lost his room, wants to talk")
        journal.picture(rosa, "new-person")
        rosa.press("Ctrl+Return").until_shown("Teo Almeida")
        rosa.until_shown("ticket")
        journal.picture(rosa, "registered")


def key_worker_signs_in(tour: Tourist) -> None:
    """Maya, in Room 2, sees what reception has done."""
    tour.room_2 = tour.day.desk(NAMES[1])
    with tour.journal.step("Maya signs in at Room 2 and sees the new person") as step:
        tour.maya = tour.room_2.sign_in("Maya Lindqvist", demo_passphrase())
        tour.maya.until_shown("Teo Almeida")
        step.key_presses = tour.maya.presses


def appointment(tour: Tourist) -> None:
    """Ngozi's record, DIALOG by number keys, what has changed."""
    maya, journal = tour.maya, tour.journal
    with journal.step("Maya opens Ngozi’s record", maya):
        maya.find("ngo oka").until_shown("Ngozi Okafor").press("Ctrl+Enter").until_shown("In Ngozi’s words")
        journal.picture(maya, "person")
    with journal.step("Maya starts the appointment: reception’s board moves", maya):
        maya.press("Ctrl+Enter").until_shown("How satisfied are you with your mental health?")
        until(lambda: "Ngozi Okafor" in _with_someone(tour), "reception sees that Ngozi is with someone")
    with journal.step("DIALOG: eleven answers by number keys, one in Ngozi’s words", maya):
        maya.press("4").press("Enter").press("4").press("Enter").press("2").press("Enter")
        maya.until_shown("How satisfied are you with your accommodation?").press("2").press("Y")
        maya.click("notes")
        maya.type("“The letter says I have to be out on 5 January. I can’t think about anything else.”")
        maya.until_shown("Draft saved")
        journal.picture(maya, "assessment")
        maya.press("Esc").press("Enter")
        for answer in "4544566":
            maya.press(answer).press("Enter")
        maya.until_shown("What has changed, Ngozi?")
    with journal.step("What has changed: two areas are chosen", maya):
        maya.click("work on mental_health")
        maya.click("work on accommodation")
        journal.picture(maya, "change")
        maya.press("F11")
        page = maya.page()
        assert isinstance(page, AssessmentPage)
        assert page.full_screen is not None
        full = Window(page.full_screen)
        full.window.resize(1440, 900)
        journal.picture(full, "change-full-screen")
        full.press("Esc")
        maya.press("Enter").until_shown("Joint care plan")


def plan(tour: Tourist) -> None:
    """The joint care plan: an action is added, people agree, the paper is printed."""
    maya, journal = tour.maya, tour.journal
    with journal.step("The plan gets a new action", maya):
        maya.press("A").until_shown("What will happen")
        maya.type("Ring the law centre together").press("Tab").press("Right").press("Tab")
        maya.type("Jo").press("Tab").type("27").press("Tab").type("11").press("Tab").type("2026")
        journal.picture(maya, "new-action")
        maya.press("Enter").until_shown("Ring the law centre together").until_shown("Version 4, draft")
    with journal.step("Ngozi and Maya agree to the new wording", maya):
        maya.press("R").press("Enter").until_shown("What they say")
        journal.picture(maya, "agreement")
        maya.press("Enter").until_shown("1 of 5 agree")
        maya.press("R").press("Enter").until_shown("What they say").press("Enter").until_shown("Version 4, agreed")
        journal.picture(maya, "plan")


def papers(tour: Tourist) -> None:
    """The plan on paper in three formats, and a record of who has it."""
    maya, journal = tour.maya, tour.journal
    with journal.step("The plan is previewed in Ngozi’s format, then in the others", maya):
        maya.press("Ctrl+P").until_shown("Large print")
        until(lambda: _prepared(maya, PrintFormat.LARGE_PRINT), "the paper in large print")
        journal.picture(maya, "preview")
    door = SavesTo(ask.door(), journal.folder)
    ask.use(door)
    for key, form in (("1", PrintFormat.STANDARD), ("2", PrintFormat.LARGE_PRINT), ("3", PrintFormat.EASY_READ)):
        with journal.step(f"The plan is saved as a PDF: {form.value.replace('_', ' ')}", maya) as step:
            door.next_name = f"plan-{form.value.replace('_', '-')}"
            maya.press(key)
            until(partial(_prepared, maya, form), f"the paper in {form.value}")
            maya.press("Ctrl+S")
            until(lambda: door.saved and door.saved[-1].exists(), "the PDF")
            step.papers.append(door.saved[-1].name)
    ask.use(None)
    with journal.step("Without a printer the program says so, and nothing is lost", maya):
        maya.press("1")
        until(lambda: _prepared(maya, PrintFormat.STANDARD), "the paper")
        maya.press("Ctrl+P").until_shown("No printer can be reached")
        journal.picture(maya, "no-printer")
    with journal.step("Who has a copy is recorded", maya):
        maya.press("Ctrl+G").until_shown("Given on paper to Ngozi")
        journal.picture(maya, "given")
        maya.press("Esc").until_shown("Who agrees")


def booking(tour: Tourist) -> None:
    """A place in a drop-in next week, and its slip."""
    rosa, journal = tour.rosa, tour.journal
    with journal.step("Rosa books a drop-in for Ines Carvalho", rosa):
        rosa.open_record("ines carv", "Ines Carvalho").click("book a place")
        rosa.until_shown("Open drop-in")
        journal.picture(rosa, "free-places")
        rosa.press("Enter").until_shown("Booked")
        journal.picture(rosa, "booked")
    door = SavesTo(ask.door(), journal.folder)
    ask.use(door)
    with journal.step("The slip for Ines", rosa) as step:
        door.next_name = "booking-slip"
        rosa.press("P")
        until(lambda: _prepared(rosa, None), "the slip")
        journal.picture(rosa, "slip")
        rosa.press("Ctrl+S")
        until(lambda: door.saved and door.saved[-1].exists(), "the PDF")
        step.papers.append(door.saved[-1].name)
        rosa.press("Esc")
    ask.use(None)
    with journal.step("The day’s sessions", rosa):
        rosa.press("Alt+2")
        rosa.until_shown("Centre B")
        journal.picture(rosa, "bookings")


def outage(tour: Tourist) -> None:
    """The line goes. Nobody stops; both write down Ngozi's new phone number, differently."""
    rosa, maya, journal = tour.rosa, tour.maya, tour.journal
    with tour.day.outage():
        with journal.step("The line is cut: both desks say so and go on", rosa, maya):
            tour.day.clock.at += timedelta(minutes=3)
            rosa.until_status("No connection")
            maya.until_status("No connection")
        with journal.step("Rosa checks somebody in without the line", rosa):
            tour.day.clock.at += timedelta(minutes=2)
            rosa.press("Alt+1")
            rosa.find("pilar zu").until_shown("Pilar").press("Enter").press("Enter").until_shown("has ticket")
            rosa.until_status("wait on this desk")
            rosa.find("amara ok").until_shown("Two people")
            journal.picture(rosa, "outage")
            rosa.press("Esc")
        for desk, typed in ((rosa, "07700 900 341"), (maya, "07700 900 314")):
            with journal.step(f"{desk.desk.practice.staff.value.given_name} writes {typed}", desk):
                tour.day.clock.at += timedelta(minutes=4)
                desk.open_record("ngo oka", "Ngozi Okafor").press("Ctrl+5").until_shown("How to reach Ngozi")
                desk.click("change phone").fill("type phone", typed).click("save phone").until_shown(typed)
    with journal.step("The line is back: everything is sent, and one question is left", rosa, maya):
        rosa.until_sent()
        maya.until_sent()
        rosa.until_status("Connected")
        maya.until_shown("Two people changed")
        rosa.until_shown("Two people changed")
        journal.picture(maya, "conflict")
        rosa.press("Alt+5")
        journal.picture(rosa, "attention")
    with journal.step("Maya asks Ngozi and settles it", maya):
        maya.press("1")
        journal.picture(maya, "conflict-chosen")
        maya.press("Enter").until_gone("Two people changed")
        # The server’s question about two registrations may still be there; this one is settled here too.
        until(lambda: not rosa.desk.store.in_conflict(), "what Maya settled is settled at Rosa’s desk")


def lock(tour: Tourist) -> None:
    """Locking covers everything; signing in returns to the same place."""
    maya, journal = tour.maya, tour.journal
    with journal.step("Maya locks her desk and signs in again: the same place", maya) as step:
        maya.press("Ctrl+4").until_shown("Who agrees")
        maya.press("Ctrl+L")
        until(lambda: tour.room_2.locked, "the desk is locked")
        tour.room_2.close()
        tour.maya = tour.room_2.sign_in("Maya Lindqvist", demo_passphrase())
        tour.maya.until_shown("Who agrees")
        step.key_presses += tour.maya.presses


def looks(tour: Tourist) -> None:
    """Dark, large text, a small screen, names hidden."""
    rosa, maya, journal = tour.rosa, tour.maya, tour.journal
    with journal.step("Names hidden, dark colours, large text, a small screen", rosa, maya):
        rosa.press("Alt+1")
        rosa.press("F9")
        journal.picture(rosa, "names-hidden")
        rosa.press("F9")
        theme.set_dark(True)
        journal.picture(rosa, "today-dark")
        journal.picture(maya, "plan-dark")
        theme.set_dark(False)
        theme.set_scale(200)
        journal.picture(rosa, "today-200-percent")
        journal.picture(maya, "plan-200-percent")
        theme.set_scale(100)
        rosa.window.resize(1280, 720)
        maya.window.resize(1280, 720)
        journal.picture(rosa, "today-1280")
        journal.picture(maya, "plan-1280")


def _prepared(desk: DeskWindow, form: PrintFormat | None) -> bool:
    """Whether the preview shows the paper in that format, drawn."""
    page = desk.page()
    if not isinstance(page, PreviewPage) or page.prepared is None:
        return False
    return form in (None, page.prepared.format) and page.paper.isVisible()


def _with_someone(tour: Tourist) -> str:
    words = tour.rosa.words()
    return words.split("With someone")[-1].split("Done today")[0]


PARTS: tuple[Callable[[Tourist], None], ...] = (
    reception_signs_in,
    walk_in,
    key_worker_signs_in,
    appointment,
    plan,
    papers,
    booking,
    outage,
    lock,
    looks,
)
