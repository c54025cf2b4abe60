"""The screen in the waiting room: ticket numbers for everybody to read."""

from livingwell_desktop.ui.waiting_room.window import WaitingRoomWindow

__all__ = ["WaitingRoomWindow"]
