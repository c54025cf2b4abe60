"""Reception: the board, bookings and registering somebody new."""

from livingwell_desktop.ui.reception.today import TodayPage

__all__ = ["TodayPage"]
