"""Discord's ids: a time in the high bits, a counter in the low ones.

The bot reads dates out of ids and orders messages by them, so ids made here must grow with time even when many are made in one
millisecond. Layout: https://discord.com/developers/docs/reference#snowflakes
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
_TIME_SHIFT = 22


class Snowflakes:
    """Makes ids that are unique and rising for the life of one sandbox."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, at: datetime | None = None) -> int:
        """Return a fresh id for the instant `at` (now, if not given)."""
        moment = at or datetime.now(UTC)
        milliseconds = (moment - EPOCH) // timedelta(milliseconds=1)
        self._last = max(self._last + 1, milliseconds << _TIME_SHIFT)
        return self._last


def instant(snowflake: int) -> datetime:
    """Return when an id was made."""
    return EPOCH + timedelta(milliseconds=snowflake >> _TIME_SHIFT)
