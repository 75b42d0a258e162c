"""Looks at everything a running bot depends on, and says of each thing how it is and what to do.

It only looks. The one thing it sends is a webhook of a type that nobody knows, which the bot stores as ignored and the
doctor takes back; it works beside the running bot, and without one it says what could not be looked at.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

from bot.clock import Clock, system_clock
from bot.config import Config
from bot.database import DatabaseError, open_database
from bot.discord.inspection import Application, Inspection
from bot.discord.oauth import OAuth
from bot.operations.doctor import bot, database, discord, platform, servers
from bot.operations.doctor.findings import Finding, Mark
from bot.operations.running import look

__all__ = ["Finding", "Mark", "examine"]


async def examine(config: Config, clock: Clock = system_clock) -> AsyncIterator[Finding]:
    """Everything that was found, each as soon as it is; the settings could be read, or there were none."""
    running = await look(config)
    yield bot.settings(config)
    async with AsyncExitStack() as stack:
        there = False
        for finding in database.before_opening(config, running):
            yield finding
            there = finding.mark is Mark.GOOD
        if there:
            try:
                await stack.enter_async_context(open_database(config.database_url))
                yield await database.opened(config)
            except DatabaseError as error:
                there = False
                yield database.refused(error)
        async for finding in _discord(config, clock, database_open=there):
            yield finding
        yield bot.at_work(running)
        if finding_of_keys := bot.keys(config, running):
            yield finding_of_keys
        async for finding in bot.reached(config, running):
            yield finding
        yield await bot.ops_address(config, running)
        yield await platform.round_trip(config, clock, running, database_open=there)
        yield await platform.truth(config)


async def _discord(config: Config, clock: Clock, *, database_open: bool) -> AsyncIterator[Finding]:
    async with Inspection(config, clock) as inspection, OAuth(config, clock) as oauth:
        application = await inspection.application()
        for finding in discord.token(config, application):
            yield finding
        if not isinstance(application, Application):
            return
        for finding in discord.portal(config, application):
            yield finding
        yield await discord.credentials(config, oauth)
        gateway = await inspection.gateway()
        for finding in discord.gateway(gateway):
            yield finding
        if database_open:
            async for finding in servers.each(config, inspection, application):
                yield finding
