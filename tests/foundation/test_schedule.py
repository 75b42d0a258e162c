"""Calls happen late rather than never, do not overlap, survive their failures, and are awaited at the end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import time_machine
from structlog.testing import capture_logs

from bot.schedule import Schedule

SOON = timedelta(milliseconds=10)


@pytest.fixture
async def schedule() -> AsyncIterator[Schedule]:
    schedule = Schedule()
    yield schedule
    await schedule.stop()


async def once(event: asyncio.Event) -> None:
    async with asyncio.timeout(5):
        await event.wait()


async def test_calls_every_period(schedule: Schedule) -> None:
    calls, enough = [], asyncio.Event()

    async def job() -> None:
        calls.append(1)
        if len(calls) == 3:
            enough.set()

    schedule.every(SOON, job)
    schedule.start()
    await once(enough)


async def test_a_call_that_is_an_hour_late_still_happens(schedule: Schedule) -> None:
    called = asyncio.Event()

    async def job() -> None:
        called.set()

    async def other() -> None:
        pytest.fail("a day has not passed")

    with time_machine.travel("2026-01-01T00:00Z", tick=False) as traveller:
        schedule.every(timedelta(hours=1), job)
        schedule.start()
        traveller.shift(timedelta(hours=1, minutes=30))
        schedule.every(timedelta(days=1), other)  # a new job makes the scheduler look at its clock
        await once(called)


async def test_a_failing_call_is_logged_and_tried_again(schedule: Schedule) -> None:
    calls, again = [], asyncio.Event()

    async def job() -> None:
        calls.append(1)
        if len(calls) == 2:
            again.set()
        raise RuntimeError("no luck")

    with capture_logs() as logs:
        schedule.every(SOON, job, name="sweep")
        schedule.start()
        await once(again)
    assert ("scheduled_call_failed", "sweep") in [(entry["event"], entry["job"]) for entry in logs]


async def test_calls_of_one_job_do_not_overlap(schedule: Schedule) -> None:
    running, most, calls, enough = 0, 0, 0, asyncio.Event()

    async def job() -> None:
        nonlocal running, most, calls
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.05)  # several periods
        running -= 1
        calls += 1
        if calls == 2:
            enough.set()

    schedule.every(SOON, job)
    schedule.start()
    await once(enough)
    assert most == 1


async def test_stop_waits_for_what_runs_and_begins_nothing_more(schedule: Schedule) -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), []

    async def job() -> None:
        begun.set()
        await go_on.wait()
        ended.append(1)

    schedule.every(SOON, job)
    schedule.start()
    await once(begun)
    stopping = asyncio.ensure_future(schedule.stop())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    go_on.set()
    await stopping
    await asyncio.sleep(0.05)
    assert ended == [1]


async def test_stop_cuts_short_what_would_take_too_long(schedule: Schedule) -> None:
    begun, ended = asyncio.Event(), []

    async def job() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(1)

    schedule.every(SOON, job)
    schedule.start()
    await once(begun)
    async with asyncio.timeout(5):
        await schedule.stop(within_s=0.05)
    assert ended == [1]


async def test_stop_before_start_is_nothing(schedule: Schedule) -> None:
    await schedule.stop()
