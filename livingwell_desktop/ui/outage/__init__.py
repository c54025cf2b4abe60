"""Without the server and back: what waits, what was not taken, and what happened when the line returned."""

from livingwell_desktop.ui.outage.connection import ConnectionPage
from livingwell_desktop.ui.outage.reconciliation import OutagePage

__all__ = ["ConnectionPage", "OutagePage"]
