"""The cards at the right of a person's overview: next appointment, the plan, people to contact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal

from livingwell_desktop.domain.dates import day_and_month, days_late, in_days, long_date, short_date, weekday_date
from livingwell_desktop.domain.people import Contact
from livingwell_desktop.domain.plans import Action, ActionState, OwnerKind
from livingwell_desktop.domain.records import Held
from livingwell_desktop.domain.wording import sentence_case
from livingwell_desktop.services.plans import GoalOnPlan, PlanOnScreen
from livingwell_desktop.services.story import NextAppointment
from livingwell_desktop.ui.people.words import Mask, time_words
from livingwell_desktop.ui.widgets.badge import Badge, BadgeText
from livingwell_desktop.ui.widgets.button import Button
from livingwell_desktop.ui.widgets.capacity import ProgressBlocks
from livingwell_desktop.ui.widgets.layout import Column, Row, clear
from livingwell_desktop.ui.widgets.marks import Avatar
from livingwell_desktop.ui.widgets.surfaces import Card, Rule
from livingwell_desktop.ui.widgets.words import Words

MOST_CONTACTS = 4
MOST_GOALS = 4


class AppointmentCard(Card):
    """When the person comes next, whom they see, and whether they have it on paper. `book` asks for a place."""

    book = Signal()

    def __init__(self) -> None:
        self._badge = Badge("")
        super().__init__("Next appointment", action=self._badge, spacing=4)
        self.setObjectName("next appointment")

    def show_next(self, found: NextAppointment | None, today: date) -> None:
        """Show the coming booking, or how to make one."""
        clear(self.body)
        self._badge.setVisible(found is not None)
        if found is None or found.booking.value.on is None:
            self.body.add(Words("Nothing is booked.", "body", "secondary"))
            button = Button("Book a place", "quiet", icon="plus", size="small")
            button.setObjectName("book a place")
            button.clicked.connect(self.book)
            self.body.add(button)
            return
        booking = found.booking.value
        on = found.booking.value.on
        self._badge.set_badge(BadgeText(in_days(on, today)))
        self.body.add(Words(", ".join(p for p in (weekday_date(on), time_words(booking.at)) if p), "strong", wrap=True))
        where = ", ".join(part for part in (found.sees, found.centre, booking.where) if part)
        length = ""
        if booking.at and booking.until:
            minutes = (booking.until.hour - booking.at.hour) * 60 + booking.until.minute - booking.at.minute
            length = f" {minutes} minutes." if minutes > 0 else ""
        self.body.add(Words(f"{where}.{length}" if where else length.strip(), "conversation", "secondary", wrap=True))
        if found.slip is not None and found.slip.value.given_at:
            form = found.slip.value.format.replace("_", " ")
            form = "" if form == "standard" else f" in {form}"
            given = day_and_month(found.slip.value.given_at.date(), today)
            self.body.add(Words(f"Slip{form} given {given}.", "conversation", "secondary", wrap=True))


class PlanCard(Card):
    """How far each goal of the plan is and what comes next, in shape and words. `opened` goes to the plan."""

    opened = Signal()

    def __init__(self) -> None:
        self._badge = Badge("")
        super().__init__("Plan", action=self._badge, spacing=6)
        self.setObjectName("plan card")

    def show_plan(self, plan: PlanOnScreen | None, today: date, mask: Mask) -> None:
        """Show the goals, or that there is no plan yet."""
        clear(self.body)
        late = days_late(plan.plan.value.review_on, today) if plan and plan.plan.value.review_on else ""
        self._badge.setVisible(bool(late))
        self._badge.set_badge(BadgeText(f"Review {late}", "warning", "clock"))
        if plan is None:
            self.body.add(Words("No plan yet.", "body", "secondary"))
            start = Button("Start the plan", "quiet", icon="plus", size="small")
            start.setObjectName("open plan")
            start.clicked.connect(self.opened)
            self.body.add(start)
            return
        self.body.add(Words(version_words(plan, late), "conversation", "secondary", wrap=True))
        for goal in plan.goals[:MOST_GOALS]:
            self.body.add(self._goal(goal, plan, mask))
        more = len(plan.goals) - MOST_GOALS
        if not plan.goals or more > 0:
            words = f"{more} more in the plan" if more > 0 else "No goals yet"
            button = Button(words, "quiet", size="small")
            button.clicked.connect(self.opened)
            self.body.add(button)

    def _goal(self, each: GoalOnPlan, plan: PlanOnScreen, mask: Mask) -> Column:
        column = Column(spacing=1)
        column.add(Words(mask.text(each.goal.value.words), "medium"))
        done = sum(action.value.state is ActionState.DONE for action in each.actions)
        if each.actions:
            column.add(ProgressBlocks(done, len(each.actions)))
        column.add(Words(next_words(each.actions, plan, mask), "detail", "secondary"))
        return column


class ContactsCard(Card):
    """The people around the person, and whether we may speak to them."""

    def __init__(self) -> None:
        super().__init__("People to contact", spacing=8)
        self.setObjectName("people to contact")

    def show_contacts(self, contacts: Sequence[Held[Contact]], mask: Mask) -> None:
        """The first few; a person with very many has the rest behind one button."""
        clear(self.body)
        if not contacts:
            self.body.add(Words("Nobody is written down.", "body", "secondary"))
        self._add(contacts[:MOST_CONTACTS], mask)
        rest = contacts[MOST_CONTACTS:]
        self.set_trailing(f"{len(contacts)} people" if rest else "")

    def _add(self, contacts: Sequence[Held[Contact]], mask: Mask) -> None:
        for number, held in enumerate(contacts):
            if number:
                self.body.add(Rule())
            contact = held.value
            row = Row(spacing=8)
            row.add(Avatar(contact.name, 32, quiet=True), align=Qt.AlignmentFlag.AlignVCenter)
            left, right = Column(spacing=1), Column(spacing=1)
            left.add(Words(mask.name(contact.name), "strong"))
            left.add(Words(", ".join(p for p in (contact.relationship, *contact.roles) if p), "detail", "secondary"))
            phone = Words(mask.private(contact.phone), "medium")
            phone.setAlignment(Qt.AlignmentFlag.AlignRight)
            note = Words(contact_note(contact), "detail", "warning" if contact.may_contact is False else "secondary")
            note.setAlignment(Qt.AlignmentFlag.AlignRight)
            right.add(phone, note)
            row.add(left, stretch=1)
            row.add(right)
            self.body.add(row)


def contact_note(contact: Contact) -> str:
    """What we may and may not do, the strictest first."""
    if contact.may_contact is False:
        return "Do not contact"
    if contact.may_share is False:
        return "Do not share the plan"
    return contact.when or ("May see the plan" if contact.may_share else "")


def version_words(plan: PlanOnScreen, late: str) -> str:
    """ "Version 3, agreed 12 August 2026"; a draft says which version was agreed last."""
    review = plan.plan.value.review_on
    ask = f". Review by {long_date(review)}" if review and not late else ""
    if plan.agreed_on:
        return f"Version {plan.number}, agreed {long_date(plan.agreed_on)}{ask}"
    if plan.last_version and plan.last_version.value.agreed_on:
        last = plan.last_version.value
        return f"Changed since version {last.number}, agreed {long_date(plan.last_version.value.agreed_on)}{ask}"
    return f"Draft, not agreed yet{ask}"


def next_words(actions: Sequence[Held[Action]], plan: PlanOnScreen, mask: Mask) -> str:
    """ "Next: blackout curtain, Ngozi, by 30 Nov"; whose and by when, the nearest date first."""
    open_actions = [each for each in actions if each.value.state not in (ActionState.DONE, ActionState.STOPPED)]
    if not open_actions:
        return "Next: nothing planned"
    nearest = min(open_actions, key=lambda each: (each.value.due or date.max, each.value.position, each.id)).value
    if nearest.owner_kind is OwnerKind.PERSON:
        owner = mask.called(plan.person.value)
    elif nearest.owner_kind is OwnerKind.CARER:
        owner = mask.name(nearest.owner_name)
    else:
        organisation = (
            plan.alliance.organisations.get(nearest.owner_organisation) if nearest.owner_organisation else None
        )
        owner = organisation.value.short_name if organisation else plan.alliance.staff_name(nearest.owner_staff)
    what = mask.text(nearest.what)
    what = what if what[1:2].isupper() else what[:1].lower() + what[1:]
    by = f"by {short_date(nearest.due)}" if nearest.due else ""
    return f"Next: {', '.join(part for part in (what, owner, by) if part)}"


def roles_words(contact: Contact) -> str:
    """The relationship and the roles in one line."""
    return sentence_case(", ".join(part for part in (contact.relationship, *contact.roles) if part))
