"""Where the story is played: both halves of the sandbox, the bot as its own process, and the people.

People act only as people can: on Discord through :class:`Driver`, on the platform through :class:`PlatformDriver`, and
on pages with a :class:`Browser`; all over the wire.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.sandbox.browser import Browser, Page
from bot.sandbox.discord.driver import Driver
from bot.sandbox.platform import PlatformDriver
from bot.sandbox.run import Sandbox, sandbox
from bot.sandbox.tour.addresses import free_address
from bot.sandbox.tour.narrator import Narrator
from bot.sandbox.tour.process import Bot, BotProcess
from bot.sandbox.tour.serving import serves_people

INVITATION = 1 << 28 | 1 << 0 | 1 << 1
"""Manage Roles, Create Invite, Kick Members: what the README's invitation asks for."""

HURRIED = {
    "SLACK": "2s",
    "KICK_DELAY": "2s",
    "CONFIRM_AFTER": "1s",
    "SWEEP_EVERY": "300ms",
    "LOG_FORMAT": "json",
}
"""A day of the bot's life in seconds; nothing else differs from a bot on real Discord."""


@dataclass(slots=True, kw_only=True)
class Person:
    """Somebody with a Discord account, maybe one at the platform, and a browser."""

    name: str
    account: int
    at_platform: str
    browser: Browser


@dataclass(slots=True, kw_only=True)
class Stage:
    discord: Driver
    platform: PlatformDriver
    bot: Bot
    bot_url: str
    tell: Narrator
    cast: dict[str, Person] = field(default_factory=dict)
    people: AsyncExitStack = field(default_factory=AsyncExitStack)
    world: Sandbox | None = None
    """What it is played on, for those who change its rules; people have no hand in it."""
    guild: int = 0
    creator: str = ""
    tiers: dict[str, str] = field(default_factory=dict)

    async def fan(self, name: str) -> Person:
        """A new fan with an account at the platform and one on Discord."""
        return await self._person(name, await self.platform.create_fan(name))

    async def owner(self, name: str) -> Person:
        """A new creator with an account at the platform and one on Discord."""
        self.creator = await self.platform.create_creator(name)
        return await self._person(name, self.creator)

    async def _person(self, name: str, at_platform: str) -> Person:
        account = await self.discord.create_user(name.lower())
        authorize = partial(self.discord.authorize, account)
        browser = await self.people.enter_async_context(Browser(on_redirect_to_discord=authorize))
        self.cast[name] = Person(name=name, account=account, at_platform=at_platform, browser=browser)
        return self.cast[name]

    async def buys(self, fan: Person, tier: str, *, period_s: float | None = None) -> str:
        """The fan buys at the platform; returns the membership's id once the platform told the bot."""
        return await self.platform.buy(fan.at_platform, self.tiers[tier], period_s=period_s)

    async def hand_over(self, person: Person, next_path: str) -> Page:
        """The platform sends the person, signed in, to a page of the bot's."""
        url = await self.platform.launch_url(person.at_platform, next_path=next_path)
        return await person.browser.open(url)

    async def roles(self, person: Person) -> set[str]:
        """What Discord shows on the person's profile in the server."""
        return await self.discord.roles_of(self.guild, person.account)

    async def inside(self, person: Person) -> bool:
        return await self.discord.member(self.guild, person.account) is not None

    async def memberships_page(self, person: Person) -> str:
        """What the Memberships page says to the person."""
        return (await person.browser.open(f"{self.bot_url}/memberships")).text


@asynccontextmanager
async def raise_curtain(tell: Narrator, *, database_url: str | None = None) -> AsyncIterator[Stage]:
    """Everything running and ready; everything stopped at the end. Without a database, on one of its own."""
    address = free_address()
    bot_url = f"http://{address}"
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="passes-tour-")))
        served = await stack.enter_async_context(sandbox(bot_url=bot_url))
        database_url = database_url or f"sqlite://{folder / 'passes.db'}"
        settings = served.environment(ops_bind=free_address(), database_url=database_url)
        discord = await stack.enter_async_context(Driver(served.discord.url))
        ready = partial(serves_people, discord, bot_url)
        bot = BotProcess(settings | HURRIED, log=folder / "bot.log", is_ready=ready)
        stack.push_async_callback(bot.stop)
        platform = await stack.enter_async_context(PlatformDriver(served.platform.url))
        people = await stack.enter_async_context(AsyncExitStack())
        yield Stage(
            discord=discord,
            platform=platform,
            bot=bot,
            bot_url=bot_url,
            tell=tell,
            people=people,
            world=served,
        )
