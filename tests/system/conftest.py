"""The whole bot on the whole sandbox, over real sockets; only the clock is moved by hand.

The people, pages and buttons are the tour's (``bot/sandbox/tour``). The bot is the one that ``app`` builds, in this
process, so that days pass in no time.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from nextcord.http import Route

from bot.database import migrate
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from bot.sandbox.platform import PlatformDriver
from bot.sandbox.platform.server import Platform
from bot.sandbox.run import CLIENT_ID, environment
from bot.sandbox.tour.process import free_address
from tests.system.story import NOON, HouseBot, ManualClock, Story


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with every table, to be copied: making the tables takes longer than a story."""
    file = tmp_path_factory.mktemp("system") / "passes.db"
    asyncio.run(migrate(f"sqlite://{file}"))
    return file


@pytest.fixture
async def story(migrated: Path, tmp_path: Path) -> AsyncIterator[Story]:
    """Everything running, nobody there yet."""
    clock = ManualClock(NOON)
    bot_url = f"http://{free_address()}"
    before = Route.BASE
    shutil.copy(migrated, tmp_path)
    async with AsyncExitStack() as stack:
        stack.callback(setattr, Route, "BASE", before)
        discord = await stack.enter_async_context(Discord.serve(client_id=CLIENT_ID))
        platform = await stack.enter_async_context(Platform.serve(0, bot_url=bot_url, now=clock))
        settings = environment(discord, platform, bot_url, database_url=f"sqlite://{tmp_path / 'passes.db'}")
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
