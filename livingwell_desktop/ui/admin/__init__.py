"""Who works here and may sign in where, and one's own passphrase."""

from livingwell_desktop.ui.admin.passphrase_page import PassphrasePage
from livingwell_desktop.ui.admin.staff_page import StaffPage

__all__ = ["PassphrasePage", "StaffPage"]
