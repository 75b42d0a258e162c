"""Every guild has its own allowance, though Discord names all of them by one hash."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.discord.client import Client
from bot.discord.members import Members
from bot.discord.outcomes import Applied
from bot.discord.permissions import INVITATION
from bot.ids import AccountId, GuildId, Member, RoleId
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Allowance, Limits
from bot.sandbox.discord.server import Discord

ROLE_PUT = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    limits = Limits(allowances={ROLE_PUT: Allowance(limit=3, window_s=2)})
    async with Discord.serve(limits=limits) as discord:
        yield discord


async def a_guild(driver: Driver, name: str) -> tuple[Member, RoleId]:
    owner = await driver.create_user(name)
    guild = await driver.create_guild(owner, name)
    role = await driver.create_role(guild, "Gold", by=owner)
    await driver.add_bot(guild, owner, int(INVITATION))
    await driver.move_role(guild, "Passes Bot", above="Gold", by=owner)
    return Member(GuildId(guild), AccountId(owner)), RoleId(role)


async def test_guilds_do_not_wait_for_each_other_and_nobody_is_refused(
    client: Client, driver: Driver
) -> None:
    members = Members(client)
    guilds = [await a_guild(driver, f"guild{number}") for number in range(5)]
    began = time.monotonic()

    given = await asyncio.gather(
        *(members.give_role(member, role, reason="x") for member, role in guilds for _ in range(3))
    )

    assert set(given) == {Applied()}
    assert time.monotonic() - began < 2  # one allowance for all of them would take four windows
    assert all(entry["status"] == 204 for entry in await driver.journal(route=ROLE_PUT))


async def test_beyond_its_allowance_a_guild_waits(client: Client, driver: Driver) -> None:
    members = Members(client)
    member, role = await a_guild(driver, "one")

    given = await asyncio.gather(*(members.give_role(member, role, reason="x") for _ in range(4)))

    assert set(given) == {Applied()}
    assert [entry["status"] for entry in await driver.journal(route=ROLE_PUT)] == [204] * 4
