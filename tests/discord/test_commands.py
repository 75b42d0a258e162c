"""The slash commands reach Discord by one write, and only when they changed."""

from typing import Any

from bot.cogs.passes import Passes
from bot.cogs.replies import Interaction, Reply, answer
from bot.config import Config
from bot.discord.commands import sync_commands
from bot.sandbox.discord.driver import Driver
from tests.discord.conftest import Place
from tests.discord.wire import connected

PUT = "PUT /applications/{application_id}/commands"


async def _nothing(interaction: Interaction) -> None:
    """Answer nothing."""


async def _hello(interaction: Interaction) -> None:
    await answer(interaction, Reply(text="Hello"))


def passes_with(*names: str) -> Passes:
    passes = Passes()
    for name in names:
        passes.add(name, f"What {name} does.", _nothing)
    return passes


async def asked(driver: Driver) -> list[str]:
    """Every request about the commands."""
    return [entry["route"] for entry in await driver.journal() if "/commands" in entry["route"]]


async def writes(driver: Driver) -> list[str]:
    return [route for route in await asked(driver) if not route.startswith("GET")]


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


async def test_a_new_session_asks_nothing_and_deletes_nothing_unknown(
    config: Config, driver: Driver, place: Place
) -> None:
    passes = Passes()
    passes.add("hello", "Says hello.", _hello)
    async with connected(config, passes.install) as client:
        assert client.application_id is not None
        unknown: Any = {"name": "else", "description": "Made elsewhere.", "type": 1}
        await client.http.upsert_global_command(client.application_id, unknown)
        before = await asked(driver)

        await driver.disconnect_gateway(resumable=False)
        await client.wait_for("guilds_listed", timeout=15)
        # Answering comes after everything that a new session brings.
        assert (await driver.command(place.bob, "passes hello", guild=place.guild)).content == "Hello"

        assert await asked(driver) == before
    assert {command["name"] for command in await driver.commands()} == {"else", "passes"}
