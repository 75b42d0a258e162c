"""Starts and stops the bot in order, and hands the schedule its callables; what it is made of is in ``assembly``.

It starts from the ground up (database, rooms, doors), and stops the other way round: the clock, then the web, so that
no new fact comes in, then the worker, then Discord, then the database.
"""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

import structlog

from bot.access.worker import Worker
from bot.assembly import House, build
from bot.clock import Clock, system_clock
from bot.config import Config
from bot.database import open_database
from bot.discord.client import Client, build_client
from bot.discord.oauth import OAuth
from bot.discord.supervision import run_client
from bot.fans.vault import fingerprint
from bot.schedule import Schedule
from bot.web.ops import Ops
from bot.web.server import serve

log = structlog.get_logger()

DAY = timedelta(days=1)


def timetable(house: House) -> Schedule:
    """What the clock brings, and how often."""
    schedule, often = house.schedule, house.config.sweep_every
    schedule.every(often, house.sweep.often, name="sweep")
    schedule.every(often, house.rooms.inbox.apply_pending, name="inbox")
    schedule.every(often, house.engine.outbox.deliver_due, name="outbox")
    schedule.every(often, house.engine.notices.deliver_due, name="notices")
    schedule.every(often, house.rooms.closing.finish, name="closing")
    schedule.every(often, house.returns.look_due, name="returns")
    schedule.every(often, house.erasure.erase_due, name="erasure")
    schedule.every(often, house.rooms.announcements.unfold, name="announcements")
    schedule.every(often, house.rooms.asking.questions.ask_due, name="questions")
    schedule.every(often, house.rooms.asking.catch_ups.run_due, name="catch-up")
    schedule.every(often, house.vitals.watch, name="watch")
    schedule.every(DAY, lambda: _purge(house), name="purge")
    return schedule


async def _purge(house: House) -> None:
    """Forget what is old enough: once a day, and at each start."""
    before = house.clock() - house.config.inbox_kept
    await house.rooms.inbox.purge(before)
    await house.engine.outbox.purge(before)
    await house.sweep.purge()
    await house.rooms.identity.forget_expired()


@asynccontextmanager
async def running(
    config: Config, clock: Clock = system_clock, *, client: Client | None = None
) -> AsyncIterator[House]:
    """The bot, at work until the context is left; raises what makes going on impossible.

    ``client`` is Discord's usual one, unless somebody brings one that is built otherwise.
    Raises DatabaseError before anything started, CannotConnectError as soon as Discord refuses for good,
    CannotListenError where another program listens; the last two in a group.
    """
    async with AsyncExitStack() as ground:
        await ground.enter_async_context(open_database(config.database_url, exclusive=True))
        oauth = await ground.enter_async_context(OAuth(config, clock))
        house = build(config, clock, oauth, client or build_client(config))
        await house.rooms.inbox.apply_pending()
        await house.engine.outbox.release_all()
        await _purge(house)
        async with asyncio.TaskGroup() as owner, AsyncExitStack() as doors:
            # Pushed in the order of starting, left in the opposite one.
            are_open = asyncio.Event()
            discord = owner.create_task(_connect(house, are_open), name="discord")
            doors.push_async_callback(_end, discord)
            worker = owner.create_task(house.worker.run(), name="worker")
            doors.push_async_callback(_finish, house.worker, worker)
            ops = Ops(house.vitals, keys=[fingerprint(key) for key in config.secret_keys])
            await doors.enter_async_context(serve(ops.app(), config.ops_bind, setting="OPS_BIND"))
            await doors.enter_async_context(serve(house.web, config.bind))
            are_open.set()
            schedule = timetable(house)
            doors.push_async_callback(schedule.stop)
            doors.push_async_callback(house.rooms.asking.close)
            schedule.start()
            log.info("started", address=config.public_url)
            yield house
        log.info("stopped")


async def _connect(house: House, doors_are_open: asyncio.Event) -> None:
    """Discord allows 1,000 connections a day: a bot that is started again and again at a taken port must not use them up."""
    await doors_are_open.wait()
    await run_client(house.client, house.config)


async def _end(discord: asyncio.Task[None]) -> None:
    discord.cancel()
    with suppress(asyncio.CancelledError):
        await discord


async def _finish(worker: Worker, task: asyncio.Task[None]) -> None:
    worker.stop()
    await asyncio.wait([task])


async def run(config: Config) -> None:
    """Run until SIGINT or SIGTERM; see :func:`running` for what it raises."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with running(config):
        await stopped.wait()
