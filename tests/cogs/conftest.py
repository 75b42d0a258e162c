"""A sandbox Discord with Ana's server, and the bot connected to it over a database of its own."""

from collections.abc import AsyncIterator

import pytest

from bot.config import Config
from bot.discord.permissions import INVITATION
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from tests.cogs.stage import Ana, a_creator, doors
from tests.discord.wire import config_for, connected


@pytest.fixture
def config(discord: Discord) -> Config:
    return config_for(discord)


@pytest.fixture
async def there(driver: Driver) -> Ana:
    """Ana and her server, before the bot is started."""
    account = await driver.create_user("ana")
    guild = await driver.create_guild(account, "Ana's")
    for role in ("Staff", "Silver", "Gold", "Boss"):
        await driver.create_role(guild, role, by=account)
    await driver.add_bot(guild, account, int(INVITATION))
    await driver.move_role(guild, "Silver", above="Staff")
    await driver.move_role(guild, "Gold", above="Silver")
    await driver.move_role(guild, "Passes Bot", above="Gold")
    await driver.move_role(guild, "Boss", above="Passes Bot")
    return Ana(driver=driver, account=account, guild=guild)


@pytest.fixture
async def ana(
    there: Ana,
    config: Config,
    database: str,  # noqa: ARG001  (it sets the stage)
) -> AsyncIterator[Ana]:
    await a_creator("ana", "Ana")
    async with connected(config, doors(config)):
        yield there
