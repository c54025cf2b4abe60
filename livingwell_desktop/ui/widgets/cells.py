"""What can stand in a cell of a list row, how tall it is, how it is drawn and how it is read aloud.

Pure values and painters: the board, the people list, bookings and the palette use the same ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from livingwell_desktop.ui.widgets import icons, painting, theme
from livingwell_desktop.ui.widgets.badge import BadgeText, badge_height, badge_width, paint_badge, paint_badges
from livingwell_desktop.ui.widgets.button import key_width, paint_key
from livingwell_desktop.ui.widgets.colours import ColourName
from livingwell_desktop.ui.widgets.marks import Mark, initials, paint_avatar, paint_mark
from livingwell_desktop.ui.widgets.theme import Role


@dataclass(frozen=True, slots=True)
class CellText:
    """One or two lines of words. `right` aligns them at the right edge."""

    first: str
    second: str = ""
    strong: bool = False
    role: Role | None = None
    colour: ColourName = "text"
    right: bool = False


@dataclass(frozen=True, slots=True)
class CellBadges:
    """Badges, at most two and then "+1"; `right` puts them at the right edge."""

    badges: tuple[BadgeText, ...] = ()
    right: bool = False


@dataclass(frozen=True, slots=True)
class CellOrganisation:
    """A mark (organisation, person, nobody yet) and who it is: name over organisation."""

    mark: Mark
    first: str
    second: str = ""


@dataclass(frozen=True, slots=True)
class CellMarked:
    """Words with the matched letters bold and underlined, over a second line."""

    pieces: tuple[tuple[str, bool], ...]
    second: str = ""

    def words(self) -> str:
        return "".join(text for text, _matched in self.pieces)


@dataclass(frozen=True, slots=True)
class CellAvatar:
    """The round plate of a person; not read aloud, the name stands beside it."""

    name: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class CellIcon:
    """An icon beside words; `spoken` if it says something they do not."""

    icon: str
    colour: ColourName = "secondary"
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class CellStatus:
    """A status as a shape and a word: `CellStatus("half-circle", "Doing", "action")`."""

    icon: str
    word: str
    colour: ColourName = "text"


@dataclass(frozen=True, slots=True)
class CellKey:
    """What Enter does with this row, with its key; drawn only on the chosen row when `only_chosen`."""

    label: str
    key: str
    only_chosen: bool = True


Cell = CellText | CellBadges | CellOrganisation | CellMarked | CellAvatar | CellIcon | CellStatus | CellKey


def matched_pieces(text: str, typed: str) -> tuple[tuple[str, bool], ...]:
    """`text` in pieces, those that begin a word as typed marked: "Amara Okeke", "amara ok" → Amara*, Ok*, eke."""
    asked = [word.casefold() for word in typed.split()]
    pieces: list[tuple[str, bool]] = []
    for number, word in enumerate(text.split(" ")):
        if number:
            pieces.append((" ", False))
        hit = max((len(part) for part in asked if part and word.casefold().startswith(part)), default=0)
        pieces.extend(piece for piece in ((word[:hit], True), (word[hit:], False)) if piece[0])
    return tuple(pieces)


def spoken(cell: Cell) -> str:
    """The cell in words, for the accessible text of its row."""
    match cell:
        case CellText(first=first, second=second) | CellOrganisation(first=first, second=second):
            return ", ".join(part for part in (first if first != "—" else "", second) if part)
        case CellBadges(badges=badges):
            return ", ".join(badge.text for badge in badges)
        case CellMarked(second=second):
            return ", ".join(part for part in (cell.words(), second) if part)
        case CellStatus(word=word):
            return word
        case CellIcon(spoken=said):
            return said
        case CellAvatar() | CellKey():
            return ""


def cell_height(cell: Cell) -> int:
    """The height the cell needs, in logical pixels."""
    match cell:
        case CellText(second=second) | CellOrganisation(second=second) | CellMarked(second=second):
            return theme.line_height("body") + (theme.line_height("detail") + theme.px(2) if second else 0)
        case CellBadges(badges=badges):
            return max((badge_height(badge) for badge in badges), default=0)
        case _:
            return theme.line_height("body")


def cell_width(cell: Cell) -> float:
    """The width the cell would like, in logical pixels."""
    match cell:
        case CellText() | CellMarked():
            first, role = (cell.first, _text_role(cell)) if isinstance(cell, CellText) else (cell.words(), "strong")
            return max(theme.width(role, first), theme.width("detail", cell.second)) + 2
        case CellBadges(badges=badges):
            return sum(badge_width(badge) + theme.px(7) for badge in badges)
        case CellOrganisation(first=first, second=second):
            return theme.px(36) + max(theme.width("medium", first), theme.width("detail", second)) + 2
        case CellStatus(word=word):
            return theme.px(24) + theme.width("conversation_strong", word) + 2
        case CellKey(label=label, key=key):
            return theme.width("conversation_strong", label) + theme.px(8) + key_width(key)
        case _:
            return float(theme.px(40))


def paint_cell(painter: QPainter, rect: QRectF, cell: Cell, chosen: bool = False) -> None:
    """Draw the cell at the middle height of `rect`."""
    match cell:
        case CellText():
            _paint_text(painter, rect, cell)
        case CellBadges():
            _paint_badge_cell(painter, rect, cell, chosen)
        case CellOrganisation():
            _paint_organisation(painter, rect, cell)
        case CellMarked():
            _paint_marked(painter, rect, cell)
        case CellAvatar():
            size = min(theme.px(40), rect.height() - theme.px(6))
            plate = QRectF(rect.left(), rect.center().y() - size / 2, size, size)
            paint_avatar(painter, plate, initials(cell.name), "conversation_strong", cell.quiet)
        case CellIcon():
            size = theme.px(20)
            icons.paint(painter, cell.icon, QRectF(rect.left(), rect.top(), size, rect.height()), _ink(cell.colour))
        case CellStatus():
            size = theme.px(17)
            icons.paint(painter, cell.icon, QRectF(rect.left(), rect.top(), size, rect.height()), _ink(cell.colour))
            words = rect.adjusted(size + theme.px(7), 0, 0, 0)
            painting.words(painter, words, cell.word, "conversation_strong", _ink(cell.colour))
        case CellKey():
            if chosen or not cell.only_chosen:
                _paint_key_cell(painter, rect, cell)


def _ink(name: ColourName) -> QColor:
    return theme.colour(name)


def _text_role(cell: CellText) -> Role:
    if cell.role is not None:
        return cell.role
    return "strong" if cell.strong else "body"


def _lines(rect: QRectF, first: Role, second: str) -> tuple[QRectF, QRectF]:
    """The rectangles of the first and the second line, both together at the middle height."""
    high = theme.line_height(first)
    low = theme.line_height("detail") if second else 0
    gap = theme.px(1) if second else 0
    top = rect.center().y() - (high + gap + low) / 2
    return (
        QRectF(rect.left(), top, rect.width(), high),
        QRectF(rect.left(), top + high + gap, rect.width(), low),
    )


def _paint_text(painter: QPainter, rect: QRectF, cell: CellText) -> None:
    role = _text_role(cell)
    first, second = _lines(rect, role, cell.second)
    align = painting.RIGHT if cell.right else painting.LEFT
    if cell.right:
        # So that plain words line up with the words inside a badge.
        first, second = first.adjusted(0, 0, -theme.px(8), 0), second.adjusted(0, 0, -theme.px(8), 0)
    painting.words(painter, first, cell.first, role, _ink(cell.colour), align)
    if cell.second:
        painting.words(painter, second, cell.second, "detail", theme.colour("secondary"), align)


def _paint_badge_cell(painter: QPainter, rect: QRectF, cell: CellBadges, chosen: bool) -> None:
    if not cell.right:
        paint_badges(painter, rect, cell.badges, chosen)
        return
    left = rect.right()
    for badge in reversed(cell.badges):
        width = min(badge_width(badge), rect.width())
        left -= round(width)
        paint_badge(painter, QRectF(left, rect.top(), width + 1, rect.height()), badge, chosen)
        left -= theme.px(7)


def _paint_organisation(painter: QPainter, rect: QRectF, cell: CellOrganisation) -> None:
    size = theme.px(26)
    paint_mark(painter, QRectF(rect.left(), round(rect.center().y() - size / 2), size, size), cell.mark)
    words = rect.adjusted(size + theme.px(10), 0, 0, 0)
    first, second = _lines(words, "body", cell.second)
    ink = theme.colour("secondary" if cell.mark.kind == "nobody" else "text")
    painting.words(painter, first, cell.first, "body" if cell.mark.kind == "nobody" else "medium", ink)
    if cell.second:
        painting.words(painter, second, cell.second, "detail", theme.colour("secondary"))


def _paint_marked(painter: QPainter, rect: QRectF, cell: CellMarked) -> None:
    first, second = _lines(rect, "strong", cell.second)
    left = first.left()
    for text, matched in cell.pieces:
        role: Role = "strong" if matched else "body"
        space = QRectF(left, first.top(), first.right() - left, first.height())
        if space.width() <= 0:
            break
        used = painting.words(painter, space, text, role, theme.colour("text"))
        if matched:
            painter.setPen(QPen(theme.colour("action"), 2))
            line = first.bottom()
            painter.drawLine(round(left), round(line), round(left + used), round(line))
        left += theme.width(role, text)
    if cell.second:
        painting.words(painter, second, cell.second, "detail", theme.colour("secondary"))


def _paint_key_cell(painter: QPainter, rect: QRectF, cell: CellKey) -> None:
    chip = QRectF(rect.right() - key_width(cell.key), rect.top(), key_width(cell.key), rect.height())
    paint_key(painter, chip, cell.key, theme.colour("action"), theme.colour("action"))
    words = QRectF(rect.left(), rect.top(), chip.left() - theme.px(8) - rect.left(), rect.height())
    painting.words(painter, words, cell.label, "conversation_strong", theme.colour("action"), painting.RIGHT)
