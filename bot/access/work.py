"""Members whose Discord state may be out of date: marked by facts, claimed by the worker, finished by generation.

A mark belongs in the transaction that writes the fact. It raises the row's generation, and a pass finishes only the
generation it claimed: a fact that arrives during a pass is seen by the next one. Claims are leases taken by
compare-and-set, so that a killed process loses nothing but time.

A row is as urgent as whoever waits most urgently: a mark raises it, and only a pass that leaves nothing open but the
daily look lets it sink again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from tortoise.expressions import F, Q

from bot.access.audience import members_of_account, members_of_fan
from bot.clock import Clock
from bot.database import transaction
from bot.ids import AccountId, FanId, GuildId, Member
from models import FanOut
from models import Work as Row
from models.access import Urgency

LEASE = timedelta(minutes=10)
"""How long a pass may take, waiting for Discord's limits included; the worker ends one well before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A member that is due and in nobody's hands."""

    work_id: int
    guild_id: GuildId


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A member that is ours to bring up to date until the lease runs out."""

    work_id: int
    member: Member
    generation: int
    urgency: Urgency
    attempts: int
    """Passes in a row that did not end converged."""
    owner: str


class Work:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.woken = asyncio.Event()
        """Set by every mark; the worker waits for it, but looks every second anyway."""

    async def mark(self, members: Iterable[Member], *, urgency: Urgency = Urgency.EVENT) -> None:
        """Have these members looked at."""
        by_guild: defaultdict[GuildId, set[AccountId]] = defaultdict(set)
        for member in members:
            by_guild[member.guild_id].add(member.account_id)
        async with transaction():
            for guild_id, account_ids in by_guild.items():
                await self._mark_in(guild_id, account_ids, urgency)
        if by_guild:
            self.woken.set()

    async def mark_idle(self, members: Iterable[Member]) -> None:
        """Have those of these members looked at about whom nothing is expected any more."""
        idle = []
        for member in members:
            row = await Row.get_or_none(guild_id=member.guild_id, account_id=member.account_id)
            if row is None or row.due_at is None:
                idle.append(member)
        await self.mark(idle)

    async def mark_fan(self, fan_id: FanId, *, urgent: bool = False) -> None:
        """Every guild that this fan's memberships, or what was seen of them, concern; ``urgent``: a person waits."""
        await self.mark(await members_of_fan(fan_id), urgency=_of(urgent=urgent))

    async def mark_account(self, account_id: AccountId, *, urgent: bool = False) -> None:
        """Every guild in which something was seen of this account, or is due to it; ``urgent``: a person waits."""
        await self.mark(await members_of_account(account_id), urgency=_of(urgent=urgent))

    async def fan_out(self, kind: str, subject: str) -> None:
        """Mark, in pages, everybody whom an ``integration``, ``guild``, ``tier`` or ``creator`` concerns."""
        if not await FanOut.exists(kind=kind, subject=subject, cursor=""):
            await FanOut.create(kind=kind, subject=subject, created_at=self._clock())
        self.woken.set()

    async def waiting(
        self, limit: int, *, urgency: Urgency | None = None, without: Collection[GuildId] = ()
    ) -> list[Waiting]:
        """Up to ``limit`` members that are due: the most urgent first, then the longest waiting."""
        rows = Row.filter(self._due())
        if urgency is not None:
            rows = rows.filter(urgency=urgency)
        if without:
            rows = rows.exclude(guild_id__in=list(without))
        found = rows.order_by("urgency", "due_at").limit(limit)
        return [
            Waiting(work_id=work_id, guild_id=GuildId(guild_id))
            for work_id, guild_id in await found.values_list("id", "guild_id")
        ]

    async def take(self, waiting: Sequence[Waiting]) -> list[Claim]:
        """Claim these, but for those that somebody else claimed meanwhile."""
        if not waiting:
            return []
        owner = uuid4().hex
        wanted = Row.filter(self._due(), id__in=[each.work_id for each in waiting])
        await wanted.update(lease_owner=owner, lease_until=self._clock() + LEASE)
        rows = await Row.filter(lease_owner=owner).order_by("urgency", "due_at", "id")
        return [_claim(row, owner) for row in rows]

    async def claim(self, limit: int) -> list[Claim]:
        """Take up to ``limit`` members that are due, whoever's."""
        return await self.take(await self.waiting(limit))

    async def backlog(self) -> tuple[int, datetime | None]:
        """How many members are due, and since when the longest waiting one is."""
        due = Row.filter(due_at__lte=self._clock())
        oldest = await due.order_by("due_at").first()
        return await due.count(), oldest.due_at if oldest else None

    async def finish(
        self, claim: Claim, *, next_at: datetime | None, attempts: int = 0, at_rest: bool = False
    ) -> None:
        """Give the member back until ``next_at``; if it was marked meanwhile, it stays due.

        ``at_rest``: nothing is expected but the daily look.
        """
        ours = Row.filter(id=claim.work_id, lease_owner=claim.owner)
        urgency = _next(claim.urgency, acted=attempts > 0, at_rest=at_rest)
        async with transaction():
            done = await ours.filter(generation=claim.generation).update(
                due_at=next_at, urgency=urgency, attempts=attempts, lease_owner=None, lease_until=None
            )
            if not done:
                await ours.update(lease_owner=None, lease_until=None)
                self.woken.set()

    async def release(self, claims: Iterable[Claim]) -> None:
        """Give members back as they are, due at once."""
        for claim in claims:
            await Row.filter(id=claim.work_id, lease_owner=claim.owner).update(
                lease_owner=None, lease_until=None
            )

    async def release_all(self) -> int:
        """End every lease. For the start of the only process: whoever held one is dead."""
        return await Row.filter(lease_owner__isnull=False).update(lease_owner=None, lease_until=None)

    async def release_stale(self) -> int:
        """End the leases that ran out; they could be claimed already, this only says so."""
        return await Row.filter(lease_until__lte=self._clock()).update(lease_owner=None, lease_until=None)

    def _due(self) -> Q:
        now = self._clock()
        return Q(due_at__lte=now) & (Q(lease_until__isnull=True) | Q(lease_until__lte=now))

    async def _mark_in(self, guild_id: GuildId, account_ids: set[AccountId], urgency: Urgency) -> None:
        now = self._clock()
        new = [
            Row(guild_id=guild_id, account_id=account_id, due_at=now, urgency=urgency)
            for account_id in account_ids
        ]
        await Row.bulk_create(new, ignore_conflicts=True)
        rows = Row.filter(guild_id=guild_id, account_id__in=list(account_ids))
        await rows.update(generation=F("generation") + 1)
        await rows.filter(Q(due_at__isnull=True) | Q(due_at__gt=now)).update(due_at=now, attempts=0)
        await rows.filter(urgency__gt=urgency).update(urgency=urgency)


def _of(*, urgent: bool) -> Urgency:
    return Urgency.PERSON if urgent else Urgency.EVENT


def _next(urgency: Urgency, *, acted: bool, at_rest: bool) -> Urgency:
    """How urgent what comes after a pass is; nobody waits for an answer any more."""
    if at_rest:
        return Urgency.BULK
    if urgency <= Urgency.EVENT:
        return Urgency.EVENT
    return Urgency.LOOK if acted else Urgency.BULK


def _claim(row: Row, owner: str) -> Claim:
    return Claim(
        work_id=row.id,
        member=Member(GuildId(row.guild_id), AccountId(row.account_id)),
        generation=row.generation,
        urgency=row.urgency,
        attempts=row.attempts,
        owner=owner,
    )
