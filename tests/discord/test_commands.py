"""The slash commands reach Discord by one write, and only when they changed."""

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


async def test_a_new_session_writes_nothing(client: Client, driver: Driver) -> None:
    before = await writes(driver)

    await driver.disconnect_gateway(resumable=False)
    await client.wait_for("guilds_listed", timeout=15)

    assert await writes(driver) == before
