"""A sandbox Discord with a nextcord bot to talk to, a platform with a shop, and browsers with scripts off."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.browser import Browser
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from bot.sandbox.platform import Platform, PlatformDriver
from tests.sandbox.people.scene import Scene
from tests.sandbox.people.storybot import StoryBot, running
from tests.sandbox.platform.standin import Shop, StandIn


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with Browser() as browser:
        yield browser


@pytest.fixture
async def scene(driver: Driver) -> Scene:
    return await Scene.set_with(driver)


@pytest.fixture
async def story(discord: Discord, scene: Scene) -> AsyncIterator[StoryBot]:  # noqa: ARG001  the scene is set first
    async with running(StoryBot(), discord) as bot:
        await bot.register()
        yield bot


@pytest.fixture
async def listener() -> AsyncIterator[StandIn]:
    async with StandIn.serve() as listener:
        yield listener


@pytest.fixture
async def platform(listener: StandIn) -> AsyncIterator[Platform]:
    async with Platform.serve(bot_url=listener.url) as platform:
        yield platform


@pytest.fixture
async def seller(platform: Platform) -> AsyncIterator[PlatformDriver]:
    async with PlatformDriver(platform.url) as seller:
        yield seller


@pytest.fixture
async def shop(seller: PlatformDriver) -> Shop:
    creator = await seller.create_creator("Ana")
    gold = await seller.create_tier(
        creator, "Gold", price={"amount": 900, "currency": "EUR", "interval": "month"}
    )
    await seller.create_tier(creator, "Silver")
    return Shop(creator, gold, await seller.create_fan("Bob"))
