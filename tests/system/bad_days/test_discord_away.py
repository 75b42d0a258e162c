"""Discord answers with errors, tells us to wait, cuts the line or says nothing; then it is back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import ClientTimeout

from bot.sandbox.tour import acts
from bot.sandbox.tour.scenes import ROLE_ROUTE
from tests.system.story import Story, begun
from tests.waiting import until

GOLD = {"Gold", "Lounge"}
ALWAYS = 10**9


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    """With a bot that soon gives up waiting for an answer."""
    async with begun(database_url, waits=ClientTimeout(total=0.5)) as told:
        yield told


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "status", "status": 500},
        {"do": "status", "status": 503},
        {"do": "reset_before"},
        {"do": "drop_after", "route": ROLE_ROUTE},
        {"do": "hold_before"},
    ],
    ids=["500", "503", "resets", "lost answers", "silence"],
)
async def test_minutes_of_it_and_whoever_paid_meanwhile_has_it_afterwards(
    story: Story, fault: dict[str, Any]
) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Silver")
    await story.discord.fault(times=ALWAYS, **fault)

    await story.platform.upgrade(membership, story.tiers["Gold"])
    await story.platform.settled()
    await _was_asked_in_vain(story)
    await story.everything_settles()
    await story.later(minutes=6)
    assert await story.roles(bea) & {"Silver", "Gold"}, "never without a paid role"
    await story.discord.clear_faults()

    await story.sees_in_time(bea, GOLD, minutes=10)
    await story.settles(bea)
    await story.platform.refund(membership)
    await story.sees(bea, set())


async def _was_asked_in_vain(story: Story) -> None:
    async def so() -> bool:
        return any(
            entry["fault"] and "/members/" in entry["route"] for entry in await story.discord.journal()
        )

    await until(so, "a request that failed")


@pytest.mark.parametrize("scope", ["user", "shared", "global"])
async def test_told_to_wait_it_waits_and_goes_on(story: Story, scope: str) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Silver")
    place = await story.place()
    await story.discord.fault(
        do="status", status=429, scope=scope, route=ROLE_ROUTE, retry_after_s=0.3, times=2
    )

    await story.platform.upgrade(membership, story.tiers["Gold"])
    await story.sees(bea, GOLD)

    assert await story.calls(place) == ["PUT 429", "PUT 429", "PUT 204", "DELETE 204"]


async def test_a_join_whose_answer_was_lost_is_ours_all_the_same(story: Story) -> None:
    await story.given_a_server()
    await story.discord.fault(do="drop_after", route="PUT /guilds/{guild_id}/members/{user_id}", times=ALWAYS)
    bea = await story.fan("Bea")
    membership = await story.buys(bea, "Gold", period_s=86400)
    await acts.connect(story, bea, membership)
    await story.sees(bea, GOLD)
    await story.discord.clear_faults()
    await story.sees_in_time(bea, GOLD)
    await story.settles(bea)

    await story.platform.refund(membership)
    await story.sees(bea, set())
    await story.settles(bea)
    await story.later(hours=1, minutes=1)
    await story.sees_gone(bea)


async def test_while_one_server_is_away_the_others_are_served(story: Story) -> None:
    await story.given_a_server()
    bea, hers = await story.given_a_fan_inside("Bea", "Silver")
    first = story.guild
    other = replace(story, tiers={})
    await other.given_a_server()
    cleo, theirs = await other.given_a_fan_inside("Cleo", "Silver")
    await story.discord.set_available(first, available=False)

    await story.platform.upgrade(hers, story.tiers["Gold"])
    await story.platform.upgrade(theirs, other.tiers["Gold"])

    await other.sees(cleo, GOLD)
    await story.discord.set_available(first, available=True)
    await story.sees_in_time(bea, GOLD)
