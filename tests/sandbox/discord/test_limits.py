"""Rate limits over the wire: buckets, the global allowance, shared resources, the ban at the door."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bot.sandbox.discord.callbacks import INTERACTIONS
from bot.sandbox.discord.interactions import COMMAND, Act
from bot.sandbox.discord.limits import Allowance, Limits, bucket_of
from bot.sandbox.discord.server import Discord
from tests.clock import ManualSeconds
from tests.sandbox.discord.world import Wire, World

GIVE = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"
FOLLOW_UP = "POST /webhooks/{application_id}/{interaction_token}"
TWO = Allowance(limit=2, window_s=30)

type Limited = Callable[..., AbstractAsyncContextManager[tuple[Wire, World]]]


@pytest.fixture
def clock() -> ManualSeconds:
    return ManualSeconds()


@pytest.fixture
def limited(clock: ManualSeconds) -> Limited:
    """Serve a Discord with limits of one's own, by a clock that stands still."""

    @asynccontextmanager
    async def serve(**limits: Any) -> AsyncIterator[tuple[Wire, World]]:
        async with Discord.serve(limits=Limits(**limits, now=clock)) as discord, Wire(discord) as wire:
            yield wire, World(discord)

    return serve


def give(world: World) -> str:
    return f"{world.fan_path}/roles/{world.gold.id}"


async def test_every_answer_says_how_the_bucket_stands(limited: Limited) -> None:
    async with limited(allowances={GIVE: TWO}) as (wire, world):
        answer = await wire("PUT", give(world))
        assert answer.headers["X-RateLimit-Limit"] == "2"
        assert answer.headers["X-RateLimit-Remaining"] == "1"
        assert answer.headers["X-RateLimit-Reset-After"] == "30.000"
        assert float(answer.headers["X-RateLimit-Reset"]) > 1_700_000_000
        assert answer.headers["X-RateLimit-Bucket"] == bucket_of(GIVE)


async def test_a_window_has_one_end_by_which_clients_tell_it_from_the_next(
    limited: Limited, clock: ManualSeconds
) -> None:
    ends: list[str] = []
    async with limited(allowances={GIVE: TWO}) as (wire, world):
        for by_s in (0, 20, 10):
            clock.move(by_s)
            ends.append((await wire("PUT", give(world))).headers["X-RateLimit-Reset"])
    assert ends[0] == ends[1]
    assert float(ends[2]) - float(ends[0]) == pytest.approx(30)


async def test_an_emptied_bucket_refuses_as_discord_does(limited: Limited) -> None:
    async with limited(allowances={GIVE: TWO}) as (wire, world):
        for _ in range(2):
            assert (await wire("PUT", give(world))).status == 204
        refused = await wire("PUT", give(world))
        assert refused.status == 429
        assert refused.body["global"] is False
        assert refused.body["retry_after"] == 30
        assert refused.headers["Retry-After"] == "30"
        assert refused.headers["Via"] == "1.1 google"
        assert refused.headers["X-RateLimit-Scope"] == "user"
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert refused.headers["Content-Type"] == "application/json"
        assert "X-RateLimit-Global" not in refused.headers


async def test_all_guilds_share_a_hash_and_each_has_its_own_allowance(limited: Limited) -> None:
    async with limited(allowances={GIVE: TWO}) as (wire, world):
        guild, gold, _ = world.another_guild("Second")
        world.state.add_member(guild, world.fan)
        there = f"/guilds/{guild.id}/members/{world.fan.id}/roles/{gold.id}"
        here = [await wire("PUT", give(world)) for _ in range(3)]
        elsewhere = await wire("PUT", there)
        assert [each.status for each in here] == [204, 204, 429]
        assert elsewhere.status == 204
        assert elsewhere.headers["X-RateLimit-Remaining"] == "1"
        assert elsewhere.headers["X-RateLimit-Bucket"] == here[0].headers["X-RateLimit-Bucket"]


async def test_members_of_one_guild_share_its_allowance(limited: Limited) -> None:
    async with limited(allowances={GIVE: TWO}) as (wire, world):
        owner = f"{world.path}/members/{world.owner.id}/roles/{world.gold.id}"
        answers = [await wire("PUT", path) for path in (give(world), owner, give(world))]
        assert [each.status for each in answers] == [204, 204, 429]


async def test_a_bucket_fills_again_when_its_window_is_over(limited: Limited, clock: ManualSeconds) -> None:
    async with limited(allowances={GIVE: Allowance(limit=1, window_s=30)}) as (wire, world):
        assert (await wire("PUT", give(world))).status == 204
        refused = await wire("PUT", give(world))
        clock.move(refused.body["retry_after"] - 0.1)
        assert [refused.status, (await wire("PUT", give(world))).status] == [429, 429]
        clock.move(0.1)
        assert (await wire("PUT", give(world))).status == 204


async def test_routes_have_buckets_of_their_own_and_refusals_cost_too(limited: Limited) -> None:
    async with limited(allowances={GIVE: TWO}) as (wire, world):
        for _ in range(2):
            assert (await wire("PUT", f"{world.fan_path}/roles/{world.moderator.id}")).status == 403
        assert (await wire("PUT", give(world))).status == 429
        assert (await wire("DELETE", give(world))).status == 204


async def test_the_global_allowance_is_over_all_routes(limited: Limited, clock: ManualSeconds) -> None:
    async with limited(global_per_second=3) as (wire, world):
        paths = [world.path, f"{world.path}/roles", "/users/@me", world.fan_path]
        answers = [await wire("GET", path) for path in paths]
        assert [each.status for each in answers] == [200, 200, 200, 429]
        refused = answers[-1]
        assert refused.body["global"] is True
        assert refused.headers["X-RateLimit-Global"] == "true"
        assert refused.headers["X-RateLimit-Scope"] == "global"
        assert "X-RateLimit-Bucket" not in refused.headers
        assert (await wire("GET", "/gateway", auth=None)).status == 200
        clock.move(1)
        assert (await wire("GET", world.path)).status == 200


async def test_each_token_has_its_own_allowance(limited: Limited) -> None:
    async with limited(allowances={"GET /users/@me": TWO}) as (wire, world):
        for _ in range(3):
            bot = await wire("GET", "/users/@me")
        token = world.token_of(world.fan, "identify")
        fan = await wire("GET", "/users/@me", auth=f"Bearer {token}")
        assert (bot.status, fan.status) == (429, 200)


async def test_a_shared_resource_refuses_though_ones_own_bucket_has_left(limited: Limited) -> None:
    async with limited(shared={GIVE: Allowance(limit=1, window_s=30)}) as (wire, world):
        assert (await wire("PUT", give(world))).status == 204
        refused = await wire("PUT", give(world))
        assert refused.status == 429
        assert refused.headers["X-RateLimit-Scope"] == "shared"
        assert refused.headers["X-RateLimit-Remaining"] == "8"
        assert refused.body["global"] is False


async def test_too_many_invalid_answers_shut_the_door(limited: Limited, clock: ManualSeconds) -> None:
    async with limited(invalid=Allowance(limit=3, window_s=30)) as (wire, world):
        for auth in (None, "Bot wrong", None):
            assert (await wire("GET", world.path, auth=auth)).status == 401
        banned = await wire("GET", world.path)
        assert banned.status == 429
        assert banned.body == "error code: 1015"
        assert "Via" not in banned.headers
        assert banned.headers["Retry-After"] == "30"
        clock.move(30)
        assert (await wire("GET", world.path)).status == 200


async def test_shared_refusals_and_plain_errors_are_not_invalid(limited: Limited) -> None:
    limits = {"invalid": Allowance(limit=2, window_s=30), "shared": {GIVE: Allowance(limit=1, window_s=30)}}
    async with limited(**limits) as (wire, world):
        for _ in range(4):
            await wire("PUT", give(world))
            assert (await wire("GET", f"{world.path}/roles/1")).status == 404
        assert (await wire("GET", world.path)).status == 200
        for _ in range(2):
            assert (await wire("PUT", f"{world.fan_path}/roles/{world.moderator.id}")).status in {403, 429}
        assert (await wire("DELETE", f"{world.fan_path}/roles/{world.moderator.id}")).status == 403


async def test_limits_may_be_changed_while_running(limited: Limited) -> None:
    async with limited() as (wire, world):
        world.discord.limits.allowances[GIVE] = Allowance(limit=1, window_s=30)
        assert [(await wire("PUT", give(world))).status for _ in range(2)] == [204, 429]


async def answered(wire: Wire, world: World) -> str:
    """Let the fan type a command and the bot answer it; return where the bot writes more."""
    act = Act(
        kind=COMMAND,
        user=world.fan,
        channel=next(iter(world.guild.channels.values())),
        data={"id": "1", "name": "passes", "type": 1},
    )
    person = asyncio.create_task(world.discord.app[INTERACTIONS].start(act))
    await asyncio.sleep(0)
    told = next(event.data for event in reversed(world.events) if event.name == "INTERACTION_CREATE")
    callback = f"/interactions/{told['id']}/{told['token']}/callback"
    answer = await wire("POST", callback, {"type": 4, "data": {"content": "Hi"}}, auth=None)
    assert (answer.status, answer.headers["X-RateLimit-Remaining"]) == (204, "49")
    await person
    return f"/webhooks/{world.state.app.id}/{told['token']}"


async def test_an_interaction_is_limited_by_its_token_whoever_asks(
    limited: Limited, clock: ManualSeconds
) -> None:
    more = {"content": "More"}
    async with limited(allowances={FOLLOW_UP: TWO}) as (wire, world):
        first, second = await answered(wire, world), await answered(wire, world)
        answers = [await wire("POST", first, more, auth=auth) for auth in (None, "", None)]
        assert [each.status for each in answers] == [200, 200, 429]
        assert answers[0].headers["X-RateLimit-Remaining"] == "1"
        assert answers[2].headers["X-RateLimit-Scope"] == "user"
        assert (await wire("POST", second, more, auth=None)).status == 200
        assert (await wire("PATCH", f"{first}/messages/@original", more, auth=None)).status == 200
        clock.move(30)
        assert (await wire("POST", first, more, auth=None)).status == 200


async def test_interactions_are_outside_the_global_allowance(limited: Limited) -> None:
    async with limited(global_per_second=1) as (wire, world):
        path = await answered(wire, world)
        for _ in range(3):
            assert (await wire("GET", f"{path}/messages/@original")).status == 200
        assert [(await wire("GET", world.path)).status for _ in range(2)] == [200, 429]
        assert (await wire("GET", f"{path}/messages/@original")).status == 200
