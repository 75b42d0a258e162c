"""Whose turn it is: guilds do not wait for each other, nobody is refused for haste, and whoever a person waits for goes first."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from bot.discord.client import Client
from bot.discord.invalid_requests import InvalidRequests
from bot.discord.members import Members
from bot.discord.outcomes import Applied, NeedsPerson
from bot.discord.pacing import Pacing
from bot.discord.permissions import INVITATION
from bot.ids import AccountId, GuildId, Member, RoleId
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Allowance, Limits
from bot.sandbox.discord.server import Discord

ROLE_PUT = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"
ROLE_DELETE = ROLE_PUT.replace("PUT", "DELETE")


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord.serve(limits=Limits(allowances={ROLE_PUT: Allowance(limit=3, window_s=2)})) as discord:
        yield discord


async def a_guild(driver: Driver, name: str) -> tuple[Member, RoleId]:
    owner = await driver.create_user(name)
    guild = await driver.create_guild(owner, name)
    role = await driver.create_role(guild, "Gold", by=owner)
    await driver.add_bot(guild, owner, int(INVITATION))
    await driver.move_role(guild, "Passes Bot", above="Gold", by=owner)
    return Member(GuildId(guild), AccountId(owner)), RoleId(role)


async def statuses(driver: Driver, route: str = ROLE_PUT) -> list[int]:
    return [entry["status"] for entry in await driver.journal(route=route)]


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
    assert set(await statuses(driver)) == {204}


async def test_the_arithmetic_of_a_busy_day(discord: Discord, client: Client, driver: Driver) -> None:
    """A small model of 20 guilds with 30 role adds each at 10 per 3 s, which one line for all drags out to a minute."""
    discord.limits.allowances[ROLE_PUT] = Allowance(limit=4, window_s=0.5)
    members = Members(client)
    guilds = [await a_guild(driver, f"guild{number}") for number in range(10)]
    began = time.monotonic()

    given = await asyncio.gather(
        *(members.give_role(member, role, reason="x") for member, role in guilds for _ in range(8))
    )

    assert set(given) == {Applied()}
    assert (
        time.monotonic() - began < 5
    )  # by one line: 20 windows, ten seconds; by the arithmetic less than two
    assert await statuses(driver) == [204] * 80


async def test_beyond_its_allowance_a_guild_waits(client: Client, driver: Driver) -> None:
    members = Members(client)
    member, role = await a_guild(driver, "one")

    given = await asyncio.gather(*(members.give_role(member, role, reason="x") for _ in range(4)))

    assert set(given) == {Applied()}
    assert await statuses(driver) == [204] * 4


async def test_when_allowances_return_together_the_global_one_is_kept(
    discord: Discord, client: Client, driver: Driver
) -> None:
    discord.limits.allowances[ROLE_PUT] = Allowance(limit=2, window_s=1.2)
    guilds = [await a_guild(driver, f"guild{number}") for number in range(8)]
    await asyncio.sleep(1)  # what went before is out of the sandbox's second
    discord.limits.global_per_second = 10
    client.http.pacing = Pacing(invalid=InvalidRequests(), per_second=10)
    members = Members(client)

    given = await asyncio.gather(
        *(members.give_role(member, role, reason="x") for member, role in guilds for _ in range(4))
    )

    assert set(given) == {Applied()}
    assert await statuses(driver) == [204] * 32


async def test_an_urgent_call_goes_before_those_that_came_first(client: Client, driver: Driver) -> None:
    members = Members(client)
    member, role = await a_guild(driver, "one")
    sweep = [asyncio.create_task(members.give_role(member, role, reason="sweep")) for _ in range(500)]
    await asyncio.wait(sweep, return_when=asyncio.FIRST_COMPLETED)
    began = time.monotonic()

    given = await members.give_role(member, role, reason="somebody waits", urgent=True)

    assert given == Applied()
    assert time.monotonic() - began < 4  # the next window at the latest
    for task in sweep:
        task.cancel()
    await asyncio.wait(sweep)


async def test_an_urgent_call_elsewhere_does_not_wait_for_the_global_queue(
    discord: Discord, client: Client, driver: Driver
) -> None:
    discord.limits.allowances[ROLE_PUT] = Allowance(limit=500, window_s=1)
    members = Members(client)
    (busy, role), (quiet, gold) = await a_guild(driver, "busy"), await a_guild(driver, "quiet")
    sweep = [asyncio.create_task(members.give_role(busy, role, reason="sweep")) for _ in range(500)]
    await asyncio.wait(sweep, return_when=asyncio.FIRST_COMPLETED)
    began = time.monotonic()

    assert await members.give_role(quiet, gold, reason="somebody waits", urgent=True) == Applied()

    assert time.monotonic() - began < 3  # those before it take ten seconds
    for task in sweep:
        task.cancel()
    await asyncio.wait(sweep)


async def test_who_is_cancelled_in_line_leaves_it_to_the_others(client: Client, driver: Driver) -> None:
    members = Members(client)
    member, role = await a_guild(driver, "one")
    calls = [asyncio.create_task(members.give_role(member, role, reason="x")) for _ in range(40)]
    await asyncio.sleep(0)
    for task in calls[:36]:
        task.cancel()

    assert [await task for task in calls[36:]] == [Applied()] * 4
    assert set(await statuses(driver)) == {204}


async def test_calls_for_which_nobody_waits_slow_down_before_discord_shuts_us_out(
    discord: Discord, client: Client, driver: Driver
) -> None:
    discord.limits.allowances[ROLE_PUT] = Allowance(limit=500, window_s=1)
    discord.limits.invalid = Allowance(limit=40, window_s=2)
    client.http.pacing = Pacing(invalid=InvalidRequests(ban_at=40, window_s=2))
    members = Members(client)
    member, role = await a_guild(driver, "one")
    await driver.move_role(member.guild_id, "Gold", above="Passes Bot", by=member.account_id)

    async def ask_in_vain() -> None:
        while True:
            await members.give_role(member, role, reason="x")

    asking = [asyncio.create_task(ask_in_vain()) for _ in range(3)]
    await asyncio.wait(asking, timeout=3)
    began = time.monotonic()
    urgent = await members.give_role(member, role, reason="x", urgent=True)
    took_s = time.monotonic() - began
    for task in asking:
        task.cancel()
    await asyncio.wait(asking)

    assert isinstance(urgent, NeedsPerson)
    assert took_s < 1
    assert set(await statuses(driver)) == {403}  # 429 would be the ban


async def test_routes_with_one_bucket_share_its_allowance(client: Client) -> None:
    """Whether one bucket serves several routes is Discord's choice, and seen only in its answers."""
    pacing = client.http.pacing
    headers = {
        "X-RateLimit-Bucket": "b",
        "X-RateLimit-Limit": "2",
        "X-RateLimit-Remaining": "1",
        "X-RateLimit-Reset-After": "0.5",
    }
    put, delete = (pacing.turn(f"{verb} /x", "1", urgent=False) for verb in ("PUT", "DELETE"))
    for turn, left in ((put, "1"), (delete, "0")):
        await pacing.wait(turn)
        pacing.answered(turn, 204, headers | {"X-RateLimit-Remaining": left})
    began = time.monotonic()

    await pacing.wait(third := pacing.turn("PUT /x", "1", urgent=True))
    pacing.answered(third, 204, headers)

    assert time.monotonic() - began > 0.4
