"""A platform, the driver that plays it over the wire, and a stand-in for the bot."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.platform import Platform, PlatformDriver
from tests.sandbox.platform.standin import Shop, StandIn


@pytest.fixture
async def bot() -> AsyncIterator[StandIn]:
    async with StandIn.serve() as bot:
        yield bot


@pytest.fixture
async def served(bot: StandIn) -> AsyncIterator[Platform]:
    async with Platform.serve(bot_url=bot.url) as served:
        yield served


@pytest.fixture
async def platform(served: Platform) -> AsyncIterator[PlatformDriver]:
    async with PlatformDriver(served.url) as platform:
        await platform.configure(retry_delays_s=[0.01])
        yield platform


@pytest.fixture
async def shop(platform: PlatformDriver) -> Shop:
    creator = await platform.create_creator("Ana")
    gold = await platform.create_tier(creator, "Gold")
    return Shop(creator, gold, await platform.create_fan("Bob"))
