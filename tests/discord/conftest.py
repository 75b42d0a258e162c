"""A sandbox Discord, people to play in it, and the real client connected to it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.config import Config
from bot.discord.client import Client
from bot.discord.permissions import INVITATION
from bot.ids import AccountId, GuildId, Member, RoleId
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from tests.discord.wire import config_for, connected


@pytest.fixture
def config(discord: Discord) -> Config:
    return config_for(discord)


@pytest.fixture
async def client(config: Config) -> AsyncIterator[Client]:
    async with connected(config) as client:
        yield client


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Ana's server: roles Silver and Gold below the bot's, Staff above it; Bob is in."""

    owner: int
    guild: int
    silver: int
    gold: int
    staff: int
    bob: int

    @property
    def guild_id(self) -> GuildId:
        return GuildId(self.guild)

    def member(self, account: int) -> Member:
        return Member(self.guild_id, AccountId(account))

    @property
    def bob_there(self) -> Member:
        return self.member(self.bob)

    @property
    def gold_id(self) -> RoleId:
        return RoleId(self.gold)

    @property
    def staff_id(self) -> RoleId:
        return RoleId(self.staff)


@pytest.fixture
async def place(driver: Driver) -> Place:
    owner, bob = await driver.create_user("ana"), await driver.create_user("bob")
    guild = await driver.create_guild(owner, "Ana's")
    gold = await driver.create_role(guild, "Gold", by=owner)
    silver = await driver.create_role(guild, "Silver", by=owner)  # a new role stands at the bottom
    await driver.add_bot(guild, owner, int(INVITATION))
    await driver.move_role(guild, "Passes Bot", above="Gold", by=owner)
    staff = await driver.create_role(guild, "Staff", by=owner)
    await driver.move_role(guild, "Staff", above="Passes Bot", by=owner)
    await driver.join(guild, bob)
    return Place(owner=owner, guild=guild, silver=silver, gold=gold, staff=staff, bob=bob)
