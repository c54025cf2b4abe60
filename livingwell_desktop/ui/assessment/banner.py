"""The slim banner while something is asked: who it is, what is going on, and the buttons of the moment."""

from livingwell_desktop.domain.dates import clock_time, day_and_month, local, long_date
from livingwell_desktop.domain.sessions import VisitState
from livingwell_desktop.services.people import Banner
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.widgets.banner import PersonBanner, PersonFacts
from livingwell_desktop.ui.widgets.button import Button


def person_facts(banner: Banner) -> PersonFacts:
    """The facts of a slim banner."""
    person = banner.person.value
    return PersonFacts(
        name=person.name,
        born=long_date(person.born) if person.born else "not known",
        pronouns=person.pronouns,
        nhs_number=person.nhs_number,
        nhs_checked=person.nhs_number_status == "01",
    )


def appointment_words(practice: Practice, banner: Banner) -> str:
    """ "Appointment since 10:44am, Room 2, with Maya Lindqvist"; without a visit, who asks and when."""
    visit = banner.visit
    if visit is None or visit.value.state is not VisitState.WITH_SOMEONE or visit.value.called_at is None:
        return f"With {practice.staff.value.name}, {day_and_month(practice.today(), practice.today())}"
    since = local(visit.value.called_at)
    sees = banner.alliance.staff_name(visit.value.sees) if visit.value.sees else practice.staff.value.name
    parts = [f"Appointment since {clock_time(since.time())}", visit.value.where, f"with {sees}"]
    return ", ".join(part for part in parts if part)


class AssessmentBanner(PersonBanner):
    """While asking: hide from view, finish later. At the picture: print it, show it alone on the screen."""

    def __init__(self) -> None:
        super().__init__(slim=True)
        self.print_button = Button("Print", icon="print", shortcut="Ctrl+P")
        self.print_button.setObjectName("print picture")
        self.full_button = Button("Full screen", shortcut="F11")
        self.full_button.setObjectName("full screen")
        # F9 itself is the shell's: it hides names everywhere.
        self.hide_button = Button("Hide from view", icon="eye-off", key="F9")
        self.hide_button.setObjectName("hide from view")
        self.later_button = Button("Finish later", shortcut="Ctrl+S")
        self.later_button.setObjectName("finish later")
        self.buttons.add(self.print_button, self.full_button, self.hide_button, self.later_button)

    def show_buttons(self, *, picture: bool, areas: bool, completed: bool, called: str) -> None:
        """The buttons of the question or of the picture."""
        self.print_button.setVisible(picture and areas)
        self.print_button.set_text(f"Print for {called}")
        self.print_button.set_allowed(completed, "It can be printed once it is completed: press Enter first.")
        self.full_button.setVisible(picture and areas)
        self.hide_button.setVisible(not picture)
        self.later_button.setVisible(not picture)

    def hide_buttons(self) -> None:
        """Nothing can be done here."""
        for button in (self.print_button, self.full_button, self.hide_button, self.later_button):
            button.hide()
