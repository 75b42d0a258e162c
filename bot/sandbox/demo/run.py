"""Starts the sandbox and the bot, prints what to open, and stops all of it in order.

The bot is a process of its own, as in real life, with an empty database each time: the sandbox's ids begin anew with
every start, so yesterday's database would speak of somebody else.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox.demo.ports import Ports
from bot.sandbox.demo.start import Addresses, StartPage
from bot.sandbox.demo.world import World, seed
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.pages import PAGES
from bot.sandbox.platform import PlatformDriver
from bot.sandbox.run import Sandbox, sandbox
from bot.sandbox.tour.addresses import free_address
from bot.sandbox.tour.process import BotProcess, DidNotStartError
from bot.sandbox.tour.serving import serves_people

HURRIED = {
    "SLACK": "20s",
    "KICK_DELAY": "20s",
    "CONFIRM_AFTER": "5s",
    "SWEEP_EVERY": "1s",
    "GRACE_DAYS": "0",
    "DISCORD_MEMBERS_INTENT": "true",
}
"""Slow enough to look on, quick enough to wait for: after an end, roles go within 20 s and people 20 s later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    served: Sandbox
    world: World
    bot: BotProcess
    addresses: Addresses
    log: Path


@asynccontextmanager
async def demo(ports: Ports, *, database_url: str | None = None) -> AsyncIterator[Demo]:
    """Everything running, and the bot serving people; stopped in the opposite order at the end.

    Without a database, on one of its own.
    """
    bot_url = ports.url(ports.bot)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="passes-demo-")))
        served = await stack.enter_async_context(
            sandbox(discord_port=ports.discord, platform_port=ports.platform, bot_url=bot_url)
        )
        served.platform.parts.webhooks.pause()  # nobody listens yet
        world = await _seeded(served)
        addresses = Addresses(
            start=ports.url(ports.start),
            discord=served.discord.url,
            platform=served.platform.url,
            bot=bot_url,
        )
        served.discord.app[PAGES].site.start = served.platform.pages.site.start = addresses.start
        await stack.enter_async_context(StartPage(addresses, world).serve(ports.start))
        database_url = database_url or f"sqlite://{folder / 'passes.db'}"
        settings = served.environment(ops_bind=free_address(), database_url=database_url)
        settings |= HURRIED | {"SUPPORT_URL": addresses.start}  # the way back from the bot's own pages
        log = folder / "bot.log"
        driver = await stack.enter_async_context(Driver(served.discord.url))
        bot = BotProcess(settings, log=log, is_ready=partial(serves_people, driver, bot_url))
        stack.push_async_callback(bot.stop)
        await bot.start()
        served.platform.parts.webhooks.resume()
        yield Demo(served=served, world=world, bot=bot, addresses=addresses, log=log)


async def run(ports: Ports) -> int:
    """Serve until the bot ends, which it does not do by itself; returns the exit code."""
    _say("Starting the sandbox and the bot …")
    async with demo(ports) as playing:
        _say(_announcement(playing))
        status = await playing.bot.ended()
        _say(f"The bot has ended with {status}. This is what it said last:\n\n{playing.bot.last_words()}")
        return 1


def main(ports: Ports | None = None) -> int:
    """Play until Ctrl-C or SIGTERM, which is success; 1 if something could not start or ended by itself."""
    try:
        return asyncio.run(_until_told(ports or Ports.free()))
    except DidNotStartError as error:
        _say(f"The bot did not start. This is what it said last:\n\n{error}")
    except OSError as error:
        _say(f"The sandbox could not be served: {error}. Start the demo once more.")
    return 1


async def _until_told(ports: Ports) -> int:
    playing = asyncio.ensure_future(run(ports))

    def stop() -> None:
        if not playing.cancelling():  # a second Ctrl-C must not cut off the stopping itself
            _say("\nStopping …")
            playing.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        return await playing
    _say("Everything is stopped.")
    return 0


async def _seeded(served: Sandbox) -> World:
    async with Driver(served.discord.url) as discord, PlatformDriver(served.platform.url) as platform:
        return await seed(discord, platform)


def _announcement(playing: Demo) -> str:
    at = playing.addresses
    return f"""
Everything is running. Open this in a browser and follow the steps:

    Start page         {at.start}

The other pages, all linked from there:

    Storefront         {at.platform}
    Discord            {at.discord}
    Memberships page   {at.bot}/memberships
    Integrations Hub   {at.bot}/hub

What the bot says is in {playing.log}
Ctrl-C stops everything; nothing is kept.
"""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
