"""The sheets about desks: why one is shut out, what it held, and what a new one may hold."""

from datetime import date

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.dates import clock_time, local, long_date, moment
from livingwell_desktop.domain.lost_desks import SHUT_OUT_WORDS, ShutOutReason
from livingwell_desktop.domain.records import Sensitivity
from livingwell_desktop.domain.wording import counted
from livingwell_desktop.services.desk_keeping import HeldByDesk, NewDeskCode
from livingwell_desktop.ui.admin.forms import Form
from livingwell_desktop.ui.widgets.choices import CardOption, RadioCards
from livingwell_desktop.ui.widgets.fields import TextField
from livingwell_desktop.ui.widgets.layout import Column
from livingwell_desktop.ui.widgets.words import Words

LEVELS = {
    Sensitivity.DESK: ("Who comes and when", "For reception: names, bookings, the board. Nothing clinical."),
    Sensitivity.CLINICAL: ("Clinical records too", "For rooms where people are seen: assessments and plans."),
    Sensitivity.RESTRICTED: ("Restricted records too", "Everything that this centre holds."),
}


class ServerForm(Form):
    """A form whose answer comes from the server: it says so while it waits."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.column.add(Words(words, "conversation", "secondary", wrap=True))
        self._asking = Words("", "body", wrap=True)
        self._asking.hide()

    def finish(self) -> None:
        """Everything is in it: what it waits for comes last."""
        self.column.add(self._asking)

    def show_asking(self, words: str) -> None:
        """Say what is waited for, or nothing."""
        self._asking.setText(words)
        self._asking.setVisible(bool(words))


class ShutOutForm(ServerForm):
    """Why a desk is shut out."""

    def __init__(self) -> None:
        super().__init__(
            "From now on the server does not let this desk in. As soon as it meets the server it deletes what opens "
            "its records, and locks. What was written there and not sent cannot come any more. This cannot be taken "
            "back: a desk that turns up again joins anew, with a code."
        )
        options = [CardOption(each.value, said) for each, said in SHUT_OUT_WORDS.items()]
        self.reason = RadioCards(options, ShutOutReason.STOLEN.value)
        self.said = TextField()
        self.put("reason", "Why", self.reason)
        self.put("words", "What happened", self.said, "When and where it was last seen. Nothing about people who come.")
        self.finish()

    def chosen(self) -> ShutOutReason:
        """What was chosen."""
        return ShutOutReason(self.reason.code() or ShutOutReason.STOLEN.value)


class NewDeskForm(ServerForm):
    """What a new desk may hold: no more than the one at which its code is made."""

    def __init__(self, centre: str, most: Sensitivity) -> None:
        super().__init__(
            f"With the code one PC becomes a desk of {centre}, and fetches the records that it may hold. The code "
            "works once and for two days. Who may sign in there is said at that desk."
        )
        options = [CardOption(str(int(each)), *LEVELS[each]) for each in Sensitivity if each <= most]
        self.level = RadioCards(options, str(int(min(most, Sensitivity.CLINICAL))))
        self.put("sensitivity", "What it may hold", self.level)
        self.finish()

    def sensitivity(self) -> Sensitivity:
        """What was chosen."""
        return Sensitivity(int(self.level.code() or 0))


def code_sentences(made: NewDeskCode) -> tuple[str, ...]:
    """What stands below the code."""
    here = local(made.until)
    return (
        f"Good until {clock_time(here.time())} on {long_date(here.date())}, for one PC of {made.centre}.",
        f"What it may hold: {LEVELS[made.sensitivity][0].lower()}.",
        "Type it at the new PC when it asks for a code. It is not shown again.",
    )


class HeldShown(QWidget):
    """What a desk held at most, in words, for whoever must tell the people."""

    def __init__(self, held: HeldByDesk, today: date, *, masked: bool) -> None:
        super().__init__()
        self.setObjectName("what it held")
        column = Column(self, spacing=14)
        for strong, words in held_sentences(held, today):
            part = Column(spacing=2)
            part.add(Words(strong, "strong", wrap=True))
            part.add(Words(words, "body", wrap=True))
            column.add(part)
        if held.names and masked:
            column.add(
                Words("Names are hidden. Press F9 and open this again to see them.", "body", "secondary", wrap=True)
            )
        elif held.names:
            names = Words("\n".join(held.names), "body", wrap=True)
            names.setObjectName("people it may hold")
            column.add(names)


def held_sentences(held: HeldByDesk, today: date) -> list[tuple[str, str]]:
    """Each a head and what it means, the most urgent first."""
    return [
        _shut_out(held, today),
        (_unsent_head(held), _heard(held, today)),
        *_unsure(held),
        _cards(held),
        _people(held),
    ]


def _shut_out(held: HeldByDesk, today: date) -> tuple[str, str]:
    if held.shut_out is None:
        return "It is not shut out.", "It goes on sending and fetching records."
    words = (
        "At its next contact it deletes what opens its records. Until then they stay encrypted, as they always were."
    )
    return f"It has been shut out since {moment(held.shut_out, today)}.", words


def _unsent_head(held: HeldByDesk) -> str:
    return "What was not sent cannot come any more." if held.shut_out else "What was not sent is on its disk alone."


def _heard(held: HeldByDesk, today: date) -> str:
    said = f"The server heard from it last {moment(held.heard, today)}." if held.heard else "It was never heard from."
    if held.shut_out is None:
        return said
    return f"{said} Ask those who worked at it after that what they wrote down, and write it down again."


def _unsure(held: HeldByDesk) -> list[tuple[str, str]]:
    if not held.there.unsure:
        return []
    words = "It has not heard from this desk since. Everybody whom its centres know is counted."
    return [("The server was restored.", words)]


def _cards(held: HeldByDesk) -> tuple[str, str]:
    if not held.there.cards and not held.there.cards_withdrawn:
        return "It has no cards of people at other centres.", "None was sent to it."
    words = "A card is a name, a date of birth and an NHS number, as every desk has them."
    gone = held.there.cards_withdrawn
    if gone:
        words += f" {counted(gone, 'card', 'cards')} more of people who were protected or erased since."
    return f"It may have the cards of {counted(held.there.cards, 'person', 'people')}.", words


def _people(held: HeldByDesk) -> tuple[str, str]:
    head = f"It may hold the records of {counted(held.people, 'person', 'people')}."
    if not held.people:
        return head, "No record was sent to it."
    if not held.may_name:
        return head, "Your role does not see names. The team manager and the privacy officer see them on this page."
    unnamed = held.people - len(held.names)
    if not unnamed:
        return head, "These are all of them:"
    more = (
        f"{counted(unnamed, 'is', 'are')} not named: not known here, or not to be seen, or withdrawn or erased since."
    )
    return head, f"{more} These are the others:" if held.names else more
