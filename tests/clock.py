"""A clock that stands still until a test moves it; wherever the bot wants a ``Clock``, this is one."""

from datetime import datetime, timedelta


class ManualClock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


class ManualSeconds:
    """The same for what counts seconds from nowhere in particular, as ``time.monotonic`` does."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def move(self, by_s: float) -> None:
        self.now_s += by_s
