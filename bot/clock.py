"""The one source of the current time, so that a test can move it and production cannot.

Everything that asks "is it time?" is given a :data:`Clock`; nothing reads the system's clock by itself.
"""

from collections.abc import Callable
from datetime import UTC, datetime

type Clock = Callable[[], datetime]
"""Answers the current instant as an aware UTC datetime."""


def system_clock() -> datetime:
    return datetime.now(UTC)
