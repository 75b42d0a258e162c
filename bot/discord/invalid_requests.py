"""How near we are to being shut out: Discord bans an address after 10,000 invalid requests within ten minutes.

Invalid are answers of 401, 403 and 429, those of scope ``shared`` not counted (Discord's documentation, "Rate Limits",
invalid request limit). A healthy bot has next to none; an operator sees the number in ``/metrics``.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping

WINDOW_S = 600.0
BAN_AT = 10_000
_INVALID = frozenset({401, 403, 429})


class InvalidRequests:
    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._at: deque[float] = deque(maxlen=BAN_AT)

    def count(self, status: int, headers: Mapping[str, str]) -> None:
        """Take note of one answer of Discord's."""
        if status in _INVALID and headers.get("X-RateLimit-Scope") != "shared":
            self._at.append(self._now())

    @property
    def recent(self) -> int:
        """How many there were within the last ten minutes."""
        while self._at and self._at[0] < self._now() - WINDOW_S:
            self._at.popleft()
        return len(self._at)
