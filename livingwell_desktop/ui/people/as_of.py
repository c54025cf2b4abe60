"""How old a record may be while this desk is not connected: "As of 10:46am", under the person's name."""

from __future__ import annotations

from livingwell_desktop.domain.dates import clock_time, local, local_day, moment
from livingwell_desktop.ui.pages import Desk
from livingwell_desktop.ui.widgets.words import Words


class AsOf(Words):
    """When this desk last heard of other desks; not there while it hears of them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("", "conversation", "secondary")
        self._desk = desk
        self.setObjectName("as of")
        self.hide()

    def look(self) -> None:
        """Show it as the connection is now."""
        link, today = self._desk.link(), self._desk.practice.today()
        if link.since is None:
            heard = "when this desk was last connected"
        elif local_day(link.since) == today:
            heard = clock_time(local(link.since).time())
        else:
            heard = moment(link.since, today)
        self.setText("" if link.connected else f"As of {heard}")
        self.setVisible(not link.connected)
