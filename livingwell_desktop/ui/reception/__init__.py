"""Reception: the board, bookings and registering somebody new."""

from livingwell_desktop.ui.reception.bookings import BookingsPage
from livingwell_desktop.ui.reception.today import TodayPage

__all__ = ["BookingsPage", "TodayPage"]
