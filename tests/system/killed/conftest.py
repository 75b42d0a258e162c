"""The ground on which the bot is killed: real time, hurried; no rate limits, because nothing here is about them."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from bot.database import open_database
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from bot.sandbox.platform import PlatformDriver
from bot.sandbox.platform.server import Platform
from bot.sandbox.run import CLIENT_ID, environment
from bot.sandbox.tour import acts
from bot.sandbox.tour.addresses import free_address
from bot.sandbox.tour.serving import serves_people
from tests.system.killed.ground import GIVES, Ground
from tests.system.killed.warm import WarmBot

HURRIED = {
    "SWEEP_EVERY": "100ms",
    "CONFIRM_AFTER": "300ms",
    "KICK_DELAY": "300ms",
    "LOG_FORMAT": "json",
}


@pytest.fixture
async def ground(database_url: str, tmp_path: Path) -> AsyncIterator[Ground]:
    """Both halves of the sandbox and an empty bot that is not started yet."""
    bot_url = f"http://{free_address()}"
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            open_database(database_url)
        )  # beside the bot, as the command line does
        served = await stack.enter_async_context(
            Discord.serve(
                client_id=CLIENT_ID,
                limits=Limits(enabled=False),
                redirect_uris=(f"{bot_url}/oauth/discord",),
            )
        )
        platform = await stack.enter_async_context(Platform.serve(0, bot_url=bot_url))
        settings = environment(served, platform, bot_url, database_url=database_url)
        discord = await stack.enter_async_context(Driver(served.url))
        bot = WarmBot(
            settings | HURRIED, log=tmp_path / "bot.log", is_ready=partial(serves_people, discord, bot_url)
        )
        ground = Ground(
            discord=discord,
            platform=await stack.enter_async_context(PlatformDriver(platform.url)),
            bot=bot,
            bot_url=bot_url,
            settings=settings | HURRIED,
        )
        await stack.enter_async_context(ground.people)
        stack.push_async_callback(bot.kill)
        yield ground


@pytest.fixture
async def studio(ground: Ground) -> Ground:
    """The bot running, in a server that is set up."""
    await ground.bot.start()
    ana = await ground.owner("Ana")
    await acts.open_server(ground, ana, "Ana's Studio", ("Gold", "Silver", "Lounge"))
    await acts.sell(ground, *GIVES)
    await acts.set_up(ground, ana, "VIP rooms", GIVES)
    return ground
