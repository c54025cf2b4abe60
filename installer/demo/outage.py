"""One outage of the week before, at the reception desk, signed off by nobody yet."""

from datetime import timedelta

from installer.demo.making import Making
from installer.demo.staff import Workplace
from livingwell_desktop.domain.outages import Outage


def add_outage(making: Making, work: Workplace) -> None:
    """38 minutes without the server on a Wednesday afternoon."""
    centre = work.centres[0]
    desk = next(device for (where, _name), device in work.devices.items() if where == centre)
    began = making.at(18, 11, 14)
    ended = began + timedelta(minutes=38)
    making.add(
        Outage(centre=centre, desk=desk, began=began, ended=ended, sent=14, received=9),
        ended,
        work.staff["Rosa Mensah"],
        centre,
    )
