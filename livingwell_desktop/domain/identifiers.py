"""Ids as text: one form only, so that equal ids have equal texts."""

import re
from functools import lru_cache
from uuid import UUID

_USUAL = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def is_usual_uuid(text: str) -> bool:
    """Whether that is a UUID as Python writes it: lower-case, with hyphens."""
    return _USUAL.fullmatch(text) is not None


# The same desks, staff, centres and people are named again and again.
@lru_cache(maxsize=4096)
def usual_uuid(text: str) -> UUID:
    """A UUID from its usual form. Raises ValueError for any other text."""
    if not is_usual_uuid(text):
        raise ValueError("not a UUID in its usual form")
    return UUID(int=int(text.replace("-", ""), 16))
