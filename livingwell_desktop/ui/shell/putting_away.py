"""When a person's records leave this desk: what the window shows of them goes, and so does typing that nobody saved."""

from collections.abc import Collection, Sequence

from PySide6.QtWidgets import QDialog, QWidget

from livingwell_desktop.ui.keeping import Keeping
from livingwell_desktop.ui.pages import Page, Place

NO_LONGER_KEPT = "This record is no longer kept at this desk."
"""The same sentence whatever the reason is: it must not tell whether somebody is protected."""


def is_about(place: Place | None, persons: Collection[object]) -> bool:
    """Whether a place shows one of those people."""
    return getattr(place, "person", None) in persons


def without(places: Sequence[Place], persons: Collection[object]) -> list[Place]:
    """The places that one can still go back to."""
    return [each for each in places if not is_about(each, persons)]


def put_away(page: Page) -> None:
    """End a page with its sheets, at once and without saving: what was typed must not come up anywhere again."""
    for keeping in page.findChildren(Keeping):
        keeping.forget()
    for above in page.findChildren(QWidget):
        if isinstance(above, QDialog):
            above.done(QDialog.DialogCode.Rejected)  # not left on purpose: it is asked nothing
        elif above.isWindow():
            above.hide()
    page.hide()
    page.deleteLater()
