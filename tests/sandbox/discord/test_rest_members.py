"""Members over the wire: read, brought in with their own token, changed, put out."""

import pytest

from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.server import Discord
from bot.sandbox.discord.state import By
from tests.sandbox.discord.world import Wire, World


async def test_a_member_is_told_with_roles_and_pending(wire: Wire, world: World) -> None:
    world.state.give_role(world.guild, world.guild.members[world.fan.id], world.gold)
    answer = await wire("GET", world.fan_path)
    assert answer.status == 200
    assert answer.body["roles"] == [str(world.gold.id)]
    assert answer.body["pending"] is False
    assert answer.body["user"]["id"] == str(world.fan.id)


async def test_who_is_not_there_and_who_does_not_exist_are_two_things(wire: Wire, world: World) -> None:
    assert (await wire("GET", f"{world.path}/members/{world.stranger().id}")).refusal == (404, 10007)
    assert (await wire("GET", f"{world.path}/members/1")).refusal == (404, 10013)


async def test_a_guild_without_the_bot_is_missing_access_and_no_guild_is_unknown(
    wire: Wire, world: World
) -> None:
    elsewhere = world.state.create_guild("Elsewhere", world.owner.id)
    assert (await wire("GET", f"/guilds/{elsewhere.id}/members/{world.owner.id}")).refusal == (403, 50001)
    assert (await wire("GET", f"/guilds/1/members/{world.owner.id}")).refusal == (404, 10004)


async def test_an_id_that_is_none_is_refused_by_its_name(wire: Wire, world: World) -> None:
    answer = await wire("GET", f"{world.path}/members/somebody")
    assert answer.refusal == (400, 50035)
    assert answer.body["errors"]["user_id"]["_errors"][0]["code"] == "NUMBER_TYPE_COERCE"


async def test_members_are_listed_in_pages_by_id(wire: Wire, world: World) -> None:
    first = await wire("GET", f"{world.path}/members?limit=2")
    last = first.body[-1]["user"]["id"]
    second = await wire("GET", f"{world.path}/members?limit=1000&after={last}")
    listed = [int(each["user"]["id"]) for each in first.body + second.body]
    assert listed == sorted(world.guild.members)
    assert (await wire("GET", f"{world.path}/members?limit=1001")).refusal == (400, 50035)


async def test_the_list_needs_the_privileged_intent() -> None:
    async with Discord.serve(privileged_intents=False) as discord, Wire(discord) as wire:
        world = World(discord)
        assert (await wire("GET", f"{world.path}/members")).refusal == (403, 50001)
        assert (await wire("GET", world.fan_path)).status == 200


async def test_members_are_found_by_the_start_of_their_name(wire: Wire, world: World) -> None:
    found = await wire("GET", f"{world.path}/members/search?query=FRE&limit=10")
    assert [each["user"]["username"] for each in found.body] == ["fred"]


async def join(wire: Wire, world: World, user_id: int, **body: object) -> tuple[int, int]:
    answer = await wire("PUT", f"{world.path}/members/{user_id}", body)
    return answer.status, answer.body.get("code", 0) if answer.body else 0


async def test_somebody_is_brought_in_with_their_token_and_their_roles(wire: Wire, world: World) -> None:
    sue = world.stranger()
    answer = await wire(
        "PUT",
        f"{world.path}/members/{sue.id}",
        {"access_token": world.token_of(sue), "roles": [str(world.gold.id)]},
    )
    assert answer.status == 201
    assert answer.body["roles"] == [str(world.gold.id)]
    assert world.event("GUILD_MEMBER_ADD")["user"]["id"] == str(sue.id)


async def test_who_is_there_already_stays_as_they_are(wire: Wire, world: World) -> None:
    token = world.token_of(world.fan)
    assert await join(wire, world, world.fan.id, access_token=token, roles=[str(world.gold.id)]) == (204, 0)
    assert world.roles_of(world.fan) == set()


async def test_where_rules_must_be_accepted_a_newcomer_is_pending(wire: Wire, world: World) -> None:
    world.state.update_guild(world.guild, screening=True)
    sue = world.stranger()
    answer = await wire("PUT", f"{world.path}/members/{sue.id}", {"access_token": world.token_of(sue)})
    assert answer.body["pending"] is True


async def test_a_dead_token_or_somebody_elses_is_refused(wire: Wire, world: World) -> None:
    sue = world.stranger()
    assert await join(wire, world, sue.id, access_token="dead") == (403, 50025)
    assert await join(wire, world, sue.id, access_token=world.token_of(world.fan)) == (403, 50025)


async def test_the_token_must_have_been_given_for_joining(wire: Wire, world: World) -> None:
    sue = world.stranger()
    assert await join(wire, world, sue.id, access_token=world.token_of(sue, "identify")) == (403, 50026)
    assert await join(wire, world, sue.id) == (400, 50035)


@pytest.mark.parametrize(
    ("trait", "refusal"), [("guild_limit_reached", (400, 30001)), ("joining_limited", (403, 340015))]
)
async def test_discord_holds_some_accounts_back(
    wire: Wire, world: World, trait: str, refusal: tuple[int, int]
) -> None:
    sue = world.stranger(**{trait: True})
    assert await join(wire, world, sue.id, access_token=world.token_of(sue)) == refusal


async def test_the_banned_stay_out(wire: Wire, world: World) -> None:
    world.state.ban(world.guild, world.fan, by=By(user_id=world.owner.id))
    assert await join(wire, world, world.fan.id, access_token=world.token_of(world.fan)) == (403, 40007)


async def test_nobody_comes_in_while_joins_are_paused(wire: Wire, world: World) -> None:
    sue = world.stranger()
    world.state.update_guild(world.guild, invites_disabled=True)
    assert await join(wire, world, sue.id, access_token=world.token_of(sue)) == (403, 0)
    assert "INVITES_DISABLED" in (await wire("GET", world.path)).body["features"]


async def test_bringing_in_takes_create_invite(wire: Wire, world: World) -> None:
    sue = world.stranger()
    world.allow(Permission.MANAGE_ROLES)
    world.state.edit_role(world.guild, world.guild.everyone, permissions=0)
    assert await join(wire, world, sue.id, access_token=world.token_of(sue)) == (403, 50013)


async def test_a_join_with_a_role_out_of_reach_brings_nobody_in(wire: Wire, world: World) -> None:
    sue = world.stranger()
    for role_id, refusal in (
        (world.moderator.id, (403, 50013)),
        (world.bot_role.id, (400, 50028)),
        (1, (404, 10011)),
    ):
        token = world.token_of(sue)
        assert await join(wire, world, sue.id, access_token=token, roles=[str(role_id)]) == refusal
    assert sue.id not in world.guild.members


async def test_putting_out_takes_kick_members(wire: Wire, world: World) -> None:
    world.allow(Permission.MANAGE_ROLES)
    assert (await wire("DELETE", world.fan_path)).refusal == (403, 50013)
    world.allow(Permission.KICK_MEMBERS)
    answer = await wire("DELETE", world.fan_path, reason="membership%20ended")
    assert (answer.status, answer.body) == (204, None)
    assert world.event("GUILD_MEMBER_REMOVE")["user"]["id"] == str(world.fan.id)
    assert (await wire("DELETE", world.fan_path)).refusal == (404, 10007)


async def test_nobody_puts_out_the_owner_or_who_stands_as_high(wire: Wire, world: World) -> None:
    assert (await wire("DELETE", f"{world.path}/members/{world.owner.id}")).refusal == (403, 50013)
    world.state.give_role(world.guild, world.guild.members[world.fan.id], world.moderator)
    assert (await wire("DELETE", world.fan_path)).refusal == (403, 50013)


async def test_a_whole_list_of_roles_is_set_at_once(wire: Wire, world: World) -> None:
    silver = world.state.create_role(world.guild, name="Silver")
    world.state.give_role(world.guild, world.guild.members[world.fan.id], world.gold)
    answer = await wire("PATCH", world.fan_path, {"roles": [str(silver.id)]})
    assert answer.status == 200
    assert world.roles_of(world.fan) == {"Silver"}
    assert (await wire("PATCH", world.fan_path, {"roles": [str(world.guild.id)]})).refusal == (400, 50028)
    assert (await wire("PATCH", world.fan_path, {"roles": [str(world.moderator.id)]})).refusal == (403, 50013)


async def test_nick_mute_and_time_out_each_need_their_permission(wire: Wire, world: World) -> None:
    for body in (
        {"nick": "Freddy"},
        {"mute": True},
        {"communication_disabled_until": "2030-01-01T00:00:00+00:00"},
    ):
        assert (await wire("PATCH", world.fan_path, body)).refusal == (403, 50013)
    world.allow(Permission.MANAGE_NICKNAMES | Permission.MUTE_MEMBERS | Permission.MODERATE_MEMBERS)
    answer = await wire(
        "PATCH",
        world.fan_path,
        {"nick": "Freddy", "mute": True, "communication_disabled_until": "2030-01-01T00:00:00+00:00"},
    )
    assert answer.body["nick"] == "Freddy"
    assert answer.body["mute"] is True
    assert answer.body["communication_disabled_until"].startswith("2030-01-01")


async def test_the_bot_names_itself(wire: Wire, world: World) -> None:
    answer = await wire("PATCH", f"{world.path}/members/@me", {"nick": "Doorman"})
    assert answer.body["nick"] == "Doorman"
    assert answer.body["user"]["id"] == str(world.bot_id)
