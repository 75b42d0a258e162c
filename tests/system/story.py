"""The words in which system tests are told."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientTimeout

from bot import app
from bot.assembly import House
from bot.config import load
from bot.discord.allowances import PER_SECOND
from bot.discord.client import build_client
from bot.discord.invalid_requests import InvalidRequests
from bot.discord.pacing import Pacing
from bot.ids import AccountId, GuildId, Member
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from bot.sandbox.platform import PlatformDriver
from bot.sandbox.platform.server import Platform
from bot.sandbox.run import CLIENT_ID, environment
from bot.sandbox.tour import acts
from bot.sandbox.tour.addresses import free_address
from bot.sandbox.tour.narrator import Narrator
from bot.sandbox.tour.stage import Person, Stage
from tests.clock import ManualClock
from tests.waiting import until

NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)
GIVES = {"Gold": ("Gold", "Lounge"), "Silver": ("Silver", "Lounge"), "Seat": ()}


class HouseBot:
    """The bot that ``app`` builds, in this process, on a clock that is moved by hand."""

    def __init__(
        self,
        settings: Mapping[str, str],
        *,
        clock: ManualClock,
        driver: Driver,
        waits: ClientTimeout | None = None,
        per_second: int = PER_SECOND,
    ) -> None:
        self._config = load(settings)
        self._clock = clock
        self._driver = driver
        self._waits = waits
        self._per_second = per_second
        self._stack = AsyncExitStack()
        self.house: House | None = None

    async def start(self) -> None:
        pacing = Pacing(invalid=InvalidRequests(), per_second=self._per_second)
        client = build_client(self._config, pacing=pacing, timeout=self._waits)
        running = app.running(self._config, self._clock, client=client)
        self.house = await self._stack.enter_async_context(running)
        await until(self._serves, "the bot serves people")

    async def _serves(self) -> bool:
        assert self.house is not None
        return self.house.client.listening and bool(await self._driver.commands())

    async def stop(self) -> int | None:
        self.house = None  # a look now would open its database again
        await self._stack.aclose()
        return 0

    async def kill(self) -> None:
        raise AssertionError("a bot in this process cannot be killed: play it as a process")

    async def why(self, guild: int, account: int) -> dict[str, Any]:
        assert self.house is not None
        return asdict(await self.house.explain.member(Member(GuildId(guild), AccountId(account))))

    async def command(self, *words: str) -> str:
        raise AssertionError(f"a bot in this process has no command line for {words}: play it as a process")

    def last_words(self) -> str:
        return ""


@dataclass(slots=True, kw_only=True)
class Story(Stage):
    """A stage on which time can be moved, with looks that fail a test."""

    clock: ManualClock
    tell: Narrator = field(default_factory=Narrator)

    async def given_a_server(
        self,
        gives: Mapping[str, Sequence[str]] = GIVES,
        *,
        roles: Sequence[str] = ("Gold", "Silver", "Lounge", "Friend"),
    ) -> Person:
        """Ana's server, set up as she does it; returns Ana."""
        ana = await self.owner("Ana")
        await acts.open_server(self, ana, "Ana's Studio", roles)
        await acts.sell(self, *gives)
        await acts.set_up(self, ana, "VIP rooms", gives)
        return ana

    async def given_a_fan_inside(self, name: str, tier: str, *, days: float = 30) -> tuple[Person, str]:
        """A fan who bought, connected, and was seen inside with everything that is due."""
        fan, membership = await acts.buys_and_connects(self, name, tier, period_s=days * 86400)
        await self.sees(fan, set(GIVES[tier]))
        await self.settles(fan)
        return fan, membership

    async def later(self, **by: float) -> None:
        """Time passes, at once; what falls due happens in its own time."""
        self.clock.move(timedelta(**by))

    async def sees(self, person: Person, roles: set[str]) -> None:
        """Somebody is in the server with exactly these roles, soon."""

        async def so() -> bool:
            member = await self.discord.member(self.guild, person.account)
            return member is not None and set(member["roles"]) == roles

        await until(so, f"{person.name} inside with {sorted(roles)}")

    async def sees_in_time(self, person: Person, roles: set[str] | None, *, minutes: float = 20) -> None:
        """The same, while time passes; None: out of the server."""
        ends = self.clock.now + timedelta(minutes=minutes)

        async def so() -> bool:
            member = await self.discord.member(self.guild, person.account)
            if (set(member["roles"]) if member else None) == roles:
                return True
            await self.everything_settles()
            if self.clock.now < ends:
                await self.later(seconds=15)
            return False

        await until(
            so,
            f"{person.name} in time with {roles}",
            otherwise=lambda: self.bot.why(self.guild, person.account),
        )

    async def shows(self, owner: Person, sentence: str) -> None:
        """/passes setup tells the creator so, soon."""

        async def said() -> str:
            return (await self.discord.command(owner.account, "passes setup", guild=self.guild)).text

        async def says() -> bool:
            return sentence in await said()

        await until(says, f"/passes setup says {sentence!r}", otherwise=said)

    @property
    def house(self) -> House:
        """The bot's own parts: for looking, and for seeding what would take people too long."""
        assert isinstance(self.bot, HouseBot)
        assert self.bot.house is not None
        return self.bot.house

    async def sees_gone(self, person: Person) -> None:
        async def gone() -> bool:
            return await self.discord.member(self.guild, person.account) is None

        await until(gone, f"{person.name} out of the server")

    async def settles(self, person: Person) -> None:
        """What was done is looked at once more, and then the bot has nothing to do for this member."""

        async def done() -> bool:
            await self.everything_settles()
            if not (await self.bot.why(self.guild, person.account))["planned"]:
                return True
            await self.later(seconds=31)
            return False

        await until(
            done,
            f"the bot done with {person.name}",
            otherwise=lambda: self.bot.why(self.guild, person.account),
        )

    async def everything_settles(self) -> None:
        """Nothing is due any more."""
        bot = self.bot
        assert isinstance(bot, HouseBot)

        async def idle() -> bool:
            if bot.house is None:  # it is being started again
                return False
            due, _ = await bot.house.work.backlog()
            return due == 0

        await until(idle, "no work due")

    async def calls(self, since: int, method: str | None = None) -> list[str]:
        """The bot's requests about members since a place in the journal, as ``METHOD status``."""
        entries = await self.discord.journal(since)
        return [
            f"{entry['method']} {entry['status']}"
            for entry in entries
            if "/members/{user_id}" in entry["route"]
            and entry["method"] in ({method} if method else {"PUT", "DELETE"})
        ]

    async def place(self) -> int:
        """The place in the journal now."""
        journal = await self.discord.journal()
        return int(journal[-1]["n"]) if journal else 0


@asynccontextmanager
async def begun(
    database_url: str, *, limits: Limits | None = None, waits: ClientTimeout | None = None
) -> AsyncIterator[Story]:
    """Everything running, nobody there yet.

    ``limits`` are Discord's rate limits, ``waits`` is how long the bot does for it; None: the usual ones.
    """
    clock = ManualClock(NOON)
    bot_url = f"http://{free_address()}"
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(Discord.serve(client_id=CLIENT_ID, limits=limits))
        platform = await stack.enter_async_context(Platform.serve(0, bot_url=bot_url, now=clock))
        settings = environment(discord, platform, bot_url, database_url=database_url)
        driver = await stack.enter_async_context(Driver(discord.url))
        bot = HouseBot(
            settings | {"SWEEP_EVERY": "100ms", "CONFIRM_AFTER": "30s"},
            clock=clock,
            driver=driver,
            waits=waits,
            per_second=limits.global_per_second if limits else PER_SECOND,
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
