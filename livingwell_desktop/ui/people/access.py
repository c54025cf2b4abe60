"""What can be done about who sees a record, from the person's page: by key, by button, from the palette."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QWidget

from livingwell_desktop.domain.emergency_opening import OPEN_FOR
from livingwell_desktop.domain.permissions import Act
from livingwell_desktop.services import emergency, protecting, sharing
from livingwell_desktop.services.people import Banner
from livingwell_desktop.services.practice import Practice
from livingwell_desktop.ui.pages import PageAction
from livingwell_desktop.ui.people.access_sheets import ask_emergency, ask_protection, ask_sharing
from livingwell_desktop.ui.people.words import mask_for
from livingwell_desktop.ui.widgets import ask


def access_actions(page: QWidget, practice: Practice, banner: Banner, masked: bool) -> tuple[PageAction, ...]:
    """The actions for the palette, each with the reason when it is not allowed."""
    person = banner.person.id
    protects = practice.may(Act.PROTECT, person)
    is_protected = protecting.protection_of(practice, person) is not None
    clinical = practice.may(Act.SEE_CLINICAL, person)
    open_already = "" if clinical.in_emergency else clinical.reason or "This record is open to you."
    return (
        PageAction(
            "Write down what they share",
            "",
            lambda: record_sharing(page, practice, banner, masked),
            practice.may(Act.RECORD_SHARING, person).reason,
        ),
        PageAction(
            "End the protection" if is_protected else "Protect this person",
            "",
            lambda: (end_protection if is_protected else protect)(page, practice, banner, masked),
            protects.reason,
        ),
        PageAction("Open in an emergency", "", lambda: open_in_emergency(page, practice, banner, masked), open_already),
    )


def record_sharing(page: QWidget, practice: Practice, banner: Banner, masked: bool) -> None:
    """Ask what the person says about sharing, and write it down."""
    person = banner.person
    organisations = [(str(each), held.value.name) for each, held in banner.alliance.organisations.items()]
    called = mask_for(person.value, masked).called(person.value)
    ask_sharing(
        page,
        called,
        sorted(organisations, key=lambda each: each[1]),
        practice.today(),
        lambda organisation, decision, sections, how, review_on: sharing.record_sharing(
            practice, person.id, organisation, decision, sections, how, review_on
        ),
    )


def protect(page: QWidget, practice: Practice, banner: Banner, masked: bool) -> None:
    """Ask why and by which reference, and protect the person."""
    person = banner.person
    ask_protection(
        page,
        mask_for(person.value, masked).called(person.value),
        practice.today(),
        lambda reason, reference, review_on: protecting.protect(
            practice, person.id, reason, reference, review_on=review_on
        ),
    )


def end_protection(page: QWidget, practice: Practice, banner: Banner, masked: bool) -> None:
    """Ask once more, and end it: from then on reception sees the address again."""
    person = banner.person
    called = mask_for(person.value, masked).called(person.value)
    question = ask.Question(
        f"End {called}’s protection?",
        "Reception and every list will show the address, the phone and the next appointment again.",
        "End the protection",
        serious=True,
    )
    ask.confirm(page, question, lambda yes: protecting.end_protection(practice, person.id) if yes else None)


def open_in_emergency(page: QWidget, practice: Practice, banner: Banner, masked: bool) -> None:
    """Ask why, and open the record for a while."""
    person = banner.person
    ask_emergency(
        page,
        mask_for(person.value, masked).called(person.value),
        OPEN_FOR // timedelta(hours=1),
        practice.may(Act.SEE_CLINICAL, person.id).reason,
        lambda reason, words: emergency.open_record(practice, person.id, reason, words),
    )
