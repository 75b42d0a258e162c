"""What came of a call to Discord, as plain values: expected results are matched, not caught.

Discord's errors mean one of five things to us. Codes: Discord's documentation, "Opcodes and Status Codes", JSON error
codes; what each one means for a member was read there and is held by the tests of ``bot/discord``.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Person(StrEnum):
    """Who can mend it."""

    CREATOR = "creator"
    FAN = "fan"
    OPERATOR = "operator"


class Thing(StrEnum):
    """What turned out not to be there."""

    GUILD = "guild"
    MEMBER = "member"
    ROLE = "role"
    USER = "user"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Discord said yes, and it made a difference as far as Discord tells. Not yet *seen*."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadySo:
    """Nothing had to change (a join answered 204)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    thing: Thing
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAfter:
    """Not now: 429, 5xx, a reset, a time-out. The effect may have happened all the same."""

    after: timedelta
    why: str
    code: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsPerson:
    """Nothing we repeat will help; somebody has to do something."""

    who: Person
    why: str
    """One word: ``missing_permissions``, ``missing_access``, ``too_many_servers``, ``banned``, ``joins_limited``,
    ``no_token``, ``dms_closed``, ``bad_token`` …"""
    code: int | None = None


type Outcome = Applied | AlreadySo | Absent | RetryAfter | NeedsPerson
