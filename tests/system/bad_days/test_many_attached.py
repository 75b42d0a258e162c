"""A tier with thousands of fans is attached, and the bot goes on for everybody else: beside it, and in other servers."""

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

import pytest

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person
from tests.system.bad_days.crowds import holders, seed_members, wide_limits
from tests.system.story import Story, begun
from tests.waiting import until

MONTH_S = 30 * 86400
AT_ONCE_S = 8.0
"""Beside a crowd in Discord's line, whose next place is ten seconds away."""


@pytest.fixture
async def quick(database_url: str) -> AsyncIterator[Story]:
    """With wide rate limits, so that the crowd keeps the bot as busy as it can be."""
    async with begun(database_url, limits=wide_limits()) as told:
        yield told


@pytest.fixture
async def slow(database_url: str) -> AsyncIterator[Story]:
    """With Discord's rate limits, so that the crowd stands in line for minutes."""
    async with begun(database_url) as told:
        yield told


@pytest.mark.timeout(180)
async def test_while_a_tier_of_5000_fans_is_attached_people_are_answered_in_time(quick: Story) -> None:
    story = quick
    ana = await story.given_a_server({"Silver": ("Silver",)}, roles=("Silver", "Gold"))
    await acts.sell(story, "Gold")
    bea, hers = await _inside(story, "Bea")
    crowd = await story.discord.crowd(story.guild, 5000)
    await seed_members(story, crowd, "Gold")

    await _attach(story, ana, "Gold")
    # Looking at so many is work too, for the same processor.
    await until(partial(_some_hold, story), "the first of the crowd with Gold", every_s=1)

    for ask in ("mine", "setup") * 4:
        began = time.monotonic()
        assert (await story.discord.command(ana.account, f"passes {ask}", guild=story.guild)).text
        assert time.monotonic() - began < 3
    await story.later(seconds=1)  # so that the crowd has waited for longer
    began = time.monotonic()
    await story.platform.refund(hers)
    await story.sees(bea, set())
    assert time.monotonic() - began < AT_ONCE_S

    due, _ = await story.house.work.backlog()
    assert due > 100
    assert len(await holders(story)) < 4000


async def test_a_refund_is_done_at_once_while_a_crowd_stands_in_line(slow: Story) -> None:
    ana = await slow.given_a_server({"Silver": ("Silver",)}, roles=("Silver", "Gold"))
    bea, hers = await _inside(slow, "Bea")
    elsewhere = replace(slow, tiers={})
    await elsewhere.given_a_server({"Silver": ("Silver",)}, roles=("Silver",))
    cleo, his = await _inside(elsewhere, "Cleo")
    await acts.sell(slow, "Gold")
    await seed_members(slow, await slow.discord.crowd(slow.guild, 300), "Gold")

    await _attach(slow, ana, "Gold")
    await until(partial(_some_hold, slow), "the first ten of the crowd with Gold")
    await slow.later(seconds=1)  # so that the crowd has waited for longer
    began = time.monotonic()
    await slow.platform.refund(hers)
    await slow.platform.refund(his)
    await slow.sees(bea, set())
    await elsewhere.sees(cleo, set())

    assert time.monotonic() - began < AT_ONCE_S
    assert len(await holders(slow)) < 100


async def _inside(story: Story, name: str) -> tuple[Person, str]:
    fan, membership = await acts.buys_and_connects(story, name, "Silver", period_s=MONTH_S)
    await story.sees(fan, {"Silver"})
    await story.settles(fan)
    return fan, membership


async def _attach(story: Story, owner: Person, tier: str) -> None:
    shown = await story.discord.command(owner.account, "passes memberships", guild=story.guild)
    roles = await story.discord.press(owner.account, shown, label="Add Membership")
    roles = await story.discord.choose(owner.account, roles, [tier])
    await story.discord.choose(owner.account, roles, [tier])


async def _some_hold(story: Story) -> bool:
    return len(await holders(story)) >= 10
