"""The pages as ``bot/app.py`` builds them: real rooms, a real SQLite file, a sandbox Discord and a sandbox platform.

Only what lives outside these rooms is played: what the engine would say of a fan's access, and the direct messages.
"""

import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.access.views import FanState, IntegrationView, NextStep
from bot.access.work import Work
from bot.config import Config, load
from bot.discord.oauth import OAuth
from bot.discord.outcomes import Applied, Outcome
from bot.fans.connecting import Connecting
from bot.fans.links import Links
from bot.fans.notices import Notices
from bot.fans.seats import Seats
from bot.fans.tokens import Tokens
from bot.identity.codes import Codes
from bot.identity.launch import Launch
from bot.identity.oauth_states import OAuthStates
from bot.identity.requests import Requests
from bot.identity.sessions import Sessions
from bot.ids import AccountId, FanId, GuildId, IntegrationId
from bot.integrations.accounts import Proofs
from bot.memberships.announce import Announcements
from bot.memberships.apply import Snapshots
from bot.memberships.outbox import Outbox
from bot.memberships.purchases import Purchases
from bot.memberships.silence import Silence
from bot.memberships.tiers import Tiers
from bot.memberships.truth import Truth
from bot.readers import Address
from bot.sandbox.browser import Browser
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from bot.sandbox.platform.driver import PlatformDriver
from bot.sandbox.platform.server import Platform
from bot.sandbox.platform.settings import LAUNCH_SECRET, WEBHOOK_SECRET
from bot.web.server import Rooms, build_app, serve
from models import Creator, Integration
from models.fans import SeatState
from models.integrations import IntegrationState
from tests.clock import ManualClock
from tests.memberships.room import Hub as Openings
from tests.web.hub_rooms import hub_rooms

KEYS = "k" * 40


@dataclass
class Sender:
    """Takes direct messages; ``answers`` is what Discord says, Applied when it is empty."""

    sent: list[tuple[int, str]] = field(default_factory=list)
    answers: list[Outcome] = field(default_factory=list)
    away: bool = False
    """The bot shares no server with anybody."""

    async def meets(self, _: AccountId) -> bool:
        return not self.away

    async def send(self, account_id: AccountId, text: str) -> Outcome:
        self.sent.append((account_id, text))
        return self.answers.pop(0) if self.answers else Applied()


def shown(integration_id: int, **values: Any) -> IntegrationView:
    """What the engine would say of one integration; ``values`` are what matters to the test."""
    usual: dict[str, Any] = {
        "name": "Club",
        "creator_name": "Mira",
        "guild_id": GuildId(4242),
        "guild_name": "Mira's place",
        "tiers": ("Gold",),
        "gives_access": True,
        "until": None,
        "ends_for_good": False,
        "seat": SeatState.NOT_YET,
        "stay": None,
        "roles_due": (),
        "roles_seen": (),
        "trouble": None,
        "state": FanState.NOT_CONNECTED,
        "next_step": NextStep.CONNECT,
    }
    return IntegrationView(integration_id=IntegrationId(integration_id), **(usual | values))


@dataclass
class Shelf:
    """The port to the engine's view of fans."""

    shown: dict[str, list[IntegrationView]] = field(default_factory=dict)

    async def of_fan(self, fan_id: FanId) -> Sequence[IntegrationView]:
        return self.shown.get(fan_id, [])


@dataclass
class Wired:
    """Everything a test plays with; ``url`` is where the bot's pages are."""

    clock: ManualClock
    config: Config
    rooms: Rooms
    shelf: Shelf
    sender: Sender
    platform: PlatformDriver
    discord: Driver
    seats: Seats

    @property
    def url(self) -> str:
        return self.config.public_url

    async def integration(self, **values: Any) -> IntegrationView:
        """An integration that exists, for seats to name."""
        await Creator.get_or_create(id="mira", defaults={"display_name": "Mira"})
        row = await Integration.create(
            creator_id="mira",
            name="Club",
            state=IntegrationState.CONNECTED,
            guild_id=4242,
            created_at=self.clock(),
        )
        return shown(row.id, **values)

    async def fan(self, name: str, *views: IntegrationView) -> str:
        fan = await self.platform.create_fan(name)
        self.shelf.shown[fan] = list(views)
        return fan

    @asynccontextmanager
    async def browser(self, *, as_user: int | None = None, approve: bool = True) -> AsyncIterator[Browser]:
        """A browser in which, at Discord, ``as_user`` is signed in."""

        async def authorize(url: str) -> str:
            assert as_user is not None, f"sent to Discord: {url}"
            return await self.discord.authorize(as_user, url, approve=approve)

        async with Browser(authorize) as browser:
            yield browser

    async def sign_in(self, browser: Browser, person: str, next_path: str | None = None) -> None:
        page = await browser.open(await self.platform.launch_url(person, next_path=next_path))
        assert page.status == 200, page.text

    async def sign_in_with(self, browser: Browser, fan: str, membership: str) -> None:
        """Hand the fan over together with what they bought."""
        page = await browser.open(await self.platform.launch_url(fan, membership=membership))
        assert page.status == 200, page.text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def settings(discord: Discord, **more: str) -> Config:
    app = discord.state.app
    environment = {
        "DISCORD_TOKEN": "sandbox-bot-token",
        "DISCORD_CLIENT_ID": str(app.id),
        "DISCORD_CLIENT_SECRET": app.client_secret,
        "DISCORD_API_URL": discord.api_url,
        "SECRET_KEYS": KEYS,
        "WEBHOOK_SECRETS": WEBHOOK_SECRET,
        "LAUNCH_SECRET": LAUNCH_SECRET,
        "SUPPORT_URL": "https://help.example.com",
        **more,
    }
    return load({name: value for name, value in environment.items() if value})


def build_rooms(  # noqa: PLR0917 - what lives outside these rooms
    config: Config, clock: ManualClock, oauth: OAuth, shelf: Shelf, sender: Sender, truth: Truth | None
) -> Rooms:
    work = Work(clock)
    notices = Notices(clock, config, sender, sender)
    links = Links(clock, config, work, notices)
    tokens = Tokens(clock, config, oauth)
    openings = Openings()
    outbox = Outbox(clock=clock, delivery=None)
    snapshots = Snapshots(
        clock=clock,
        work=work,
        closing=openings,
        announcements=Announcements(clock=clock, outbox=outbox, openings=openings),
        slack=config.slack,
        asks_first=config.membership_api_url is not None,
    )
    return Rooms(
        clock=clock,
        config=config,
        launch=Launch(clock, config, snapshots),
        sessions=Sessions(clock, config),
        codes=Codes(clock, config),
        states=OAuthStates(clock),
        requests=Requests(clock),
        oauth=oauth,
        links=links,
        tokens=tokens,
        notices=notices,
        connecting=Connecting(links, tokens, Seats(clock, work)),
        purchases=Purchases(),
        views=shelf,
        proofs=Proofs(clock, notices),
        hub=hub_rooms(config, clock, notices),
        tiers=Tiers(truth=truth, snapshots=snapshots, silence=Silence(clock)),
    )


@asynccontextmanager
async def wired(**more: str) -> AsyncIterator[Wired]:
    """All of it, over real sockets; ``more`` are settings. The database is open already."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    clock = ManualClock(datetime.now(UTC))  # tokens of the sandbox platform carry the real time
    shelf, sender = Shelf(), Sender()
    async with (
        Discord.serve(limits=Limits(enabled=False)) as discord,
        Platform.serve(bot_url=url) as platform,
        Driver(discord.url) as people,
        PlatformDriver(platform.url) as buyers,
    ):
        login = {"PUBLIC_URL": url, "MEMBERSHIP_LOGIN_URL": platform.login_url}
        if more.get("MEMBERSHIP_API_TOKEN"):
            login["MEMBERSHIP_API_URL"] = platform.api_url
        config = settings(discord, **(login | more))
        async with OAuth(config, clock) as oauth, AsyncExitStack() as asked:
            truth = None
            if config.membership_api_url and config.membership_api_token:
                truth = Truth(url=config.membership_api_url, token=config.membership_api_token)
                asked.push_async_callback(truth.close)
            rooms = build_rooms(config, clock, oauth, shelf, sender, truth)
            async with serve(build_app(rooms), Address("127.0.0.1", port)):
                yield Wired(
                    clock=clock,
                    config=config,
                    rooms=rooms,
                    shelf=shelf,
                    sender=sender,
                    platform=buyers,
                    discord=people,
                    seats=Seats(clock, Work(clock)),
                )
