"""Who: organisations are squares with letters, the person is a circle, "in part" and "nobody yet" are dashed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import colours, icons, painting, theme
from livingwell_desktop.ui.widgets.theme import Role

MarkKind = Literal["organisation", "part", "person", "nobody"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One owner as a shape. `token` picks the colour; `letters` default to the organisation's own."""

    kind: MarkKind = "organisation"
    token: str = ""
    letters: str = ""
    name: str = ""

    def shown_letters(self) -> str:
        """At most two letters."""
        known = colours.ORGANISATIONS.get(self.token, colours.OTHER_ORGANISATION).letters
        return (self.letters or known or initials(self.name))[:2]


NOBODY = Mark("nobody", name="First free")


def initials(name: str) -> str:
    """First letters of the first and the last word: "Yusuf Abdi Warsame" → "YW"."""
    parts = [part for part in name.split() if part[:1].isalpha() and part.lower().rstrip(".") != "dr"]
    if not parts:
        return ""
    letters = parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")
    return letters.upper()


def paint_mark(painter: QPainter, rect: QRectF, mark: Mark) -> None:
    """Draw into the square `rect`."""
    role: Role = "mark" if rect.width() >= theme.px(24) else "small_mark"
    radius = theme.px(6)
    if mark.kind == "person":
        painting.rounded(painter, rect, rect.width() / 2, None, theme.colour("secondary"), 1.5)
        inner = rect.width() * 0.6
        centred = QRectF(rect.center().x() - inner / 2, rect.center().y() - inner / 2, inner, inner)
        icons.paint(painter, "person", centred, theme.colour("secondary"))
    elif mark.kind == "nobody":
        painting.rounded(painter, rect, radius, None, theme.colour("outline"), 1.3, dashed=True)
    elif mark.kind == "part":
        painting.rounded(painter, rect, radius, None, theme.colour("outline"), 1.3, dashed=True)
        painting.words(painter, rect, mark.shown_letters(), role, theme.colour("secondary"), painting.CENTRE)
    else:
        fill, letters = theme.organisation_colours(mark.token)
        painting.rounded(painter, rect, radius, fill)
        painting.words(painter, rect, mark.shown_letters(), role, letters, painting.CENTRE)


def paint_avatar(painter: QPainter, rect: QRectF, letters: str, role: Role = "strong", quiet: bool = False) -> None:
    """A round plate with initials; `quiet` for people around the person."""
    fill, words = theme.tone_colours("neutral" if quiet else "calm")
    painting.rounded(painter, rect, rect.width() / 2, fill)
    painting.words(painter, rect, letters, role, words, painting.CENTRE)


class OrganisationMark(QWidget):
    """`OrganisationMark(Mark("organisation", "slam", name="SLaM"))`; 28 px square unless told."""

    def __init__(self, mark: Mark, size: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark, self._size = mark, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_mark(mark)
        theme.follow(self.updateGeometry)

    def set_mark(self, mark: Mark) -> None:
        self._mark = mark
        name = mark.name or mark.shown_letters()
        spoken = f"{name}, in part" if mark.kind == "part" else name
        self.setAccessibleName(spoken)
        self.setToolTip(theme.plain_tip(spoken))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        paint_mark(painter, QRectF(self.rect()), self._mark)
        painter.end()


class Avatar(QWidget):
    """A round plate with the initials of `name`."""

    def __init__(self, name: str, size: int = 40, *, quiet: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._size, self._quiet = name, size, quiet
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        theme.follow(self.updateGeometry)

    def set_name(self, name: str) -> None:
        self._name = name
        self.setAccessibleName(name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(self._size), theme.px(self._size))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        role: Role = "name" if self._size >= 52 else "strong" if self._size >= 40 else "detail_strong"
        painter = painting.begin(self)
        paint_avatar(painter, QRectF(self.rect()), initials(self._name), role, self._quiet)
        painter.end()
