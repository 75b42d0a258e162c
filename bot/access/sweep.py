"""What the clock brings: ends that fell due, leases that ran out, guilds to ask anew, records that are old enough to go.

Each is safe to run twice at once, and late: what they do is one compare-and-set or one mark. Retries, second
decisions and daily looks need no sweep: they are due times of work rows, and the worker looks every second.
"""

from datetime import timedelta

import structlog

from bot.access.audit import Audit
from bot.access.due import Dues
from bot.access.fanout import FanOuts
from bot.access.refusals import Refusals
from bot.access.work import Work
from bot.clock import Clock
from bot.config import Config
from bot.ids import AccountId, GuildId, Member
from models import Departure, Ending

log = structlog.get_logger()


class Sweep:
    def __init__(  # noqa: PLR0913 - the rooms whose time it tells
        self,
        *,
        clock: Clock,
        config: Config,
        work: Work,
        dues: Dues,
        fan_outs: FanOuts,
        refusals: Refusals,
        audit: Audit,
    ) -> None:
        self._clock = clock
        self._audit_kept = config.audit_kept
        self._endings_kept = 2 * (config.kick_delay + timedelta(days=1))
        self._work = work
        self._dues = dues
        self._fan_outs = fan_outs
        self._refusals = refusals
        self._audit = audit

    async def often(self) -> None:
        """Everything a person may be waiting for; every ``sweep_every``."""
        await self.due()
        await self.departures()
        await self.leases()
        await self.fan_outs()
        await self.refusals()

    async def due(self) -> None:
        """Mark the fans whose access in some integration ends by the clock."""
        while await self._dues.fall_due():
            pass

    async def departures(self) -> None:
        """Mark those about whom the second decision is due, should their work row say otherwise."""
        rows = await Departure.filter(
            decide_at__lte=self._clock(), spared__isnull=True, intended_at__isnull=True
        )
        overdue = [Member(GuildId(row.guild_id), AccountId(row.account_id)) for row in rows]
        await self._work.mark_idle(overdue)

    async def leases(self) -> None:
        released = await self._work.release_stale()
        if released:
            log.warning("leases_ran_out", count=released)

    async def fan_outs(self) -> None:
        await self._fan_outs.unfold_all()

    async def refusals(self) -> None:
        await self._refusals.expire()

    async def purge(self) -> None:
        """Forget what is old enough; once a day."""
        await self._audit.purge(self._audit_kept)
        await Ending.filter(at__lt=self._clock() - self._endings_kept).delete()
