"""Stay clear of being shut out: Discord bans an address after 10,000 invalid requests within ten minutes.

Invalid are answers of 401, 403 and 429, those of scope ``shared`` not counted (Discord's documentation, "Rate Limits",
invalid request limit). A healthy bot has next to none. If something makes us ask in vain all the same (a server that
refuses each of 5,000 members), from half of the limit on the calls for which nobody waits are spread out so that the
limit is never reached; an operator sees the number in ``/metrics``.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping

import structlog

log = structlog.get_logger()

WINDOW_S = 600.0
BAN_AT = 10_000
_CAREFUL_FROM = 0.5
_STOP_AT = 0.9
"""The last tenth belongs to those for whom a person waits."""
_INVALID = frozenset({401, 403, 429})


class InvalidRequests:
    def __init__(
        self, now: Callable[[], float] = time.monotonic, *, ban_at: int = BAN_AT, window_s: float = WINDOW_S
    ) -> None:
        self._now = now
        self._ban_at = ban_at
        self._window_s = window_s
        self._at: deque[float] = deque(maxlen=ban_at)

    def count(self, status: int, headers: Mapping[str, str]) -> None:
        """Take note of one answer of Discord's."""
        if status in _INVALID and headers.get("X-RateLimit-Scope") != "shared":
            self._at.append(self._now())
            if self.recent == int(self._ban_at * _CAREFUL_FROM):
                log.warning("discord_refuses_too_often", refused=self.recent, within_s=self._window_s)

    @property
    def recent(self) -> int:
        """How many there were within the last ten minutes."""
        while self._at and self._at[0] < self._now() - self._window_s:
            self._at.popleft()
        return len(self._at)

    @property
    def pause_s(self) -> float:
        """How long to wait between two calls for which nobody waits: if all were refused, the limit would not be met."""
        refused = self.recent
        if refused < self._ban_at * _CAREFUL_FROM:
            return 0.0
        left = self._ban_at * _STOP_AT - refused
        if left < 1:
            return max(0.0, self._at[0] + self._window_s - self._now())
        return self._window_s / left
