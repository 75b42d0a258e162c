"""One sandbox Discord per test, without rate limits unless a test sets its own."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from tests.sandbox.discord.world import Wire, World


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord.serve(limits=Limits(enabled=False)) as discord:
        yield discord


@pytest.fixture
async def wire(discord: Discord) -> AsyncIterator[Wire]:
    async with Wire(discord) as wire:
        yield wire


@pytest.fixture
def world(discord: Discord) -> World:
    return World(discord)
