"""Other people's Discord libraries, each a process of its own beside a sandbox of its own.

``make clients`` alone installs them, and says so with ``PASSES_CLIENTS=required``: then each of them must run. ``make test``, which
needs nothing but Python, leaves them out.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from bot.sandbox.discord.limits import Allowance, Limits
from bot.sandbox.discord.server import Discord
from tests.clients.client import NAMES, Client, running
from tests.clients.garden import APPLICATION, TOKEN, Garden

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.discord.driver import Driver

collect_ignore = [] if os.environ.get("PASSES_CLIENTS") == "required" else ["test_foreign_clients.py"]

ROLE = "/guilds/{guild_id}/members/{user_id}/roles/{role_id}"


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    """A sandbox with Discord's limits; only the roles' window is short, so that a busy test is not a long one."""
    roles = {f"{method} {ROLE}": Allowance(limit=10, window_s=2) for method in ("PUT", "DELETE")}
    limits = Limits(allowances=roles, identify=Allowance(limit=1, window_s=5))
    async with Discord.serve(limits=limits, token=TOKEN, client_id=APPLICATION, guests=True) as discord:
        yield discord


@pytest.fixture
async def garden(driver: Driver) -> Garden:
    return await Garden.set_with(driver)


@pytest.fixture
async def client(name: str, discord: Discord, driver: Driver, garden: Garden) -> AsyncIterator[Client]:  # noqa: ARG001  the garden is set first
    """The client, logged in; at the end it has met no 429, and nothing that it did not expect."""
    async with running(name, discord) as client:
        await client.saw("ready")
        yield client
    refused = [entry for entry in await driver.journal() if (entry["status"] or 0) >= 400]
    assert refused == []
