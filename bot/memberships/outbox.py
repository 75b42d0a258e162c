"""Keeps what the platform is to be told, written with the fact it tells of, and sends it in order per fan.

Only the oldest unfinished event of a fan may leave, so a later one never overtakes it; a lease makes two senders at
once safe; a crash after sending means that the same event, under the same id, is sent again. After three days an
event is given up, and the fan's next one goes on.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
import structlog
from tortoise.expressions import Q, Subquery
from tortoise.functions import Min

from bot.clock import Clock
from bot.ids import FanId
from bot.memberships.delivery import Delivery
from bot.memberships.rows import is_erased
from models import OutboxEvent

log = structlog.get_logger()

GIVEN_UP_AFTER = timedelta(days=3)
FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(hours=1)
LEASE = timedelta(minutes=1)
"""Longer than a delivery may take (:mod:`bot.memberships.delivery`)."""
PAGE = 50


class Outbox:
    """``delivery`` None: the platform does not want to be told, and nothing is stored."""

    def __init__(self, *, clock: Clock, delivery: Delivery | None) -> None:
        self._clock = clock
        self._delivery = delivery

    async def tell(self, event_type: str, key: str, fan_id: FanId, data: Mapping[str, Any]) -> None:
        """Store an event in the caller's transaction; the same key is told once."""
        if self._delivery is None:
            return
        now = self._clock()
        envelope = {"type": event_type, "timestamp": now.isoformat(), "data": dict(data)}
        event = OutboxEvent(
            webhook_id="evt_" + hashlib.sha256(key.encode()).hexdigest()[:60],
            fan_id=fan_id,
            type=event_type,
            body=msgspec.json.encode(envelope).decode(),
            created_at=now,
            next_at=now,
        )
        await OutboxEvent.bulk_create([event], ignore_conflicts=True)

    async def waiting(self) -> int:
        """How many events were neither delivered nor given up yet."""
        return await OutboxEvent.filter(sent_at__isnull=True, failed_at__isnull=True).count()

    async def waiting_since(self) -> datetime | None:
        """When the oldest of those was stored."""
        oldest = await OutboxEvent.filter(sent_at__isnull=True, failed_at__isnull=True).order_by("id").first()
        return oldest.created_at if oldest else None

    async def deliver_due(self) -> int:
        """Send what is due, page by page; stop when a whole page finds nobody there. Say how many were sent."""
        delivered = 0
        if self._delivery is None:
            return delivered
        while events := await self._claim():
            answers = await self._delivery.send([(e.webhook_id, e.body.encode()) for e in events])
            for event, answer in zip(events, answers, strict=True):
                await self._settle(event, accepted=200 <= answer < 300, answer=answer)
                delivered += 200 <= answer < 300
            if not any(answers):
                break
        return delivered

    async def release_all(self) -> int:
        """End every lease. For the start of the only process: whoever held one is dead."""
        return await OutboxEvent.filter(lease_until__isnull=False).update(lease_until=None)

    async def forget(self, fan_id: FanId) -> None:
        """Erase what a fan's events said; those not yet sent go when they are."""
        await OutboxEvent.filter(fan_id=fan_id, next_at__isnull=True).delete()

    async def purge(self, before: datetime) -> int:
        """Delete what was sent or given up, and stored before ``before``."""
        return await OutboxEvent.filter(next_at__isnull=True, created_at__lt=before).delete()

    async def _claim(self) -> list[OutboxEvent]:
        """Lease the oldest unfinished event of each fan, where it is due and nobody else has it."""
        now = self._clock()
        unfinished = OutboxEvent.filter(next_at__isnull=False)
        heads = unfinished.annotate(head=Min("id")).group_by("fan_id").values("head")
        free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
        due = OutboxEvent.filter(free, id__in=Subquery(heads), next_at__lte=now).order_by("id").limit(PAGE)
        claimed = []
        for event in await due:
            mine = OutboxEvent.filter(free, id=event.id, next_at=event.next_at)
            if await mine.update(lease_until=now + LEASE):
                event.lease_until = now + LEASE
                claimed.append(event)
        return claimed

    async def _settle(self, event: OutboxEvent, *, accepted: bool, answer: int) -> None:
        now = self._clock()
        attempts = event.attempts + 1
        last_at = event.created_at + GIVEN_UP_AFTER
        changes: dict[str, Any] = {"attempts": attempts, "lease_until": None, "next_at": None}
        if accepted:
            changes["sent_at"] = now
        elif now >= last_at:
            changes["failed_at"] = now
            log.error("event_given_up", webhook_id=event.webhook_id, type=event.type, answer=answer)
        else:
            changes["next_at"] = min(now + _backoff(attempts), last_at)
            log.warning("event_refused", webhook_id=event.webhook_id, type=event.type, answer=answer)
        await OutboxEvent.filter(id=event.id, lease_until=event.lease_until).update(**changes)
        if changes["next_at"] is None and await is_erased(event.fan_id):
            await self.forget(FanId(event.fan_id))


def _backoff(attempts: int) -> timedelta:
    doubled: int = 1 << min(attempts - 1, 16)
    return min(FIRST_RETRY * doubled, LONGEST_RETRY)
