"""A sandbox Discord with Ana's server, and the bot connected to it over a database of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest
from nextcord.http import Route

from bot.config import Config
from bot.discord.permissions import INVITATION
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from tests.cogs.stage import Ana, Wiring, a_creator
from tests.discord.wire import config_for, connected


@pytest.fixture
def _route_base() -> Iterator[None]:
    """The client sets nextcord's one base address for the process: put back what was there."""
    before = Route.BASE
    yield
    Route.BASE = before


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord.serve(limits=Limits(enabled=False)) as discord:
        yield discord


@pytest.fixture
async def driver(discord: Discord) -> AsyncIterator[Driver]:
    async with Driver(discord.url) as driver:
        yield driver


@pytest.fixture
def config(discord: Discord) -> Config:
    return config_for(discord)


@pytest.fixture
def wiring(config: Config) -> Wiring:
    return Wiring(config)


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
    wiring: Wiring,
    database: str,  # noqa: ARG001  (it sets the stage)
    _route_base: None,
) -> AsyncIterator[Ana]:
    await a_creator("ana", "Ana")
    async with connected(config, wiring.install):
        yield there
