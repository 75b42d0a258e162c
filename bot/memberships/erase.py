"""Erases deleted fans: when their access has been taken away, and after thirty days in any case.

In between the rows stay, because they say what is still to be taken away. What remains afterwards is the tombstone,
an id and a version: without it, an event that is late would bring the person back.
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.clock import Clock
from bot.database import transaction
from bot.ids import FanId
from bot.memberships.inbox import forget
from bot.memberships.outbox import Outbox
from bot.memberships.ports import Forget, Remains
from models import Fan, Membership

log = structlog.get_logger()

AT_THE_LATEST = timedelta(days=30)


class Erasure:
    """``forgets``: one for each other room that holds something about fans."""

    def __init__(self, *, clock: Clock, outbox: Outbox, remains: Remains, forgets: Sequence[Forget]) -> None:
        self._clock = clock
        self._remains = remains
        self._forgets = (*forgets, outbox.forget, forget, _forget)

    async def erase_due(self) -> int:
        """Erase every deleted fan whose access is gone, or whose thirty days are over; say how many."""
        erased = 0
        for fan in await Fan.filter(deleted_at__isnull=False).order_by("deleted_at"):
            erased += await self._erase(FanId(fan.id))
        return erased

    async def _erase(self, fan_id: FanId) -> bool:
        async with transaction():
            fan = await Fan.get_or_none(id=fan_id)
            if fan is None or fan.deleted_at is None:
                return False
            overdue = self._clock() >= fan.deleted_at + AT_THE_LATEST
            has_access = await self._remains.anything_left_of(fan_id)
            if has_access and not overdue:
                return False
            for forget in self._forgets:
                await forget(fan_id)
        log.info("fan_erased", still_has_access=has_access)
        return True


async def _forget(fan_id: FanId) -> None:
    await Membership.filter(fan_id=fan_id).delete()
    await Fan.filter(id=fan_id).delete()
