"""The clipboard: what was copied from a record is gone after ten seconds and at the lock, and no history keeps it."""

from PySide6.QtCore import QMimeData, QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

CLEARED_AFTER_SECONDS = 10
MARKS = {
    'application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"': b"\x00",
    'application/x-qt-windows-mime;value="CanIncludeInClipboardHistory"': b"\x00\x00\x00\x00",
    'application/x-qt-windows-mime;value="CanUploadToCloudClipboard"': b"\x00\x00\x00\x00",
    "x-kde-passwordManagerHint": b"secret",
    "application/x-nspasteboard-concealed-type": b"",
}
"""What Windows, KDE and macOS ask of programs whose copies no clipboard manager may keep."""


class CopiedWords(QObject):
    """Watches what this program copies, until the process ends."""

    def __init__(self, parent: QObject | None = None, cleared_after: float = CLEARED_AFTER_SECONDS) -> None:
        super().__init__(parent)
        self._clipboard: QClipboard = QGuiApplication.clipboard()
        self._ours = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(int(cleared_after * 1000))
        self._timer.timeout.connect(self.clear)
        self._clipboard.dataChanged.connect(self._copied)

    def clear(self) -> None:
        """Forget it, when it is still ours: what somebody copied elsewhere since then is theirs."""
        self._timer.stop()
        if self._ours and self._clipboard.text() == self._ours:
            self._clipboard.clear()
        self._ours = ""
        if self._clipboard.ownsSelection():
            self._clipboard.clear(QClipboard.Mode.Selection)

    def _copied(self) -> None:
        given = self._clipboard.mimeData()
        # Not every system says whose it is; while a window of ours has the keyboard, nobody else copies.
        ours = self._clipboard.ownsClipboard() or QGuiApplication.focusWindow() is not None
        if not ours or given is None or not given.hasText() or given.hasFormat(next(iter(MARKS))):
            return
        self._ours = given.text()
        self._timer.start()
        marked = QMimeData()
        marked.setText(given.text())
        for name, value in MARKS.items():
            marked.setData(name, value)
        self._clipboard.setMimeData(marked)
