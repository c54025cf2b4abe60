"""Line icons: our own drawings on a 24 grid, coloured by the caller and sharp at every scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from livingwell_desktop.resources import resource
from livingwell_desktop.ui.widgets import theme


def names() -> tuple[str, ...]:
    """Every icon the program ships, by name."""
    return tuple(sorted(path.stem for path in resource("icons").glob("*.svg")))


def pixmap(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    """The icon `name`, `size` logical pixels wide and high, for a screen of the given device pixel ratio.

    Raises `FileNotFoundError` for a name that is not shipped.
    """
    return _pixmap(name, colour.name(), size, ratio)


def icon(name: str, colour: QColor, size: int) -> QIcon:
    """The same drawing for Qt's own controls (menus, actions), with a sharp version for each usual scale."""
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0, 3.0):
        made.addPixmap(pixmap(name, colour, size, ratio))
    return made


def paint(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Draw the icon into a square at the middle of `rect`."""
    size = round(min(rect.width(), rect.height()))
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else _screen_ratio()
    made = pixmap(name, colour, size, ratio)
    painter.drawPixmap(round(rect.center().x() - size / 2), round(rect.center().y() - size / 2), made)


def _screen_ratio() -> float:
    screen = QGuiApplication.primaryScreen()
    return screen.devicePixelRatio() if screen is not None else 1.0


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=1024)
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
    pixels = max(1, round(size * ratio))
    made = QPixmap(QSize(pixels, pixels))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


theme.follow(_pixmap.cache_clear)
