"""One sandbox Discord per test, a driver that plays people in it, and a scene to begin with."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from tests.sandbox.people.rawbot import RawBot
from tests.sandbox.people.scene import Scene


@pytest.fixture
async def scene(driver: Driver) -> Scene:
    return await Scene.set_with(driver)


@pytest.fixture
async def raw(discord: Discord, scene: Scene) -> AsyncIterator[RawBot]:  # noqa: ARG001  the scene is set first
    """A bot that speaks the protocol by hand, identified in the scene's guild."""
    async with RawBot(discord) as raw:
        await raw.connect()
        await raw.identify()
        await raw.event("GUILD_CREATE")
        yield raw
