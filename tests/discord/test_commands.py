"""The slash commands reach Discord by one write, and only when they changed."""

import asyncio
from typing import Any

from bot.cogs.passes import Passes
from bot.cogs.replies import Interaction
from bot.config import Config
from bot.discord.client import Client
from bot.discord.commands import sync_commands
from bot.sandbox.discord.driver import Driver
from tests.discord.wire import connected

PUT = "PUT /applications/{application_id}/commands"


async def _nothing(interaction: Interaction) -> None:
    """Answer nothing."""


def passes_with(*names: str) -> Passes:
    passes = Passes()
    for name in names:
        passes.add(name, f"What {name} does.", _nothing)
    return passes


async def writes(driver: Driver) -> list[str]:
    entries = await driver.journal()
    return [entry["route"] for entry in entries if "/commands" in entry["route"] and entry["method"] != "GET"]


async def test_the_first_start_writes_once_and_the_next_not_at_all(config: Config, driver: Driver) -> None:
    async with connected(config, passes_with("link", "mine").install):
        assert await writes(driver) == [PUT]
    async with connected(config, passes_with("link", "mine").install) as client:
        assert await writes(driver) == [PUT]
        assert await sync_commands(client) is False


async def test_a_changed_set_replaces_the_old_one_by_one_write(config: Config, driver: Driver) -> None:
    async with connected(config, passes_with("link", "mine").install):
        pass
    async with connected(config, passes_with("link", "help").install):
        assert await writes(driver) == [PUT, PUT]


async def test_a_new_session_writes_nothing_and_deletes_nothing_unknown(
    client: Client, driver: Driver
) -> None:
    assert client.application_id is not None
    unknown: Any = {"name": "else", "description": "Made elsewhere.", "type": 1}
    await client.http.upsert_global_command(client.application_id, unknown)
    before = await writes(driver)

    await driver.disconnect_gateway(resumable=False)
    await client.wait_for("guilds_listed", timeout=15)
    await asyncio.sleep(0.3)  # what must not follow has had its time

    assert await writes(driver) == before
    assert [command["name"] for command in await driver.commands()] == ["else"]
