"""What a list says aloud."""

from livingwell_desktop.ui.widgets.tables import RowList


def spoken(rows: RowList, place: int) -> str:
    """The accessible text of the line at that place, headings counted."""
    return str(rows.model.data(rows.model.index(place)))
