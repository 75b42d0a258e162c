"""Takes work and brings members up to date: members in parallel, the calls for one member in order.

One member's exception is that member's: it is logged, and the member is tried again later. Stopping gives the passes
under way a moment; what is not done by then is given back, and a process that is killed instead loses only the time
its leases had left.

Each urgency has slots of its own, shared among the guilds (:mod:`bot.access.slots`): a crowd keeps nobody waiting for
whom a person waits, or to whom something happened, and is itself never kept from going on by these. In Discord's
lines, where they meet, the more urgent go first.
"""

import asyncio
import random
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.access.converge import Converge
from bot.access.fanout import FanOuts
from bot.access.slots import Slots
from bot.access.work import LEASE, Claim, Work
from bot.clock import Clock
from bot.ids import GuildId
from models.access import Urgency

log = structlog.get_logger()

SLOTS = {Urgency.PERSON: 100, Urgency.EVENT: 100, Urgency.LOOK: 50, Urgency.BULK: 100}
"""Members at once. Most of them wait for Discord; a crowd that does not has this process's one processor busy."""
AT_ONCE = 100
"""In :meth:`Worker.drain`: as many as one gateway request can read."""
LOOK_EVERY_S = 1.0
STOP_WITHIN_S = 4.0
PASS_WITHIN_S = LEASE.total_seconds() * 0.75
"""A pass ends before its lease does, so that no member is in two hands."""
BROKEN = timedelta(seconds=10)


class Worker:
    def __init__(self, *, clock: Clock, work: Work, fan_outs: FanOuts, converge: Converge) -> None:
        self._clock = clock
        self._work = work
        self._fan_outs = fan_outs
        self._converge = converge
        self._slots = {urgency: Slots(number) for urgency, number in SLOTS.items()}
        self._passes: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until :meth:`stop` or cancellation; this is the only bot on its database, so old leases are ended first."""
        self._stopping.clear()
        await self._work.release_all()
        async with asyncio.TaskGroup() as owner:
            unfolding = owner.create_task(
                self._forever("fan_out", self._fan_outs.unfold_all), name="fan-outs"
            )
            try:
                while not self._stopping.is_set():
                    await self._guarded("claim", self._start_passes(owner))
                    await self._until_woken()
            finally:
                unfolding.cancel()  # what is not unfolded goes on at the next start
                await self._settle_down()

    def stop(self) -> None:
        """Claim nothing more; :meth:`run` returns when the passes under way are done, or given back."""
        self._stopping.set()
        self._work.woken.set()

    async def drain(self) -> None:
        """Do everything that is due now, and what comes of it; for tests."""
        await self._fan_outs.unfold_all()
        while claims := await self._work.claim(AT_ONCE):
            async with asyncio.TaskGroup() as owner:
                for claim in claims:
                    owner.create_task(self._pass(claim))
            await self._fan_outs.unfold_all()

    async def _start_passes(self, owner: asyncio.TaskGroup) -> None:
        for urgency, slots in self._slots.items():
            while slots.free:
                waiting = await self._work.waiting(slots.free, urgency=urgency, without=slots.full())
                claims = await self._work.take(slots.choose(waiting))
                if not claims:
                    break
                for claim in claims:
                    self._start_pass(owner, claim, slots)

    def _start_pass(self, owner: asyncio.TaskGroup, claim: Claim, slots: Slots) -> None:
        guild_id = claim.member.guild_id
        task = owner.create_task(self._pass(claim), name=f"pass-{claim.work_id}")
        slots.hold(guild_id)
        self._passes.add(task)
        task.add_done_callback(lambda done: self._done(done, slots, guild_id))

    def _done(self, task: asyncio.Task[None], slots: Slots, guild_id: GuildId) -> None:
        self._passes.discard(task)
        slots.give_back(guild_id)
        self._work.woken.set()  # there is room again

    async def _pass(self, claim: Claim) -> None:
        try:
            async with asyncio.timeout(PASS_WITHIN_S):
                verdict = await self._converge.converge(
                    claim.member, urgency=claim.urgency, attempts=claim.attempts
                )
            next_at = self._spread(verdict.next_at) if verdict.retries else verdict.next_at
            await self._work.finish(
                claim, next_at=next_at, attempts=verdict.attempts, at_rest=verdict.at_rest
            )
        except asyncio.CancelledError:
            await self._work.release([claim])
            raise
        except Exception:
            log.exception("pass_failed", guild_id=claim.member.guild_id, account_id=claim.member.account_id)
            await self._guarded("give_back", self._try_later(claim))

    async def _try_later(self, claim: Claim) -> None:
        wait = min(timedelta(hours=1), BROKEN * (1 << min(claim.attempts, 12)))
        await self._work.finish(
            claim, next_at=self._spread(self._clock() + wait), attempts=claim.attempts + 1
        )

    def _spread(self, at: datetime | None) -> datetime | None:
        """Up to a fifth later, so that what failed together does not come back together."""
        if at is None:
            return None
        return at + (at - self._clock()) * (random.random() / 5)  # noqa: S311 - spreading load, not a secret

    async def _until_woken(self) -> None:
        try:
            async with asyncio.timeout(LOOK_EVERY_S):
                await self._work.woken.wait()
        except TimeoutError:
            return
        self._work.woken.clear()

    async def _forever(self, name: str, act: Any) -> None:
        while not self._stopping.is_set():
            await self._guarded(name, act())
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def _guarded(self, name: str, act: Coroutine[Any, Any, None]) -> None:
        """The worker outlives a database that is away for a moment."""
        try:
            await act
        except Exception:
            log.exception("worker_failed", during=name)
            await asyncio.sleep(LOOK_EVERY_S)

    async def _settle_down(self) -> None:
        self._stopping.set()
        if self._passes:
            await asyncio.wait(set(self._passes), timeout=STOP_WITHIN_S)
        for task in set(self._passes):
            task.cancel()
