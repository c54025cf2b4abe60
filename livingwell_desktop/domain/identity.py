"""Names for records and changes. Pure: the clock and the randomness are given."""

from datetime import UTC, datetime, timedelta
from uuid import UUID


def uuid7(at: datetime, random: bytes) -> UUID:
    """A UUID version 7 (RFC 9562): 48 bits of milliseconds, then at least 10 random bytes' worth of bits."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    tail = int.from_bytes(random[:10], "big")
    value = milliseconds << 80 | 0x7 << 76 | ((tail >> 64) & 0xFFF) << 64 | 0b10 << 62 | (tail & ((1 << 62) - 1))
    return UUID(int=value)


def made_at(identifier: UUID) -> datetime:
    """When a UUID version 7 was made, to the millisecond, by the clock of the desk that made it."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=identifier.int >> 80)
