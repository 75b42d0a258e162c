"""The engine with the real client on the sandbox's Discord: what it says is there, is there."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.discord.members import Members
from bot.discord.permissions import INVITATION
from bot.ids import GuildId, Member
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from models.access import GrantState
from models.memberships import MembershipStatus
from tests.access.house import House
from tests.discord.wire import config_for, connected


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Bob is in a server whose bot may give Silver and Gold; his account is linked."""

    house: House
    driver: Driver
    bob: Member
    silver: int
    gold: int

    async def roles(self) -> set[str]:
        return await self.driver.roles_of(self.bob.guild_id, self.bob.account_id)


@pytest.fixture
async def scene(database: str) -> AsyncIterator[Scene]:
    assert database
    async with Discord.serve(limits=Limits(enabled=False)) as discord, Driver(discord.url) as driver:
        owner, bob = await driver.create_user("ana"), await driver.create_user("bob")
        guild = await driver.create_guild(owner, "Garden")
        silver, gold = await driver.create_role(guild, "Silver"), await driver.create_role(guild, "Gold")
        await driver.add_bot(guild, owner, int(INVITATION))
        # A new role stands at the bottom, so Silver is the higher one.
        await driver.move_role(guild, "Passes Bot", above="Silver", by=owner)
        await driver.join(guild, bob)
        async with connected(config_for(discord)) as client:
            house = House(Members(client))
            house.guild_id = GuildId(guild)
            await house.open()
            for role_id in (silver, gold):
                await house.role(role_id)
            await house.integration({"silver": [silver], "gold": [gold]})
            member = await house.fan("bob", bob, token=False)
            yield Scene(house=house, driver=driver, bob=member, silver=silver, gold=gold)


async def test_a_purchase_an_upgrade_and_an_end(scene: Scene) -> None:
    await scene.house.pays("bob", "silver", membership="m1")
    await scene.house.runs()
    assert await scene.roles() == {"Silver"}

    await scene.house.pays("bob", "gold", membership="m1")
    await scene.house.runs()
    assert await scene.roles() == {"Gold"}

    await scene.house.later(minutes=1)
    assert await scene.house.grants_of(scene.bob) == {scene.gold: GrantState.SEEN}

    await scene.house.has("bob", "gold", MembershipStatus.EXPIRED, membership="m1")
    await scene.house.runs()
    assert await scene.roles() == set()


async def test_an_answer_lost_after_the_effect_is_seen_at_the_next_look(scene: Scene) -> None:
    await scene.driver.fault(
        route="PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}", do="drop_after", times=1
    )
    await scene.house.pays("bob", "gold")
    await scene.house.runs()

    await scene.house.later(minutes=1)

    assert await scene.roles() == {"Gold"}
    assert await scene.house.grants_of(scene.bob) == {scene.gold: GrantState.SEEN}
