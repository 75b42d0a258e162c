"""The sandbox Discord spoken to over the wire, and the world behind it."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.discord.server import Discord
from tests.sandbox.discord.world import Wire, World


@pytest.fixture
async def wire(discord: Discord) -> AsyncIterator[Wire]:
    async with Wire(discord) as wire:
        yield wire


@pytest.fixture
def world(discord: Discord) -> World:
    return World(discord)
