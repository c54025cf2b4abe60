"""Pressing keys as a person does: they go to whatever has the focus."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget


def press(*keys: str) -> None:
    """Press keys one after another: "2", "Enter", "Left", "Ctrl+Enter"."""
    for key in keys:
        modifiers = Qt.KeyboardModifier.NoModifier
        *held, last = key.split("+")
        for each in held:
            modifiers |= {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Alt": Qt.KeyboardModifier.AltModifier}[each]
        code = Qt.Key.Key_Return if last == "Enter" else Qt.Key[f"Key_{last.upper() if len(last) == 1 else last}"]
        QTest.keyClick(focused(), code, modifiers)


def type_in(words: str) -> None:
    """Type words where the focus is."""
    QTest.keyClicks(focused(), words)


def focused() -> QWidget:
    """The widget that has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    return widget


def words_on(page: QWidget) -> str:
    """Every word that stands on a page or is read aloud for it, also of parts that are hidden now."""
    said: list[str] = []
    for widget in (page, *page.findChildren(QWidget)):
        said += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, QLabel | QAbstractButton):
            said.append(widget.text())
        model = getattr(widget, "model", None)
        found = model() if callable(model) else None
        if found is not None and hasattr(found, "rowCount") and hasattr(found, "line"):
            said += [str(found.data(found.index(row))) for row in range(found.rowCount())]
    return "\n".join(filter(None, said))


def visible_words(page: QWidget) -> str:
    """The words of labels and buttons that can be seen now."""
    widgets = page.findChildren(QLabel) + page.findChildren(QAbstractButton)
    return "\n".join(each.text() for each in widgets if can_be_seen(each, page))


def can_be_seen(widget: QWidget, page: QWidget) -> bool:
    """Whether nobody hid it: a widget just put into a layout is shown with the next event."""
    each: QWidget | None = widget
    while each is not None and each is not page:
        if each.isHidden() and each.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return False
        each = each.parentWidget()
    return True
