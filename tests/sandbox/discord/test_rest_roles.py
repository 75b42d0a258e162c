"""Roles over the wire: listed, made, changed, ordered, deleted."""

import pytest

from bot.sandbox.discord.permissions import Permission
from tests.sandbox.discord.world import Wire, World


async def test_roles_are_listed_with_positions_and_tags(wire: Wire, world: World) -> None:
    answer = await wire("GET", f"{world.path}/roles")
    ladder = {role["name"]: role for role in answer.body}
    assert [role["name"] for role in answer.body] == ["@everyone", "Gold", "Passes Bot", "Moderator"]
    assert [role["position"] for role in answer.body] == [0, 1, 2, 3]
    assert ladder["Passes Bot"]["managed"] is True
    assert ladder["Passes Bot"]["tags"] == {"bot_id": str(world.bot_id)}
    assert "tags" not in ladder["Gold"]
    assert ladder["@everyone"]["id"] == str(world.guild.id)


async def test_one_role_and_how_many_hold_each(wire: Wire, world: World) -> None:
    world.state.give_role(world.guild, world.guild.members[world.fan.id], world.gold)
    assert (await wire("GET", f"{world.path}/roles/{world.gold.id}")).body["name"] == "Gold"
    assert (await wire("GET", f"{world.path}/roles/1")).refusal == (404, 10011)
    counts = (await wire("GET", f"{world.path}/roles/member-counts")).body
    assert counts == {str(world.gold.id): 1, str(world.bot_role.id): 1, str(world.moderator.id): 0}


async def test_a_new_role_stands_lowest_and_the_others_move_up(wire: Wire, world: World) -> None:
    answer = await wire("POST", f"{world.path}/roles", {"name": "Silver", "permissions": "0", "color": 255})
    assert (answer.status, answer.body["position"], answer.body["color"]) == (200, 1, 255)
    assert world.gold.position == 2
    assert world.event("GUILD_ROLE_CREATE")["role"]["name"] == "Silver"


async def test_nobody_makes_a_role_mightier_than_themselves(wire: Wire, world: World) -> None:
    too_much = {"name": "Boss", "permissions": str(int(Permission.MANAGE_GUILD))}
    assert (await wire("POST", f"{world.path}/roles", too_much)).refusal == (403, 50013)
    world.allow(Permission.KICK_MEMBERS)
    assert (await wire("POST", f"{world.path}/roles", {"name": "Silver"})).refusal == (403, 50013)


async def test_a_guild_holds_so_many_roles(wire: Wire, world: World) -> None:
    for n in range(250 - len(world.guild.roles)):
        world.state.create_role(world.guild, name=f"Role {n}")
    assert (await wire("POST", f"{world.path}/roles", {"name": "One more"})).refusal == (400, 30005)


async def test_a_role_in_reach_is_changed(wire: Wire, world: World) -> None:
    answer = await wire("PATCH", f"{world.path}/roles/{world.gold.id}", {"name": "Golden", "hoist": True})
    assert (answer.body["name"], answer.body["hoist"]) == ("Golden", True)
    assert world.event("GUILD_ROLE_UPDATE")["role"]["name"] == "Golden"


async def test_changing_obeys_order_and_ones_own_permissions(wire: Wire, world: World) -> None:
    mighty = {"permissions": str(int(Permission.MANAGE_GUILD))}
    assert (await wire("PATCH", f"{world.path}/roles/{world.gold.id}", mighty)).refusal == (403, 50013)
    assert (await wire("PATCH", f"{world.path}/roles/{world.moderator.id}", {"name": "x"})).refusal == (
        403,
        50013,
    )
    assert (await wire("PATCH", f"{world.path}/roles/1", {"name": "x"})).refusal == (404, 10011)


async def test_all_mistakes_of_a_body_are_named_at_once(wire: Wire, world: World) -> None:
    answer = await wire(
        "PATCH", f"{world.path}/roles/{world.gold.id}", {"name": "x" * 101, "hoist": "yes", "color": -1}
    )
    assert answer.refusal == (400, 50035)
    assert set(answer.body["errors"]) == {"name", "hoist", "color"}


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ([1], {"_errors"}),
        ({"colors": {"primary_color": "no"}, "name": ""}, {"colors", "name"}),
        ({"colors": "red"}, {"colors"}),
    ],
)
async def test_a_new_role_out_of_shape_is_refused(
    wire: Wire, world: World, body: object, places: set[str]
) -> None:
    answer = await wire("POST", f"{world.path}/roles", body)
    assert answer.refusal == (400, 50035)
    assert set(answer.body["errors"]) == places


async def test_a_new_role_needs_no_body(wire: Wire, world: World) -> None:
    assert (await wire("POST", f"{world.path}/roles")).body["name"] == "new role"


async def test_every_mistake_in_an_order_is_named_at_its_place(wire: Wire, world: World) -> None:
    sound = {"id": str(world.gold.id), "position": 1}
    answer = await wire(
        "PATCH", f"{world.path}/roles", [{"position": 1}, sound, "x", sound | {"position": "x"}]
    )
    assert answer.refusal == (400, 50035)
    assert {index: set(wrong) for index, wrong in answer.body["errors"].items()} == {
        "0": {"id"},
        "2": {"_errors"},
        "3": {"position"},
    }


async def test_roles_are_put_in_another_order(wire: Wire, world: World) -> None:
    silver = world.state.create_role(world.guild, name="Silver")
    answer = await wire("PATCH", f"{world.path}/roles", [{"id": str(silver.id), "position": 2}])
    assert [role["name"] for role in answer.body] == [
        "@everyone",
        "Gold",
        "Silver",
        "Passes Bot",
        "Moderator",
    ]
    moved = {event.data["role"]["name"] for event in world.events if event.name == "GUILD_ROLE_UPDATE"}
    assert moved == {"Silver", "Gold"}


async def test_nobody_moves_a_role_past_their_own(wire: Wire, world: World) -> None:
    for role_id, position in (
        (world.gold.id, 2),
        (world.gold.id, 3),
        (world.moderator.id, 1),
        (world.bot_role.id, 3),
    ):
        body = [{"id": str(role_id), "position": position}]
        assert (await wire("PATCH", f"{world.path}/roles", body)).refusal == (403, 50013)
    assert (await wire("PATCH", f"{world.path}/roles", [{"id": "1", "position": 1}])).refusal == (404, 10011)
    everyone = [{"id": str(world.guild.id), "position": 1}]
    assert (await wire("PATCH", f"{world.path}/roles", everyone)).refusal == (400, 50028)
    assert (await wire("PATCH", f"{world.path}/roles", {"id": "1"})).refusal == (400, 50035)


async def test_a_deleted_role_is_gone_from_everybody(wire: Wire, world: World) -> None:
    world.state.give_role(world.guild, world.guild.members[world.fan.id], world.gold)
    world.events.clear()
    assert (await wire("DELETE", f"{world.path}/roles/{world.gold.id}")).status == 204
    assert world.roles_of(world.fan) == set()
    assert [event.name for event in world.events] == ["GUILD_ROLE_DELETE"]
    assert world.bot_role.position == 1


async def test_some_roles_cannot_be_deleted(wire: Wire, world: World) -> None:
    assert (await wire("DELETE", f"{world.path}/roles/{world.guild.id}")).refusal == (400, 50028)
    assert (await wire("DELETE", f"{world.path}/roles/{world.bot_role.id}")).refusal == (400, 50028)
    assert (await wire("DELETE", f"{world.path}/roles/{world.moderator.id}")).refusal == (403, 50013)
