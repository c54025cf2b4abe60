"""What reception says when two desks wrote different things and somebody must decide first."""

from livingwell_desktop.ui.pages import AttentionPlace, Desk
from livingwell_desktop.ui.widgets.notify import Notices


def say_that_two_desks_differ(notices: Notices, desk: Desk, about: str) -> None:
    """On the page's strip, with the way to Attention. `about` is the thing: "visit"."""
    notices.say(
        "warning",
        "Both are kept. Somebody needs to say which is right.",
        strong=f"Two desks wrote different things about this {about}.",
        link="Settle it",
        action=lambda: desk.go(AttentionPlace()),
        key="row",
    )
