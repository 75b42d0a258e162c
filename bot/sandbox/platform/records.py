"""What the platform sells and to whom, as values.

Each record becomes a *whole* snapshot on the wire, deletions too (the contract's §3), so that whoever
missed ten events is right again after one.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

type Json = dict[str, Any]

MONTH = timedelta(days=30)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    kind: ClassVar[str]
    id: str
    version: int = 0  # rises by one with every change
    deleted: bool = False

    @property
    def event_type(self) -> str:
        return f"{self.kind}.{'deleted' if self.deleted else 'updated'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    display_name: str
    locale: str | None = None

    def snapshot(self) -> Json:
        whole: Json = {"id": self.id, "version": self.version, "display_name": self.display_name}
        return whole | ({"locale": self.locale} if self.locale else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Creator(Person):
    kind: ClassVar[str] = "creator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan(Person):
    kind: ClassVar[str] = "fan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier(Record):
    kind: ClassVar[str] = "tier"
    creator_id: str
    name: str
    price: Json | None = None  # {"amount": in the smallest unit, "currency", "interval"}
    active: bool = True

    def snapshot(self) -> Json:
        whole: Json = {
            "id": self.id,
            "version": self.version,
            "creator_id": self.creator_id,
            "name": self.name,
            "active": self.active and not self.deleted,
        }
        return whole | ({"price": self.price} if self.price else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership(Record):
    kind: ClassVar[str] = "membership"
    fan_id: str
    tier_id: str
    status: str
    paid_until: datetime | None  # None: no end, which only an active one may have
    period: timedelta
    updated_at: datetime

    def snapshot(self, fan: Fan, creator: Creator, tier: Tier) -> Json:
        buyer = {"id": fan.id, "display_name": fan.display_name}
        return {
            "id": self.id,
            "version": self.version,
            "fan": buyer | ({"locale": fan.locale} if fan.locale else {}),
            "creator": {"id": creator.id, "display_name": creator.display_name},
            "tier": {"id": tier.id, "name": tier.name},
            "status": self.status,
            "paid_until": iso(self.paid_until) if self.paid_until else None,
            "updated_at": iso(self.updated_at),
        }
