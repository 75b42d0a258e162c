"""What Discord lets us ask, counted as it counts: one allowance per bucket and top-level resource, one over everything.

Two defects of nextcord 3.2 end here. It counts by the ``X-RateLimit-Bucket`` hash alone, which leaves out the guild,
so that all guilds queue behind one (20 guilds with 30 role adds each: 60 s instead of 12). And it takes from the global
allowance *before* it waits for the bucket, so that calls burst past 50/s when a bucket lets go. Discord's
documentation, "Rate Limits". Times are the event loop's, in seconds; numbers come from headers, but for the 50.
"""

from collections.abc import Mapping

PER_SECOND = 50
"""Discord's documentation, "Global Rate Limit"."""
LATE_S = 1.0
"""A request without an answer is taken to have been counted by then."""
_MARGIN_S = 0.01
"""Discord rounds the time left to the millisecond, and clocks differ in pace."""


class Allowance:
    """Of one bucket in one guild (channel, webhook); while nothing is known of it, one call at a time."""

    def __init__(self) -> None:
        self.bucket: str | None = None
        self._limit: int | None = None
        self._left = 1
        self._unlimited = False
        self._resets_at: float | None = None
        self._blocked_until = 0.0
        self._under_way = 0

    @property
    def is_idle(self) -> bool:
        return self._under_way == 0

    def opens_at(self, now: float) -> float | None:
        """When the next call may go, ``now`` at the earliest; None: what is under way will tell."""
        self._roll(now)
        if self._blocked_until > now:
            return self._blocked_until
        return now if self._unlimited or self._left > 0 else self._resets_at

    def take(self) -> None:
        self._left -= 1
        self._under_way += 1

    def put_back(self) -> None:
        """A call ended, answered or not."""
        self._under_way -= 1
        if self._under_way == 0 and self._resets_at is None:
            self._left = max(self._left, 1)

    def block(self, until: float) -> None:
        """Discord said when to come back (429): nothing goes before."""
        self._blocked_until = max(self._blocked_until, until + _MARGIN_S)

    def learn(self, headers: Mapping[str, str], now: float) -> None:
        """What an answer tells about how much is left; call it after :meth:`put_back`."""
        limit, left = int(headers["X-RateLimit-Limit"]), int(headers["X-RateLimit-Remaining"])
        first, self._limit = self._limit is None, limit
        ends = now + float(headers["X-RateLimit-Reset-After"]) + _MARGIN_S
        # Answers may overtake each other: the latest end and the smallest rest are right.
        self._resets_at = max(self._resets_at or 0.0, ends)
        self._left = max(0, left - self._under_way) if first else min(self._left, left)

    def learn_unlimited(self) -> None:
        """Answered without a word about limits: only the global one holds."""
        self._unlimited = self._limit is None

    def _roll(self, now: float) -> None:
        if self._resets_at is not None and now >= self._resets_at:
            self._resets_at = None
            # What is still under way may be counted in the new window.
            self._left = max((self._limit or 1) - self._under_way, 0)


class GlobalAllowance:
    """So many calls in any one second, however long they are on their way.

    Discord counts a call somewhere between our sending it and its answer, so a place is free again one second after the
    *answer*: no second can hold more, at whichever end of the wire it begins.
    """

    def __init__(self, per_second: int = PER_SECOND) -> None:
        self._per_second = per_second
        self._free_at: dict[int, float] = {}
        self._taken = 0
        self._blocked_until = 0.0

    def opens_at(self, now: float) -> float:
        if self._blocked_until > now:
            return self._blocked_until
        if len(self._free_at) >= self._per_second:
            self._free_at = {number: at for number, at in self._free_at.items() if at > now}
        return now if len(self._free_at) < self._per_second else min(self._free_at.values())

    def take(self, now: float) -> int:
        """Take one of the places; returns its number."""
        self._taken += 1
        self._free_at[self._taken] = now + LATE_S + 1.0
        return self._taken

    def answered(self, place: int, now: float) -> None:
        if place in self._free_at:
            self._free_at[place] = min(self._free_at[place], now + 1.0 + _MARGIN_S)

    def block(self, until: float) -> None:
        self._blocked_until = max(self._blocked_until, until + _MARGIN_S)
