"""Giving and taking one role: the calls this bot lives by."""

import pytest

from bot.sandbox.discord.permissions import Permission
from tests.sandbox.discord.world import Wire, World


def place(world: World, role_id: int) -> str:
    return f"{world.fan_path}/roles/{role_id}"


async def test_a_role_is_given_and_taken(wire: Wire, world: World) -> None:
    given = await wire("PUT", place(world, world.gold.id))
    assert (given.status, given.body) == (204, None)
    assert world.event("GUILD_MEMBER_UPDATE")["roles"] == [str(world.gold.id)]
    assert (await wire("DELETE", place(world, world.gold.id))).status == 204
    assert world.roles_of(world.fan) == set()


async def test_giving_twice_is_one_change(wire: Wire, world: World) -> None:
    for _ in range(2):
        assert (await wire("PUT", place(world, world.gold.id))).status == 204
    assert [event.name for event in world.events].count("GUILD_MEMBER_UPDATE") == 1
    assert (await wire("DELETE", place(world, world.gold.id))).status == 204
    assert (await wire("DELETE", place(world, world.gold.id))).status == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_out_of_reach_managed_everyone_unknown(wire: Wire, world: World, method: str) -> None:
    assert (await wire(method, place(world, world.moderator.id))).refusal == (403, 50013)
    assert (await wire(method, place(world, world.bot_role.id))).refusal == (400, 50028)
    assert (await wire(method, place(world, world.guild.id))).refusal == (404, 10011)
    assert (await wire(method, place(world, 1))).refusal == (404, 10011)


async def test_without_manage_roles_nothing_is_given(wire: Wire, world: World) -> None:
    world.allow(Permission.KICK_MEMBERS)
    assert (await wire("PUT", place(world, world.gold.id))).refusal == (403, 50013)


async def test_administrator_does_not_lift_a_role_over_another(wire: Wire, world: World) -> None:
    world.allow(Permission.ADMINISTRATOR)
    assert (await wire("PUT", place(world, world.gold.id))).status == 204
    assert (await wire("PUT", place(world, world.moderator.id))).refusal == (403, 50013)


async def test_the_owners_roles_can_be_given_though_the_owner_stands_above(wire: Wire, world: World) -> None:
    answer = await wire("PUT", f"{world.path}/members/{world.owner.id}/roles/{world.gold.id}")
    assert answer.status == 204


async def test_who_is_not_there_gets_nothing(wire: Wire, world: World) -> None:
    sue = world.stranger()
    assert (await wire("PUT", f"{world.path}/members/{sue.id}/roles/{world.gold.id}")).refusal == (404, 10007)
    assert (await wire("PUT", f"{world.path}/members/1/roles/{world.gold.id}")).refusal == (404, 10013)


async def test_dragging_the_role_brings_others_in_reach(wire: Wire, world: World) -> None:
    world.state.move_roles(world.guild, {world.bot_role.id: 3})
    assert (await wire("PUT", place(world, world.moderator.id))).status == 204


async def test_the_reason_stands_in_the_audit_log(wire: Wire, world: World) -> None:
    world.allow(Permission.MANAGE_ROLES | Permission.VIEW_AUDIT_LOG)
    await wire("PUT", place(world, world.gold.id), reason="membership%20m_1%20%E2%9C%93")
    log = await wire("GET", f"{world.path}/audit-logs?action_type=25&user_id={world.bot_id}&limit=1")
    (entry,) = log.body["audit_log_entries"]
    assert entry["reason"] == "membership m_1 ✓"
    assert entry["target_id"] == str(world.fan.id)
    assert entry["changes"] == [{"key": "$add", "new_value": [{"id": str(world.gold.id), "name": "Gold"}]}]
    told = [event.data for event in world.events if event.name == "GUILD_AUDIT_LOG_ENTRY_CREATE"]
    assert told[-1]["reason"] == "membership m_1 ✓"
    assert {user["id"] for user in log.body["users"]} == {str(world.bot_id), str(world.fan.id)}


async def test_the_audit_log_is_for_those_who_may_see_it(wire: Wire, world: World) -> None:
    await wire("PUT", place(world, world.gold.id))
    assert [event.name for event in world.events] == ["GUILD_MEMBER_UPDATE"]
    assert (await wire("GET", f"{world.path}/audit-logs")).refusal == (403, 50013)
