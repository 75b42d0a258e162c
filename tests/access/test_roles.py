"""Roles given and taken, one at a time, and only ours."""

from tests.access.house import House
from tests.access.memory import FORBIDDEN, LOST


async def test_a_converged_member_is_looked_at_and_left_alone(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    before = house.discord.changes()

    for _ in range(3):
        await house.later(days=1)

    assert house.discord.changes() == before


async def test_two_memberships_share_a_role_and_one_ends(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7], "silver": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.pays("bob", "silver")
    await house.runs()

    await house.ends("bob", "gold")
    await house.runs()
    assert house.roles_of(fan) == {7}

    await house.ends("bob", "silver")
    await house.runs()
    assert house.roles_of(fan) == set()


async def test_an_upgrade_in_place_adds_before_it_removes(house: House) -> None:
    await house.role(7)
    await house.role(8)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver", membership="m1")
    await house.runs()

    await house.pays("bob", "gold", membership="m1")
    await house.runs()

    assert house.roles_of(fan) == {8}
    assert house.discord.changes() == ["give 7", "give 8", "take 7"]


async def test_an_upgrade_to_a_role_out_of_reach_keeps_the_old_one(house: House) -> None:
    await house.role(7)
    await house.role(8, position=99)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver", membership="m1")
    await house.runs()

    await house.pays("bob", "gold", membership="m1")
    await house.runs()

    assert house.roles_of(fan) == {7}
    assert "role_out_of_reach: role 8" in (await house.why(fan)).troubles
    assert house.events()[-1] == "access.failed"


async def test_an_upgrade_refused_by_discord_keeps_the_old_role_until_it_is_answered(house: House) -> None:
    await house.role(7)
    await house.role(8)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver", membership="m1")
    await house.runs()

    house.discord.answers["give 8"] = LOST
    await house.pays("bob", "gold", membership="m1")
    await house.runs()
    assert house.roles_of(fan) == {7}

    del house.discord.answers["give 8"]
    await house.later(minutes=1)
    assert house.roles_of(fan) == {8}


async def test_while_an_add_is_refused_an_ended_role_goes_all_the_same(house: House) -> None:
    await house.role(7)
    await house.role(8)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver")
    await house.runs()

    house.discord.answers["give 8"] = FORBIDDEN
    await house.ends("bob", "silver")
    await house.pays("bob", "gold")
    await house.runs()

    assert house.roles_of(fan) == set()


async def test_a_role_given_by_hand_is_never_taken(house: House) -> None:
    await house.role(7)
    await house.role(9)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan, 7, 9)
    await house.pays("bob", "gold")
    await house.runs()
    assert await house.grants_of(fan) == {}

    await house.ends("bob", "gold")
    await house.runs()

    assert house.roles_of(fan) == {7, 9}


async def test_a_yes_without_effect_is_done_again(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    house.discord.lies = {"give 7"}
    await house.pays("bob", "gold")
    await house.runs()
    assert house.roles_of(fan) == set()
    assert house.events() == []

    await house.later(seconds=31)

    assert house.roles_of(fan) == {7}


async def test_a_guild_that_refuses_us_is_set_aside_until_something_there_changes(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    house.discord.answers["give 7"] = FORBIDDEN
    await house.pays("bob", "gold")
    await house.runs()
    calls = len(house.discord.calls)
    await house.later(hours=5)
    await house.work.mark([fan])
    await house.runs()
    assert len(house.discord.calls) == calls

    house.discord.answers.clear()
    await house.work.fan_out("guild", str(fan.guild_id))
    await house.runs()
    assert house.roles_of(fan) == {7}


async def test_what_why_says_is_what_is_there(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()

    why = await house.why(fan)

    assert {role.name for role in why.roles if role.seen} == {"role 7"}
    assert why.planned == ()
    assert "Gold (active) through Club: role 7" in str(why)
    assert "joined: applied" in str(why)
