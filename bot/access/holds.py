"""Ends that the brake keeps from happening until a person says yes.

A hold stores the member and the cause, never a plan: when it is released the member is decided anew, so whoever pays
by then keeps everything. It goes by itself when there is nothing left to end, or nothing left to doubt: what was held
because it was only inferred ends when the platform says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from tortoise.expressions import Q

from bot.access.audit import Audit
from bot.access.brake import SURENESS, WINDOW, Budget
from bot.access.desired import EndCause
from bot.access.work import Work
from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.ids import AccountId, GuildId, Member
from models import Ending, Grant, Membership
from models import Hold as Row
from models.access import Urgency
from models.memberships import MembershipStatus

log = structlog.get_logger()

RELEASED = "released"
_LIVING = [MembershipStatus.ACTIVE, MembershipStatus.CANCELED, MembershipStatus.PAST_DUE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One open hold as operators see it."""

    id: int
    member: Member
    cause: EndCause
    since: datetime


class Holds:
    def __init__(self, clock: Clock, config: Config, work: Work, audit: Audit) -> None:
        self._clock = clock
        self._work = work
        self._audit = audit
        self._slack = config.slack
        # One end takes as long as its second decision: it is counted once.
        self._one_end = WINDOW[EndCause.INFERRED] + config.kick_delay

    # --- for the engine --------------------------------------------------------------------------

    async def held(self, member: Member, causes: Iterable[EndCause]) -> frozenset[EndCause]:
        """Count these ends against their budgets; the answer are those that must not happen now.

        A hold keeps every end of its member that is no surer than what it is for: what the platform says meets the
        budget of its own, and where it leaves nothing to doubt, the hold is gone.
        """
        counted = [cause for cause in SURENESS if cause in set(causes)]
        if not counted:
            return frozenset()
        async with transaction():
            hold = await self._open_hold(member)
            kept = _no_surer_than(hold.cause) if hold else ()
            held = [
                cause for cause in counted if cause in kept or not await self._lets_through(member, cause)
            ]
            if not held:
                await self.forget(member)
            elif hold is None or hold.cause != held[-1]:
                await self._hold(member, held[-1])
        return frozenset(held)

    async def forget(self, member: Member) -> None:
        """Nothing of this member's is to be ended any more: they pay again."""
        await Row.filter(**_key(member)).delete()

    async def _open_hold(self, member: Member) -> Row | None:
        hold = await Row.filter(**_key(member)).first()
        if hold is None or hold.released_at is None:
            return hold
        await hold.delete()
        await self._count(member, RELEASED)
        return None

    async def _lets_through(self, member: Member, cause: EndCause) -> bool:
        """Whether this end may happen: it was let through before, on ground no surer, or there is budget for it."""
        before = Ending.filter(**_key(member), at__gt=self._clock() - self._one_end)
        if await before.filter(cause__in=[RELEASED, *_no_surer_than(cause)]).exists():
            return True
        if not (await self._budget(member, cause)).admits_one_more:
            return False
        await self._count(member, cause)
        return True

    async def _count(self, member: Member, cause: str) -> None:
        await Ending.create(**_key(member), cause=cause, at=self._clock())

    async def _hold(self, member: Member, cause: EndCause) -> None:
        await Row.update_or_create(defaults={"cause": cause, "created_at": self._clock()}, **_key(member))
        await self._audit.write(member, "held", detail=cause)
        log.warning("end_held", guild_id=member.guild_id, account_id=member.account_id, cause=str(cause))

    async def _budget(self, member: Member, cause: EndCause) -> Budget:
        since = self._clock() - WINDOW[cause]
        endings = Ending.filter(cause=cause, at__gt=since)
        if cause is EndCause.STATED:
            ended = set(await endings.values_list("account_id", flat=True))
            return Budget(there=await self._memberships_living_at(since), ended=len(ended))
        ended = set(await endings.filter(guild_id=member.guild_id).values_list("account_id", flat=True))
        holders = await Grant.filter(guild_id=member.guild_id).distinct().values_list("account_id", flat=True)
        return Budget(there=len(ended | set(holders)), ended=len(ended))

    async def _memberships_living_at(self, instant: datetime) -> int:
        """Roughly: the slack stands for every kind of patience, so that a count needs no integration."""
        unpaid_since = instant - self._slack
        paid = Q(status__in=_LIVING) & (Q(paid_until__isnull=True) | Q(paid_until__gt=unpaid_since))
        stopped_since = ~Q(status__in=_LIVING) & Q(updated_at__gt=instant)
        return await Membership.filter(paid | stopped_since).count()

    # --- for operators ---------------------------------------------------------------------------

    async def list(self) -> list[Held]:
        rows = await Row.filter(released_at__isnull=True).order_by("id")
        return [
            Held(
                id=row.id,
                member=_member(row),
                cause=EndCause(row.cause),
                since=row.created_at,
            )
            for row in rows
        ]

    async def count(self) -> int:
        return await Row.filter(released_at__isnull=True).count()

    async def release(self, hold_ids: Iterable[int] | None = None) -> int:
        """Let these (or all) be decided anew, past the brake; whoever pays by then keeps everything."""
        async with transaction():
            rows = await _open(hold_ids)
            await Row.filter(id__in=[row.id for row in rows]).update(released_at=self._clock())
            await self._work.mark((_member(row) for row in rows), urgency=Urgency.BULK)
        return len(rows)

    async def drop(self, hold_ids: Iterable[int] | None = None) -> int:
        """Forget these (or all) as if they had never been: what is still to end then meets the brake again."""
        async with transaction():
            rows = await _open(hold_ids)
            await Row.filter(id__in=[row.id for row in rows]).delete()
            await self._work.mark((_member(row) for row in rows), urgency=Urgency.BULK)
        return len(rows)


def _no_surer_than(cause: str) -> tuple[EndCause, ...]:
    return SURENESS[: SURENESS.index(EndCause(cause)) + 1]


async def _open(hold_ids: Iterable[int] | None) -> Sequence[Row]:
    rows = Row.filter(released_at__isnull=True)
    return await (rows if hold_ids is None else rows.filter(id__in=list(hold_ids))).order_by("id")


def _member(row: Row) -> Member:
    return Member(GuildId(row.guild_id), AccountId(row.account_id))


def _key(member: Member) -> dict[str, Any]:
    return {"guild_id": int(member.guild_id), "account_id": int(member.account_id)}
