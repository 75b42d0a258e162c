"""A room that asks a sandbox platform, over the wire, on one clock; no webhook ever arrives."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.config import load
from bot.ids import CreatorId
from bot.memberships.asking import Asking
from bot.memberships.truth import Truth
from bot.sandbox.platform import PlatformDriver
from bot.sandbox.platform.server import Platform
from bot.sandbox.platform.settings import API_TOKEN
from models import Membership
from tests.memberships.room import Room

SETTINGS = {
    "DISCORD_TOKEN": "token",
    "DISCORD_CLIENT_ID": "1",
    "DISCORD_CLIENT_SECRET": "secret",
    "PUBLIC_URL": "http://127.0.0.1:1",
    "SECRET_KEYS": "k" * 32,
    "WEBHOOK_SECRETS": "whsec_" + "A" * 32,
    "LAUNCH_SECRET": "l" * 32,
}
DAY_S = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The port to integrations: which creators set something up."""

    creators: tuple[str, ...]

    async def with_integrations(self) -> list[CreatorId]:
        return [CreatorId(creator) for creator in self.creators]


@dataclass(slots=True, kw_only=True)
class World:
    room: Room
    platform: PlatformDriver
    asking: Asking
    creator: str
    tier: str

    async def sells(self, *, days: float = 30, fan: str = "Bea") -> str:
        """A fan buys, and no webhook tells of it."""
        return await self.platform.buy(await self.platform.create_fan(fan), self.tier, period_s=days * DAY_S)

    def later(self, **by: float) -> None:
        self.room.clock.move(timedelta(**by))

    async def asks(self) -> int:
        return await self.asking.questions.ask_due()

    async def catches_up(self) -> None:
        await self.asking.catch_ups.run_due()

    def restarts(self, *, with_truth: bool = True) -> None:
        """Another process on the same tables, maybe one that cannot ask."""
        self.asking = ask(self.room, self.asking.truth if with_truth else None, self.creator)

    async def knows(self, membership: str) -> Membership | None:
        return await Membership.get_or_none(id=membership)

    async def questions(self, part: str = "/memberships/") -> int:
        """How many questions the platform was asked so far."""
        return sum(part in each["path"] for each in await self.platform.asked())


def ask(room: Room, truth: Truth | None, creator: str) -> Asking:
    return Asking.build(
        clock=room.clock,
        config=load(SETTINGS),
        truth=truth,
        snapshots=room.snapshots,
        work=room.marks,
        creators=Known(creators=(creator,)),
    )


@asynccontextmanager
async def asked_world(room: Room) -> AsyncIterator[World]:
    async with (
        Platform.serve(now=room.clock) as served,
        PlatformDriver(served.url) as platform,
    ):
        creator = await platform.create_creator("Ana")
        tier = await platform.create_tier(creator, "Gold")
        truth = Truth(url=served.api_url, token=API_TOKEN, timeout=timedelta(seconds=0.3))
        world = World(
            room=room, platform=platform, asking=ask(room, truth, creator), creator=creator, tier=tier
        )
        try:
            yield world
        finally:
            await truth.close()
