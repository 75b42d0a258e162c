"""The whole bot on the whole sandbox, over real sockets; only the clock is moved by hand.

The people, pages and buttons are the tour's (``bot/sandbox/tour``). The bot is the one that ``app`` builds, in this
process, so that days pass in no time.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from nextcord.http import Route

from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from bot.sandbox.platform import PlatformDriver
from bot.sandbox.platform.server import Platform
from bot.sandbox.run import CLIENT_ID, environment
from bot.sandbox.tour.process import free_address
from tests.system.story import NOON, HouseBot, ManualClock, Story


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    """Everything running, nobody there yet."""
    clock = ManualClock(NOON)
    bot_url = f"http://{free_address()}"
    before = Route.BASE
    async with AsyncExitStack() as stack:
        stack.callback(setattr, Route, "BASE", before)
        discord = await stack.enter_async_context(Discord.serve(client_id=CLIENT_ID))
        platform = await stack.enter_async_context(Platform.serve(0, bot_url=bot_url, now=clock))
        settings = environment(discord, platform, bot_url, database_url=database_url)
        driver = await stack.enter_async_context(Driver(discord.url))
        bot = HouseBot(
            settings | {"SWEEP_EVERY": "100ms", "CONFIRM_AFTER": "30s"}, clock=clock, driver=driver
        )
        told = Story(
            discord=driver,
            platform=await stack.enter_async_context(PlatformDriver(platform.url)),
            bot=bot,
            bot_url=bot_url,
            clock=clock,
        )
        await stack.enter_async_context(told.people)
        await bot.start()
        stack.push_async_callback(bot.stop)
        yield told
