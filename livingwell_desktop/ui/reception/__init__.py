"""Reception: the board, bookings and registering somebody new."""

from livingwell_desktop.ui.reception.bookings import BookingsPage
from livingwell_desktop.ui.reception.new_person import NewPersonPage
from livingwell_desktop.ui.reception.today import TodayPage

__all__ = ["BookingsPage", "NewPersonPage", "TodayPage"]
