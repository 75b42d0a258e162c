"""Faults over the wire: each kind, when it strikes, and what it leaves behind."""

import asyncio

import aiohttp
import pytest

from bot.sandbox.discord.faults import Fault, Scope
from bot.sandbox.discord.journal import Entry
from bot.sandbox.discord.server import Discord
from tests.sandbox.discord.world import Wire, World

GIVE = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"


def give(world: World) -> str:
    return f"{world.fan_path}/roles/{world.gold.id}"


async def test_a_status_is_answered_without_the_effect(discord: Discord, wire: Wire, world: World) -> None:
    discord.faults.add(Fault(do="status", route=GIVE, status=503))
    assert (await wire("PUT", give(world))).status == 503
    assert world.roles_of(world.fan) == set()
    assert (await wire("PUT", give(world))).status == 204


async def test_a_status_that_only_a_proxy_gives(discord: Discord, wire: Wire, world: World) -> None:
    discord.faults.add(Fault(do="status", status=520))
    assert (await wire("GET", world.path)).body == {"message": "520: Unknown Error", "code": 0}


async def test_a_status_may_carry_discords_code(discord: Discord, wire: Wire, world: World) -> None:
    discord.faults.add(Fault(do="status", status=403, code=60003, message="Two factor is required"))
    answer = await wire("PUT", give(world))
    assert (answer.refusal, answer.body["message"]) == ((403, 60003), "Two factor is required")


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_a_rate_limit_of_any_scope(discord: Discord, wire: Wire, world: World, scope: Scope) -> None:
    discord.faults.add(Fault(do="status", status=429, retry_after_s=2.5, scope=scope))
    answer = await wire("PUT", give(world))
    assert (answer.status, answer.body["retry_after"]) == (429, 2.5)
    assert answer.headers["X-RateLimit-Scope"] == scope
    assert answer.headers["Retry-After"] == "3"
    assert answer.headers["Via"] == "1.1 google"
    assert answer.body["global"] is (scope == "global")


async def test_the_nth_request_of_one_guild_and_route(discord: Discord, wire: Wire, world: World) -> None:
    guild, gold, _ = world.another_guild("Second")
    world.state.add_member(guild, world.fan)
    discord.faults.add(Fault(do="status", route=GIVE, guild_id=world.guild.id, nth=2))
    elsewhere = f"/guilds/{guild.id}/members/{world.fan.id}/roles/{gold.id}"
    paths = [give(world), elsewhere, elsewhere, give(world), give(world)]
    assert [(await wire("PUT", path)).status for path in paths] == [204, 204, 204, 500, 204]


async def test_it_strikes_as_often_as_told_or_until_cleared(
    discord: Discord, wire: Wire, world: World
) -> None:
    discord.faults.add(Fault(do="status", times=2))
    assert [(await wire("GET", world.path)).status for _ in range(3)] == [500, 500, 200]
    discord.faults.add(Fault(do="status", method="GET", times=None))
    assert [(await wire("GET", world.path)).status for _ in range(3)] == [500, 500, 500]
    assert (await wire("PUT", give(world))).status == 204
    discord.faults.clear()
    assert (await wire("GET", world.path)).status == 200


async def test_a_delay(discord: Discord, wire: Wire, world: World) -> None:
    discord.faults.add(Fault(do="delay", delay_s=0.05))
    began = asyncio.get_running_loop().time()
    assert (await wire("PUT", give(world))).status == 204
    assert asyncio.get_running_loop().time() - began >= 0.05


async def test_cut_off_before_nothing_has_happened(discord: Discord, wire: Wire, world: World) -> None:
    discord.faults.add(Fault(do="reset_before", route=GIVE, times=2))
    with pytest.raises(aiohttp.ClientError):
        await wire("PUT", give(world))
    assert world.roles_of(world.fan) == set()
    assert discord.journal.entries[-1].fault == "reset_before"


async def test_cut_off_after_it_has_happened(discord: Discord, wire: Wire, world: World) -> None:
    discord.faults.add(Fault(do="drop_after", route=GIVE, times=2))
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await wire("PUT", give(world))
    assert world.roles_of(world.fan) == {"Gold"}
    entry = discord.journal.entries[-1]
    assert (entry.fault, entry.status) == ("drop_after", 204)


async def test_aiohttp_asks_once_more_by_itself(discord: Discord, wire: Wire, world: World) -> None:
    """Its client repeats PUT, DELETE and GET once after a cut; to be noticed, a cut has to strike twice."""
    discord.faults.add(Fault(do="drop_after", route=GIVE))
    assert (await wire("PUT", give(world))).status == 204
    assert [entry.fault for entry in discord.journal.since(route=GIVE)] == ["drop_after", None]


async def test_held_before_the_effect(discord: Discord, wire: Wire, world: World) -> None:
    fault = discord.faults.add(Fault(do="hold_before", route=GIVE))
    asked = asyncio.create_task(wire("PUT", give(world)))
    await discord.faults.held(fault)
    assert world.roles_of(world.fan) == set()
    discord.faults.release(fault)
    assert (await asked).status == 204


async def test_held_after_the_effect(discord: Discord, wire: Wire, world: World) -> None:
    fault = discord.faults.add(Fault(do="hold_after", route=GIVE))
    asked = asyncio.create_task(wire("PUT", give(world)))
    await discord.faults.held(fault)
    assert world.roles_of(world.fan) == {"Gold"}
    assert not asked.done()
    discord.faults.clear()
    assert (await asked).status == 204


async def test_waiting_for_what_never_comes_ends(discord: Discord) -> None:
    fault = discord.faults.add(Fault(do="hold_before"))
    with pytest.raises(TimeoutError):
        await discord.faults.held(fault, timeout_s=0.01)


async def test_a_ghost_is_a_204_and_nothing_else(discord: Discord, wire: Wire, world: World) -> None:
    discord.faults.add(Fault(do="ghost", route=GIVE))
    answer = await wire("PUT", give(world))
    assert (answer.status, answer.body) == (204, None)
    assert world.roles_of(world.fan) == set()
    assert world.events == []
    assert discord.journal.entries[-1].effects == []


async def test_a_ghost_still_asks_who_is_there(discord: Discord, wire: Wire, world: World) -> None:
    discord.faults.add(Fault(do="ghost", times=None))
    assert (await wire("PUT", give(world), auth="Bot wrong")).status == 401


async def test_a_hook_decides_in_process(discord: Discord, wire: Wire, world: World) -> None:
    seen: list[str] = []

    def second(entry: Entry) -> Fault | None:
        seen.append(entry.route)
        return Fault(do="status", status=502) if len(seen) == 2 else None

    discord.faults.hook(second)
    assert [(await wire("PUT", give(world))).status for _ in range(3)] == [204, 502, 204]
    assert seen == [GIVE] * 3
