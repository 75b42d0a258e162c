"""The clock's door: calls what is to be called every so often, from one place.

APScheduler drops jobs that are a second late and its ``shutdown`` cancels what runs without waiting for it (PITFALLS);
here a late call still happens, once, a failing one is logged and tried at its next time, and :meth:`Schedule.stop` waits
a moment for what runs, then cancels it and waits for that.
Due times are in our own tables: a call only asks "what is due?".
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = structlog.get_logger()

STOP_WITHIN_S = 3.0
"""Whatever is called can be cut short: what it had not done is due again."""

type Job = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobHealth:
    name: str
    period: timedelta
    idle: timedelta
    """How long ago it last came to a good end; before the first one, how long it has been on the timetable."""

    @property
    def overdue(self) -> bool:
        """Several calls in a row failed, never ended, or never began."""
        patience = min(max(2 * self.period, timedelta(minutes=2)), timedelta(hours=2))
        return self.idle > self.period + patience


class Schedule:
    """``every`` before or after ``start``; both need a running loop. Calls of one job never overlap."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._periods: dict[str, timedelta] = {}
        self._succeeded_at: dict[str, float] = {}

    def health(self) -> list[JobHealth]:
        """Of each job, by the clock that nobody can set."""
        now = time.monotonic()
        return [
            JobHealth(name=name, period=period, idle=timedelta(seconds=now - self._succeeded_at[name]))
            for name, period in self._periods.items()
        ]

    def every(self, period: timedelta, job: Job, *, name: str | None = None) -> None:
        """Call ``job`` each ``period``, the first time one period from now."""
        called = name or str(getattr(job, "__qualname__", repr(job)))
        self._periods[called], self._succeeded_at[called] = period, time.monotonic()
        trigger = IntervalTrigger(seconds=period.total_seconds(), timezone=UTC)
        self._scheduler.add_job(self._call, trigger, args=[called, job], name=called)

    def start(self) -> None:
        self._scheduler.start()

    async def stop(self, *, within_s: float = STOP_WITHIN_S) -> None:
        """No call begins after this; those that run have a moment left, and have ended when it returns."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.pause()
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=within_s)
            for task in late:
                task.cancel()
        while self._running:
            await asyncio.wait(set(self._running))
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _call(self, name: str, job: Job) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - APScheduler runs coroutines as tasks
        self._running.add(task)
        try:
            await job()
            self._succeeded_at[name] = time.monotonic()
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            log.info("scheduled_call_cut_short", job=name)
        except Exception:
            log.exception("scheduled_call_failed", job=name)
        finally:
            self._running.discard(task)
