"""Sends the platform's webhooks: signed, in order, again and again until they are taken.

One delivery is attempted after the other, so that the order is the order of events unless a test asks for
another one; a refused delivery waits its turn again without holding up those behind it.
"""

import asyncio
import heapq
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

from aiohttp import ClientError, ClientSession, ClientTimeout

from . import signing
from .deliveries import Delivery, Reply
from .records import Json, iso
from .settings import Settings
from .state import RefusedError, UnknownError


@dataclass(slots=True, kw_only=True)
class Webhooks:
    settings: Settings
    now: Callable[[], datetime]
    session: ClientSession
    paused: bool = False
    log: dict[str, Delivery] = field(default_factory=dict)
    _queue: list[tuple[float, int, Delivery]] = field(default_factory=list)  # by due time, then order
    _turns: int = 0
    _in_flight: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _settled: asyncio.Condition = field(default_factory=asyncio.Condition)

    def publish(self, event_type: str, data: Json) -> Delivery:
        """Make an event and queue it; the body is fixed now, the signature at each attempt."""
        envelope = {"type": event_type, "timestamp": iso(self.now()), "data": data}
        delivery = Delivery(
            id=f"msg_{uuid4().hex}",
            number=len(self.log) + 1,
            type=event_type,
            body=json.dumps(envelope).encode(),
            data=data,
        )
        self.log[delivery.id] = delivery
        self._enqueue(delivery, self.settings.delay_s)
        return delivery

    def pause(self) -> None:
        self.paused = True

    def resume(self, order: Iterable[str] | None = None) -> None:
        """Go on; with an order (delivery ids, or "reversed") what is queued goes out in that order, the rest after."""
        queued = self.queued()
        if order is not None:
            named = [d.id for d in reversed(queued)] if order == "reversed" else list(order)
            first = [self.find(delivery_id) for delivery_id in named]
            self._queue.clear()
            for delivery in first + [d for d in queued if d not in first]:
                self._enqueue(delivery, 0)
        self.paused = False
        self.wake()

    def lose(self, delivery_id: str | None = None) -> list[str]:
        """Drop a queued delivery for ever, or all that are queued."""
        doomed = self.queued() if delivery_id is None else [self.find(delivery_id)]
        for delivery in doomed:
            if delivery.state != "queued":
                raise RefusedError(f"{delivery.id} is already {delivery.state}")
            delivery.state = "lost"
        self.wake()
        return [delivery.id for delivery in doomed]

    def queued(self) -> list[Delivery]:
        return [delivery for _, _, delivery in sorted(self._queue) if delivery.state == "queued"]

    def find(self, delivery_id: str) -> Delivery:
        if delivery_id not in self.log:
            raise UnknownError(f"there is no delivery {delivery_id!r}")
        return self.log[delivery_id]

    def wake(self) -> None:
        """Look again: the queue, the settings or the bot's address changed."""
        self._changed.set()

    async def repeat(self, delivery_id: str) -> Reply:
        """Send a delivery once more, under the same id, as platforms do when an answer was lost."""
        return await self.attempt(self.find(delivery_id))

    async def settled(self, timeout_s: float) -> list[Delivery]:
        """Wait until nothing is on its way; what still is after the time-out is returned."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._settled:
                await self._settled.wait_for(lambda: not self.queued() and not self._in_flight)
        return [delivery for delivery in self.log.values() if delivery.state == "queued"]

    async def run(self) -> None:
        """Deliver for ever; the owner cancels it."""
        while True:
            self._changed.clear()
            wait_s = self._wait_s()
            if wait_s is not None and wait_s <= 0:
                await self._deliver(heapq.heappop(self._queue)[2])
            else:
                await self._tell_settled()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), wait_s)

    async def attempt(self, delivery: Delivery) -> Reply:
        moment = self.now()
        headers = signing.headers(
            self.settings.webhook_secrets, delivery.id, int(moment.timestamp()), delivery.body
        )
        reply = await self.send(delivery.body, headers)
        delivery.note(iso(moment), reply)
        return reply

    async def send(self, body: bytes, headers: dict[str, str]) -> Reply:
        """Post exactly this to the bot; no answer at all is a reply of status 0."""
        endpoint = self.settings.endpoint
        if endpoint is None:
            raise RefusedError("the platform has not been told where the bot listens (bot_url)")
        limit = ClientTimeout(total=self.settings.attempt_timeout_s)
        try:
            async with self.session.post(
                endpoint, data=body, headers=headers, timeout=limit, allow_redirects=False
            ) as answer:
                return Reply(
                    status=answer.status,
                    body=await answer.text(errors="replace"),
                    headers={name.lower(): value for name, value in answer.headers.items()},
                )
        except (ClientError, OSError) as error:
            return Reply(status=0, body=f"{type(error).__name__}: {error}")

    def _enqueue(self, delivery: Delivery, delay_s: float) -> None:
        self._turns += 1
        due = asyncio.get_running_loop().time() + delay_s
        heapq.heappush(self._queue, (due, self._turns, delivery))
        self.wake()

    def _wait_s(self) -> float | None:
        """Seconds until something is due; None: until something changes."""
        while self._queue and self._queue[0][2].state != "queued":
            heapq.heappop(self._queue)
        if self.paused or not self._queue or self.settings.endpoint is None:
            return None
        return self._queue[0][0] - asyncio.get_running_loop().time()

    async def _deliver(self, delivery: Delivery) -> None:
        self._in_flight += 1
        reply = await self.attempt(delivery)
        self._in_flight -= 1
        if reply.accepted:
            delivery.state = "delivered"
        elif len(delivery.attempts) >= self.settings.max_attempts:
            delivery.state = "failed"
        elif delivery.state == "queued":
            delays = self.settings.retry_delays_s
            self._enqueue(delivery, delays[min(len(delivery.attempts), len(delays)) - 1])

    async def _tell_settled(self) -> None:
        async with self._settled:
            self._settled.notify_all()
