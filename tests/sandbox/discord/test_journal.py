"""The journal explains the state: what was asked, by whom, with what effect."""

from typing import Any

from bot.sandbox.discord.server import Discord
from bot.sandbox.discord.state import By
from tests.sandbox.discord.world import Wire, World

GIVE = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"


async def test_a_request_is_written_down_with_its_effect(discord: Discord, wire: Wire, world: World) -> None:
    await wire("PUT", f"{world.fan_path}/roles/{world.gold.id}", reason="because%20paid")
    (entry,) = discord.journal.since(route=GIVE)
    assert entry.auth == "Bot"
    assert entry.actor == world.bot_id
    assert entry.guild_id == world.guild.id
    assert entry.reason == "because paid"
    assert (entry.status, entry.code) == (204, None)
    assert entry.effects == [
        {
            "effect": "role given",
            "guild_id": str(world.guild.id),
            "user_id": str(world.fan.id),
            "role_id": str(world.gold.id),
        }
    ]
    assert entry.as_json()["guild_id"] == str(world.guild.id)


async def test_a_refusal_has_a_code_and_no_effect(discord: Discord, wire: Wire, world: World) -> None:
    await wire("PUT", f"{world.fan_path}/roles/{world.moderator.id}")
    (entry,) = discord.journal.since(route=GIVE)
    assert (entry.status, entry.code, entry.effects) == (403, 50013, [])


async def test_what_people_do_is_written_down_too(discord: Discord, world: World) -> None:
    before = len(discord.journal.entries)
    world.state.give_role(
        world.guild, world.guild.members[world.fan.id], world.gold, by=By(user_id=world.owner.id)
    )
    (entry,) = discord.journal.since(before)
    assert (entry.route, entry.method) == ("hand", None)
    assert entry.effects[0]["effect"] == "role given"


async def test_roles_are_the_fold_of_the_journal(discord: Discord, wire: Wire, world: World) -> None:
    silver = world.state.create_role(world.guild, name="Silver")
    for method, role in (("PUT", world.gold), ("PUT", silver), ("DELETE", world.gold), ("PUT", world.gold)):
        await wire(method, f"{world.fan_path}/roles/{role.id}")
    await wire("DELETE", f"{world.path}/roles/{silver.id}")
    assert _fold(discord, world) == world.guild.members[world.fan.id].role_ids == {world.gold.id}


def _fold(discord: Discord, world: World) -> set[int]:
    held: set[int] = set()
    effects: list[dict[str, Any]] = [effect for entry in discord.journal.entries for effect in entry.effects]
    for effect in effects:
        if effect["effect"] == "role given" and effect["user_id"] == str(world.fan.id):
            held.add(int(effect["role_id"]))
        elif effect["effect"] == "role deleted" or effect.get("user_id") == str(world.fan.id):
            held.discard(int(effect.get("role_id", 0)))
    return held
