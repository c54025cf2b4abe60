"""Every key and what it does."""

from livingwell_desktop.domain.permissions import Act, role_words
from livingwell_desktop.storage import Changes
from livingwell_desktop.ui.pages import Desk, KeysPlace, Page, Place
from livingwell_desktop.ui.widgets.button import Button, KeyHint
from livingwell_desktop.ui.widgets.layout import Column, Row
from livingwell_desktop.ui.widgets.notices import Notice
from livingwell_desktop.ui.widgets.surfaces import Card, PageTitle, ScrollBody
from livingwell_desktop.ui.widgets.words import Words

KEYS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Everywhere",
        (
            ("Ctrl K", "Find a person or an action"),
            ("Ctrl N", "Check in"),
            ("Ctrl L", "Lock"),
            ("F9", "Hide or show names"),
            ("Alt 1 to 5", "Go to a place in the list on the left"),
            ("Alt ←", "Back to the place before"),
            ("Ctrl + and Ctrl −", "Larger or smaller text"),
            ("?", "This page"),
        ),
    ),
    (
        "On the board",
        (
            ("Enter", "Call the person, or end the appointment"),
            ("O", "Open record"),
            ("W", "Change who or where"),
            ("T", "Print ticket"),
            ("L", "Left without being seen"),
            ("U", "Back to waiting"),
        ),
    ),
    (
        "With a person",
        (
            ("Ctrl Enter", "Start the appointment"),
            ("Ctrl P", "Print"),
            ("1 to 7", "Answer"),
            ("Y and N", "More help, or not"),
            ("0", "Not answered"),
            ("← and Enter", "Question before, question after"),
            ("F11", "Full screen, for the person to see"),
        ),
    ),
)


class KeysPage(Page):
    """A plain list; nothing here changes."""

    shows = KeysPlace

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        body = ScrollBody()
        back = Button("Back", icon="arrow-left", shortcut="Esc")
        back.clicked.connect(desk.back)
        title = PageTitle("All keys", "Everything can be done without the mouse.")
        title.buttons.add(back)
        body.body.add(title)
        for heading, keys in KEYS:
            card = Card(heading)
            for key, words in keys:
                row = Row()
                hint = KeyHint(key)
                hint.setMinimumWidth(180)
                row.add(hint)
                row.add(Words(words), stretch=1)
                card.body.add(row)
            body.body.add(card)
        body.body.push()
        column = Column(self, spacing=0)
        column.add(body, stretch=1)
        self._back = back
        self._explain(body)

    def _explain(self, body: ScrollBody) -> None:
        """Somebody whose role opens no place starts here: say why, before anything else."""
        practice = self.desk.practice
        if any(practice.may(act).allowed for act in (Act.SEE_BOARD, Act.FIND_PEOPLE, Act.SEE_CLINICAL)):
            return
        words = "It opens no records of people, so there are no places in the list on the left."
        role = f"Your role is: {role_words(practice.staff.value.role)}."
        body.body.insertWidget(1, Notice("neutral", words, strong=role))

    def show_place(self, place: Place) -> None:  # noqa: ARG002 - there is one such place
        self._back.setFocus()

    def concerned(self, changes: Changes) -> bool:  # noqa: ARG002 - nothing shown here is a record
        return False

    def refresh(self) -> None:
        """Nothing here changes."""
