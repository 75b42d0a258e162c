"""Everything the platform knows: creators, tiers, fans, memberships; every change is announced.

A change goes through `save` alone, which raises the version and hands the snapshot of that very moment to
whoever sends webhooks: a later change can therefore never leak into an earlier event.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from .records import Creator, Fan, Json, Membership, Record, Tier

type Announce = Callable[[str, Json], object]


class RefusedError(Exception):
    """The platform does not do this: what was asked contradicts what it knows."""


class UnknownError(Exception):
    """There is nothing with this id."""


@dataclass(slots=True, kw_only=True)
class State:
    now: Callable[[], datetime]
    announce: Announce
    records: dict[str, Record] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)  # memberships that the truth does not tell of
    _numbers: Any = field(default_factory=lambda: count(1))

    def next_id(self, kind: str) -> str:
        return f"{kind}_{next(self._numbers)}"

    def get[R: Record](self, kind: type[R], record_id: str) -> R:
        found = self.records.get(record_id)
        if not isinstance(found, kind):
            raise UnknownError(f"there is no {kind.kind} {record_id!r}")
        return found

    def living[R: Record](self, kind: type[R], record_id: str) -> R:
        found = self.get(kind, record_id)
        if found.deleted:
            raise RefusedError(f"the {kind.kind} {record_id!r} is deleted")
        return found

    def all[R: Record](self, kind: type[R]) -> list[R]:
        """Every living record of a kind, in the order of their making."""
        return [r for r in self.records.values() if isinstance(r, kind) and not r.deleted]

    def save[R: Record](self, record: R, **changes: Any) -> R:
        """Store a changed record under a higher version, and announce its snapshot."""
        saved = replace(record, version=record.version + 1, **changes)
        self.records[saved.id] = saved
        self.announce(saved.event_type, self.snapshot(saved))
        return saved

    def snapshot(self, record: Record) -> Json:
        match record:
            case Membership():
                tier = self.get(Tier, record.tier_id)
                return record.snapshot(self.get(Fan, record.fan_id), self.get(Creator, tier.creator_id), tier)
            case Creator() | Fan() | Tier():
                return record.snapshot()
            case _:
                raise UnknownError(f"{record!r} has no snapshot")
