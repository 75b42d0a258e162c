"""Whose turn it is: guilds do not wait for each other, nobody is refused for haste, and whoever a person waits for goes first."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.config import Config
from bot.discord.allowances import PER_SECOND
from bot.discord.client import Client
from bot.discord.invalid_requests import InvalidRequests
from bot.discord.members import Members
from bot.discord.outcomes import Applied, NeedsPerson
from bot.discord.pacing import NotNowError, Pacing
from bot.discord.permissions import INVITATION
from bot.ids import AccountId, GuildId, Member, RoleId
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Allowance, Limits
from bot.sandbox.discord.server import Discord
from models.access import Urgency
from tests.clock import ManualSeconds
from tests.discord.wire import connected
from tests.waiting import until

ROLE_PUT = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    async with Discord.serve(limits=Limits(allowances={ROLE_PUT: Allowance(limit=3, window_s=1)})) as discord:
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


async def place_of(driver: Driver, role: RoleId) -> int:
    """How many roles were asked for before this one."""
    paths = [entry["path"] for entry in await driver.journal(route=ROLE_PUT)]
    return next(place for place, path in enumerate(paths) if path.endswith(str(role)))


async def test_guilds_do_not_wait_for_each_other_and_nobody_is_refused(
    discord: Discord, client: Client, driver: Driver
) -> None:
    discord.limits.allowances[ROLE_PUT] = Allowance(limit=3, window_s=600)
    members = Members(client)
    guilds = [await a_guild(driver, f"guild{number}") for number in range(5)]

    given = await asyncio.gather(
        *(members.give_role(member, role, reason="x") for member, role in guilds for _ in range(3))
    )

    assert set(given) == {Applied()}  # from one allowance for all, twelve would have to come back later
    assert await statuses(driver) == [204] * 15


async def test_beyond_its_allowance_a_guild_waits(client: Client, driver: Driver) -> None:
    members = Members(client)
    member, role = await a_guild(driver, "one")

    given = await asyncio.gather(*(members.give_role(member, role, reason="x") for _ in range(4)))

    assert set(given) == {Applied()}
    assert await statuses(driver) == [204] * 4


async def test_when_allowances_return_together_the_global_one_is_kept(
    discord: Discord, config: Config, driver: Driver
) -> None:
    discord.limits.enabled = False
    async with connected(config, pacing=Pacing(invalid=InvalidRequests(), per_second=10)) as client:
        guilds = [await a_guild(driver, f"guild{number}") for number in range(8)]
        discord.limits.allowances[ROLE_PUT] = Allowance(limit=2, window_s=1.2)
        discord.limits.global_per_second = 10
        discord.limits.enabled = True

        given = await asyncio.gather(
            *(
                Members(client).give_role(member, role, reason="x")
                for member, role in guilds
                for _ in range(4)
            )
        )

    assert set(given) == {Applied()}
    assert await statuses(driver) == [204] * 32


async def test_an_urgent_call_goes_before_those_that_came_first(client: Client, driver: Driver) -> None:
    members = Members(client)
    member, role = await a_guild(driver, "one")
    other = RoleId(await driver.create_role(member.guild_id, "Silver", by=member.account_id))
    async with asking(members, member, role):
        given = await members.give_role(member, other, reason="somebody waits", urgency=Urgency.PERSON)

    assert given == Applied()
    assert await place_of(driver, other) <= 2 * 3  # in the next window at the latest


async def test_an_urgent_call_elsewhere_does_not_wait_for_the_global_queue(
    discord: Discord, client: Client, driver: Driver
) -> None:
    discord.limits.allowances[ROLE_PUT] = Allowance(limit=500, window_s=1)
    members = Members(client)
    (busy, role), (quiet, gold) = await a_guild(driver, "busy"), await a_guild(driver, "quiet")
    async with asking(members, busy, role):
        given = await members.give_role(quiet, gold, reason="somebody waits", urgency=Urgency.PERSON)

    assert given == Applied()
    assert await place_of(driver, gold) <= 2 * PER_SECOND


@asynccontextmanager
async def asking(members: Members, member: Member, role: RoleId) -> AsyncIterator[None]:
    """500 calls for which nobody waits stand in line, and the first is answered."""
    calls = [asyncio.create_task(members.give_role(member, role, reason="sweep")) for _ in range(500)]
    await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
    yield
    for task in calls:
        task.cancel()
    await asyncio.wait(calls)


async def test_who_is_cancelled_in_line_leaves_it_to_the_others(client: Client, driver: Driver) -> None:
    members = Members(client)
    member, role = await a_guild(driver, "one")
    calls = [asyncio.create_task(members.give_role(member, role, reason="x")) for _ in range(40)]
    await asyncio.sleep(0)
    for task in calls[:36]:
        task.cancel()

    assert [await task for task in calls[36:]] == [Applied()] * 4
    assert set(await statuses(driver)) == {204}


async def test_calls_for_which_nobody_waits_stop_before_discord_shuts_us_out(
    discord: Discord, config: Config, driver: Driver
) -> None:
    discord.limits.allowances[ROLE_PUT] = Allowance(limit=500, window_s=1)
    discord.limits.invalid = Allowance(limit=40, window_s=600)
    pacing = Pacing(invalid=InvalidRequests(ManualSeconds(), ban_at=40))
    member, role = await a_guild(driver, "one")
    await driver.move_role(member.guild_id, "Gold", above="Passes Bot", by=member.account_id)
    async with connected(config, pacing=pacing) as client:
        members = Members(client)

        async def ask_in_vain() -> None:
            while True:
                await members.give_role(member, role, reason="x")

        vain = [asyncio.create_task(ask_in_vain()) for _ in range(3)]
        await until(lambda: client.invalid_requests >= 20, "half of what is allowed refused")
        urgent = await members.give_role(member, role, reason="x", urgency=Urgency.PERSON)
        for task in vain:
            task.cancel()
        await asyncio.wait(vain)

    assert isinstance(urgent, NeedsPerson)
    refused = await statuses(driver)
    assert set(refused) == {403}  # 429 would be the ban
    assert len(refused) <= 20 + 2 + 1  # the others were under way


async def test_routes_with_one_bucket_share_its_allowance() -> None:
    """Whether one bucket serves several routes is Discord's choice, and seen only in its answers."""
    pacing = Pacing(invalid=InvalidRequests())
    headers = {
        "X-RateLimit-Bucket": "b",
        "X-RateLimit-Limit": "2",
        "X-RateLimit-Reset-After": "600",
    }
    put, delete = (pacing.turn(f"{verb} /x", "1", urgency=Urgency.EVENT) for verb in ("PUT", "DELETE"))
    for turn, left in ((put, "1"), (delete, "0")):
        await pacing.wait(turn)
        pacing.answered(turn, 204, headers | {"X-RateLimit-Remaining": left})

    with pytest.raises(NotNowError):
        await pacing.wait(pacing.turn("PUT /x", "1", urgency=Urgency.PERSON))
