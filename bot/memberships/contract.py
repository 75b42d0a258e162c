"""The shape of what the platform sends: one envelope, four kinds of snapshot, and a :class:`Problem` for the rest.

Every snapshot is whole and carries a version, so that one event repairs whatever was missed before it. What does not
fit the contract is a value that names the field, never an exception: the inbox answers or parks by it. Names are
there to be shown, so an over-long one is cut rather than refused; whatever decides about access is held strictly.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, cast

import msgspec
from msgspec import Meta, Struct

from bot.memberships.reading import read_json

type PlatformId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]{1,64}\Z")]
type Version = Annotated[int, Meta(ge=0, le=2**63 - 1)]
type Moment = Annotated[datetime, Meta(tz=True)]
type PlatformStatus = Literal["active", "canceled", "past_due", "paused", "expired", "refunded", "disputed"]

LONGEST_NAME = 255
LONGEST_LOCALE = 35
FIRST_YEAR, LAST_YEAR = 2000, 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something is not what the contract says; ``field`` is the way to it, such as ``data.fan.id``."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}"


class Envelope(Struct, frozen=True, kw_only=True):
    type: Annotated[str, Meta(min_length=1)]
    timestamp: Moment
    data: dict[str, Any]


class Person(Struct, frozen=True, kw_only=True):
    """A fan or a creator, as a membership mentions them."""

    id: PlatformId
    display_name: str
    locale: str | None = None


class PersonSnapshot(Person, frozen=True, kw_only=True):
    version: Version


class CreatorSnapshot(PersonSnapshot, frozen=True, kw_only=True):
    pass


class FanSnapshot(PersonSnapshot, frozen=True, kw_only=True):
    pass


class Price(Struct, frozen=True, kw_only=True):
    amount: Annotated[int, Meta(ge=0, le=2**63 - 1)]
    """In the currency's smallest unit."""
    currency: Annotated[str, Meta(pattern=r"^[A-Za-z]{3}\Z")]
    interval: Literal["month", "year", "once"]


class TierSnapshot(Struct, frozen=True, kw_only=True):
    id: PlatformId
    version: Version
    creator_id: PlatformId
    name: str
    active: bool
    price: Price | None = None


class NamedTier(Struct, frozen=True, kw_only=True):
    id: PlatformId
    name: str


class MembershipSnapshot(Struct, frozen=True, kw_only=True):
    id: PlatformId
    version: Version
    fan: Person
    creator: Person
    tier: NamedTier
    status: PlatformStatus
    paid_until: Moment | None
    updated_at: Moment


type Snapshot = CreatorSnapshot | TierSnapshot | FanSnapshot | MembershipSnapshot

SNAPSHOTS: Mapping[str, type[Snapshot]] = {
    "creator": CreatorSnapshot,
    "tier": TierSnapshot,
    "fan": FanSnapshot,
    "membership": MembershipSnapshot,
}
EVENT_TYPES = frozenset(f"{kind}.{change}" for kind in SNAPSHOTS for change in ("updated", "deleted"))


def read_envelope(body: bytes) -> Envelope | Problem:
    try:
        return msgspec.convert(read_json(body), type=Envelope)
    except msgspec.ValidationError as error:
        return _problem(error, at="")
    except (ValueError, RecursionError):
        return Problem(field="body", reason="is not JSON in UTF-8")


def read_snapshot(kind: str, data: Mapping[str, Any]) -> Snapshot | Problem:
    """Read ``data`` as a snapshot of ``kind`` (creator, tier, fan or membership)."""
    try:
        snapshot = msgspec.convert(dict(data), type=SNAPSHOTS[kind])
    except msgspec.ValidationError as error:
        return _problem(error, at="data")
    except (ValueError, OverflowError):
        return Problem(field="data", reason="cannot be read")
    return _dated(snapshot) if isinstance(snapshot, MembershipSnapshot) else snapshot


def date_problem(field: str, moment: datetime) -> Problem | None:
    """Say that ``moment`` is not in the years 2000 to 2200: a platform's slip of units, not a date anybody means."""
    if FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return Problem(field=field, reason=f"is not between the years {FIRST_YEAR} and {LAST_YEAR}")


def shown(name: str) -> str:
    """Cut a name to what is stored; a NUL, which PostgreSQL refuses, is left out."""
    return name.replace("\0", "")[:LONGEST_NAME]


def shown_locale(locale: str | None) -> str | None:
    return locale if locale and len(locale) <= LONGEST_LOCALE and "\0" not in locale else None


def fan_of(event_type: str, data: Mapping[str, Any]) -> str | None:
    """Whom an event is about, also where it does not fit the contract: an erasure must find it."""
    kind = event_type.partition(".")[0]
    holder: Any = data.get("fan") if kind == "membership" else data if kind == "fan" else None
    found = holder.get("id") if isinstance(holder, dict) else None
    return found if isinstance(found, str) and re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", found) else None


def _dated(snapshot: MembershipSnapshot) -> MembershipSnapshot | Problem:
    if snapshot.paid_until is None and snapshot.status != "active":
        return Problem(field="data.paid_until", reason="may be null only with the status active")
    for field in ("paid_until", "updated_at"):
        moment = cast("datetime | None", getattr(snapshot, field))
        problem = date_problem(f"data.{field}", moment) if moment else None
        if problem:
            return problem
    return msgspec.structs.replace(
        snapshot,
        paid_until=snapshot.paid_until and snapshot.paid_until.astimezone(UTC),
        updated_at=snapshot.updated_at.astimezone(UTC),
    )


def _problem(error: msgspec.ValidationError, *, at: str) -> Problem:
    """Turn "Object missing required field `x` - at `$.fan`" into the field's whole way and the reason alone."""
    reason, _, place = str(error).partition(" - at `$")
    parts = [at, *re.findall(r"[^.\[\]`]+", place)]
    missing = re.fullmatch(r"Object missing required field `(.+)`", reason)
    if missing:
        parts.append(missing[1])
        reason = "is missing"
    return Problem(field=".".join(part for part in parts if part) or "body", reason=reason[:200])
