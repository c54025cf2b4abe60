"""Badges: a short fact with an icon, in the tint of its tone. The words carry the meaning, the colour only helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from livingwell_desktop.ui.widgets import icons, painting, theme
from livingwell_desktop.ui.widgets.colours import Tone
from livingwell_desktop.ui.widgets.theme import Role

AT_MOST = 2
"""Badges in one row before the rest becomes "+1"."""
BADGE_GAP = 7


@dataclass(frozen=True, slots=True)
class BadgeText:
    """What a badge says. `large` is the waiting-time size."""

    text: str
    tone: Tone = "neutral"
    icon: str = ""
    large: bool = False


def badge_height(badge: BadgeText) -> int:
    role: Role = "time" if badge.large else "badge"
    return max(theme.px(28 if badge.large else 24), theme.line_height(role) + theme.px(6))


def badge_width(badge: BadgeText) -> float:
    role: Role = "time" if badge.large else "badge"
    icon = theme.px(18 + 6) if badge.large else theme.px(15 + 5)
    return float(2 * theme.gap(8) + (icon if badge.icon else 0) + theme.width(role, badge.text) + 1)


def paint_badge(painter: QPainter, rect: QRectF, badge: BadgeText, on_selected: bool = False) -> float:
    """Draw at the left and middle height of `rect`; gives the width used."""
    width, height = min(badge_width(badge), rect.width()), badge_height(badge)
    fill, words = theme.tone_colours(badge.tone)
    if on_selected and badge.tone in ("neutral", "calm", "action"):
        fill = theme.colour("surface")
    if on_selected and badge.tone == "neutral":
        words = theme.colour("secondary")
    shape = QRectF(round(rect.left()), round(rect.center().y() - height / 2), round(width), height)
    painting.rounded(painter, shape, theme.px(6), fill)
    left = shape.left() + theme.gap(8)
    if badge.icon:
        size = theme.px(18 if badge.large else 15)
        icons.paint(painter, badge.icon, QRectF(left, shape.top(), size, height), words)
        left += size + theme.px(6 if badge.large else 5)
    role: Role = "time" if badge.large else "badge"
    space = QRectF(left, shape.top(), shape.right() - left - theme.gap(8) + 1, height)
    painting.words(painter, space, badge.text, role, words)
    return float(round(width))


def at_most(badges: Sequence[BadgeText], most: int = AT_MOST) -> tuple[BadgeText, ...]:
    """The first `most` badges and, if more, one that counts the rest ("+1")."""
    if len(badges) <= most:
        return tuple(badges)
    return (*badges[:most], BadgeText(f"+{len(badges) - most}"))


def paint_badges(painter: QPainter, rect: QRectF, badges: Sequence[BadgeText], on_selected: bool = False) -> None:
    """As many badges as fit in `rect` (at most two), then how many more there are."""
    shown = fitting(badges, rect.width())
    left = rect.left()
    for badge in shown:
        room = QRectF(left, rect.top(), rect.right() - left, rect.height())
        left += paint_badge(painter, room, badge, on_selected) + theme.px(BADGE_GAP)


def fitting(badges: Sequence[BadgeText], space: float) -> tuple[BadgeText, ...]:
    """The badges that fit in `space` logical pixels; always at least the first (which is then elided)."""
    for most in range(min(AT_MOST, len(badges)), 1, -1):
        shown = at_most(badges, most)
        if sum(badge_width(badge) + theme.px(BADGE_GAP) for badge in shown) - theme.px(BADGE_GAP) <= space:
            return shown
    return at_most(badges, 1) if badges else ()


class Badge(QWidget):
    """`Badge("BSL, booked", "calm", "hand")`."""

    def __init__(
        self, text: str, tone: Tone = "neutral", icon: str = "", *, large: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._badge = BadgeText(text, tone, icon, large)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_badge(self._badge)
        theme.follow(self.updateGeometry)

    def set_badge(self, badge: BadgeText) -> None:
        self._badge = badge
        self.setAccessibleName(badge.text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(badge_width(self._badge)), badge_height(self._badge))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme.px(64)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        paint_badge(painter, QRectF(self.rect()), self._badge)
        painter.end()


class BadgeRow(QWidget):
    """At most two badges, then "+1"; all of them in the tooltip and the accessible name."""

    def __init__(self, badges: Sequence[BadgeText] = (), *, most: int = AT_MOST, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._badges: tuple[BadgeText, ...] = ()
        self._most = most
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.set_badges(badges)
        theme.follow(self.updateGeometry)

    def set_badges(self, badges: Sequence[BadgeText]) -> None:
        self._badges = tuple(badges)
        spoken = ", ".join(badge.text for badge in badges)
        self.setAccessibleName(spoken)
        self.setToolTip(theme.plain_tip(spoken) if len(badges) > self._most else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        shown = at_most(self._badges, self._most)
        width = sum(badge_width(badge) + theme.px(BADGE_GAP) for badge in shown)
        height = max((badge_height(badge) for badge in shown), default=theme.px(24))
        return QSize(round(width), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), theme.px(64)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        painter = painting.begin(self)
        left = 0.0
        for badge in at_most(self._badges, self._most):
            room = QRectF(left, 0, self.width() - left, self.height())
            left += paint_badge(painter, room, badge) + theme.px(BADGE_GAP)
        painter.end()
