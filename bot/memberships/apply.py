"""Turns snapshots into rows, such that any order and any repetition of them ends in the same rows.

Three rules carry that. A snapshot is applied only if its version is higher than the stored one. A deletion wins for
ever: its tombstone is looked at before any row. A name mentioned in a membership only fills in what nobody has told
us yet (such a row has version -1), whatever becomes of the membership itself. The fact and the work it makes are one
transaction, the caller's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.queryset import QuerySet

from bot.clock import Clock
from bot.database import transaction
from bot.ids import CreatorId, FanId
from bot.memberships.announce import Announcements
from bot.memberships.contract import (
    CreatorSnapshot,
    FanSnapshot,
    MembershipSnapshot,
    PersonSnapshot,
    Problem,
    Snapshot,
    TierSnapshot,
    read_snapshot,
    shown,
    shown_locale,
)
from bot.memberships.ports import Closing, Work
from bot.memberships.rows import Known, bury, is_buried, overwrite, put
from models import Creator, Fan, Membership, Tier
from models.memberships import InboxState, MembershipStatus

ASK_AFTER = timedelta(hours=1)
"""How long after ``paid_until`` a renewal's event may be late before the platform is asked; sooner with less slack."""
NEEDS_YES = "Deleting a creator closes all their integrations: this needs the operator's yes."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of a snapshot: APPLIED, STALE, or PARKED with a reason."""

    state: InboxState
    reason: str | None = None


APPLIED = Verdict(state=InboxState.APPLIED)
STALE = Verdict(state=InboxState.STALE)


class Snapshots:
    """Applies what the platform says about creators, tiers, fans and memberships."""

    def __init__(  # noqa: PLR0913 - the rooms it stands between
        self,
        *,
        clock: Clock,
        work: Work,
        closing: Closing,
        announcements: Announcements,
        slack: timedelta,
        asks_first: bool,
    ) -> None:
        """``asks_first``: the platform can be asked, so no ``active`` membership runs out without its word."""
        self._clock = clock
        self._slack = slack
        self._asks_first = asks_first
        self._work = work
        self._closing = closing
        self._announcements = announcements
        self._known = Known()

    async def apply(self, snapshot: Snapshot, *, deleted: bool = False, confirmed: bool = False) -> Verdict:
        """Apply one snapshot in the caller's transaction; ``confirmed``: the operator said yes to it."""
        match snapshot:
            case MembershipSnapshot():
                return await self._membership(snapshot, deleted=deleted)
            case TierSnapshot():
                return await self._tier(snapshot, deleted=deleted)
            case FanSnapshot():
                return await self._fan_deleted(snapshot) if deleted else await self._person(Fan, snapshot)
            case CreatorSnapshot():
                if deleted:
                    return await self._creator_deleted(snapshot, confirmed=confirmed)
                return await self._person(Creator, snapshot)

    async def apply_snapshot(self, membership: Mapping[str, Any]) -> Problem | None:
        """Apply a membership that came with a hand-over, before its webhook; a Problem if it does not fit."""
        snapshot = read_snapshot("membership", membership)
        if isinstance(snapshot, Problem):
            return snapshot
        async with transaction():
            await self.apply(snapshot)
        return None

    async def know_creator(self, creator_id: CreatorId, display_name: str) -> bool:
        """Make sure that a creator who was handed over has a row; False: they are deleted."""
        async with transaction():
            return await self._known.person(Creator, creator_id, display_name, None)

    async def know_fan(self, fan_id: FanId, display_name: str) -> bool:
        """Make sure that a fan who was handed over has a row; False: they are deleted."""
        async with transaction():
            return await self._known.person(Fan, fan_id, display_name, None)

    async def _person(self, model: type[Creator | Fan], snapshot: PersonSnapshot) -> Verdict:
        if await is_buried(model, snapshot.id):
            return STALE
        return APPLIED if await put(model, snapshot.id, snapshot.version, _person(snapshot)) else STALE

    async def _tier(self, snapshot: TierSnapshot, *, deleted: bool) -> Verdict:
        sold = snapshot.active and not deleted and not await is_buried(Creator, snapshot.creator_id)
        values = {
            "creator_id": snapshot.creator_id,
            "name": shown(snapshot.name),
            "price": _price(snapshot),
            "active": sold,
        }
        if deleted:
            if not await bury(Tier, snapshot.id, snapshot.version, self._clock()):
                return STALE
            await overwrite(Tier, snapshot.id, snapshot.version, values)
            return APPLIED
        if await is_buried(Tier, snapshot.id):
            return STALE
        return APPLIED if await put(Tier, snapshot.id, snapshot.version, values) else STALE

    async def _membership(self, snapshot: MembershipSnapshot, *, deleted: bool) -> Verdict:
        await self._known.names_in(snapshot)
        if deleted and not await bury(Membership, snapshot.id, snapshot.version, self._clock()):
            return STALE
        if await is_buried(Fan, snapshot.fan.id):
            return STALE
        if not deleted and await is_buried(Membership, snapshot.id):
            return STALE
        before = await Membership.get_or_none(id=snapshot.id)
        values = await self._standing(snapshot, deleted=deleted)
        if deleted:
            await overwrite(Membership, snapshot.id, snapshot.version, values)
        elif not await put(Membership, snapshot.id, snapshot.version, values):
            return STALE
        await self._tell(before, await Membership.get(id=snapshot.id))
        return APPLIED

    async def _standing(self, snapshot: MembershipSnapshot, *, deleted: bool) -> dict[str, Any]:
        status = MembershipStatus.EXPIRED if deleted else MembershipStatus(snapshot.status)
        if await is_buried(Creator, snapshot.creator.id):
            status = MembershipStatus.DELETED
        return {
            "fan_id": snapshot.fan.id,
            "creator_id": snapshot.creator.id,
            "tier_id": snapshot.tier.id,
            "status": status,
            "paid_until": snapshot.paid_until,
            "updated_at": snapshot.updated_at,
            "ask_at": self._ask_at(status, snapshot.paid_until),
            "unpaid_at": None,
            "missing_since": None,
        }

    def _ask_at(self, status: MembershipStatus, paid_until: datetime | None) -> datetime | None:
        """When to ask whether it was renewed (``questions``); only ``active`` ones run out without anybody's word."""
        if status is not MembershipStatus.ACTIVE or paid_until is None:
            return None
        return paid_until + min(ASK_AFTER, self._slack)

    async def _tell(self, before: Membership | None, after: Membership) -> None:
        """Mark the fan as work; where access opens somebody probably waits for it, and the platform is told."""
        opens = self._opens(before, after)
        await self._work.mark_fan(FanId(after.fan_id), urgent=opens)
        if before and before.fan_id != after.fan_id:
            await self._work.mark_fan(FanId(before.fan_id))
        if opens:
            await self._announcements.available(after)

    def _opens(self, before: Membership | None, after: Membership) -> bool:
        """Whether access begins with this, or becomes another one: a purchase, an upgrade, a payment mended or late."""
        if not self._gives_access(after):
            return False
        return before is None or before.tier_id != after.tier_id or not self._gives_access(before)

    def _gives_access(self, membership: Membership) -> bool:
        """Roughly: the slack stands for every integration's patience with what is not paid."""
        paid_until = membership.paid_until
        match membership.status:
            case MembershipStatus.ACTIVE:
                return paid_until is None or not self._has_run_out(
                    paid_until + self._slack, membership.unpaid_at
                )
            case MembershipStatus.PAST_DUE:
                return self._clock() < (paid_until or membership.updated_at) + self._slack
            case MembershipStatus.CANCELED:
                return paid_until is not None and self._clock() < paid_until
            case _:
                return False

    def _has_run_out(self, until: datetime, unpaid_at: datetime | None) -> bool:
        """As ``bot/access/desired.py`` has it: by the clock, and where the platform can be asked, by its word."""
        if self._clock() < until:
            return False
        return not self._asks_first or (unpaid_at is not None and unpaid_at >= until)

    async def _fan_deleted(self, snapshot: FanSnapshot) -> Verdict:
        """End access everywhere; the rows go when that is done (``erase``)."""
        if not await bury(Fan, snapshot.id, snapshot.version, self._clock()):
            return STALE
        await overwrite(Fan, snapshot.id, snapshot.version, _person(snapshot), deleted_at=self._clock())
        await _end(Membership.filter(fan_id=snapshot.id))
        await self._work.mark_fan(FanId(snapshot.id))
        return APPLIED

    async def _creator_deleted(self, snapshot: CreatorSnapshot, *, confirmed: bool) -> Verdict:
        if not confirmed and not await is_buried(Creator, snapshot.id):
            return Verdict(state=InboxState.PARKED, reason=NEEDS_YES)
        if not await bury(Creator, snapshot.id, snapshot.version, self._clock()):
            return STALE
        await overwrite(Creator, snapshot.id, snapshot.version, _person(snapshot), deleted_at=self._clock())
        await Tier.filter(creator_id=snapshot.id).update(active=False)
        await _end(Membership.filter(creator_id=snapshot.id))
        await self._closing.close_all(CreatorId(snapshot.id))
        await self._work.fan_out("creator", snapshot.id)
        return APPLIED


async def _end(memberships: QuerySet[Membership]) -> None:
    """As ``_standing`` has those that are told of afterwards: nothing is asked about them any more."""
    await memberships.update(status=MembershipStatus.DELETED, ask_at=None, unpaid_at=None, missing_since=None)


def _person(snapshot: PersonSnapshot) -> dict[str, Any]:
    return {"display_name": shown(snapshot.display_name), "locale": shown_locale(snapshot.locale)}


def _price(snapshot: TierSnapshot) -> dict[str, Any] | None:
    price = snapshot.price
    if price is None:
        return None
    return {"amount": price.amount, "currency": price.currency, "interval": price.interval}
