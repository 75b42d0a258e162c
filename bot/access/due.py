"""When a fan's access in an integration ends by the clock: an index, recomputed by every pass."""

from collections.abc import Mapping
from datetime import datetime

from bot.access.audience import members_of_fans
from bot.access.desired import Facts
from bot.access.work import Work
from bot.clock import Clock
from bot.database import transaction
from bot.ids import IntegrationId
from models import Due as Row

PAGE = 200
"""In one transaction, for which everybody else waits."""


class Dues:
    def __init__(self, clock: Clock, work: Work) -> None:
        self._clock = clock
        self._work = work

    async def record(self, facts: Facts, due: Mapping[IntegrationId, datetime]) -> None:
        """Make the index say what a pass found for this fan in this guild."""
        if facts.fan_id is None:
            return
        here = [int(integration.id) for integration in facts.integrations]
        rows = await Row.filter(fan_id=facts.fan_id, integration_id__in=here)
        if {row.integration_id: row.at for row in rows} == {int(key): at for key, at in due.items()}:
            return
        async with transaction():
            await Row.filter(fan_id=facts.fan_id, integration_id__in=here).delete()
            await Row.bulk_create(
                [Row(fan_id=facts.fan_id, integration_id=int(key), at=at) for key, at in due.items()],
                ignore_conflicts=True,
            )

    async def fall_due(self) -> int:
        """Mark the fans whose time has come. Their rows go in the same transaction; the pass writes what is next."""
        async with transaction():
            rows = await Row.filter(at__lte=self._clock()).order_by("at").limit(PAGE)
            await self._work.mark(await members_of_fans({row.fan_id for row in rows}))
            await Row.filter(id__in=[row.id for row in rows], at__lte=self._clock()).delete()
        return len(rows)
