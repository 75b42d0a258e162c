"""Many at once: a brake that trips and is released, a big tier that is attached."""

import time
from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.access.audit import Audit
from bot.access.holds import Holds
from bot.access.work import Work
from bot.sandbox.tour import acts
from models import Attachment, Fan, FanOut, Hold, Link
from tests.system.bad_days.crowds import holders, seed_members, so_many_hold, wide_limits
from tests.system.story import NOON, Story, begun
from tests.waiting import until

NOBODY_YET = 10**12
MONTH_S = 30 * 86400


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    """With wide rate limits: hours of waiting for Discord are not what these tests are about."""
    async with begun(database_url, limits=wide_limits()) as told:
        yield told


async def test_the_brake_trips_renewals_arrive_it_is_released_and_nobody_who_pays_is_touched(
    story: Story,
) -> None:
    await story.given_a_server({"Gold": ("Gold",)})
    crowd = await story.discord.crowd(story.guild, 24)
    memberships = [await _bought(story, account) for account in crowd]
    await story.platform.settled()
    await until(partial(so_many_hold, story, crowd, 24), "everybody inside with Gold")
    await story.everything_settles()

    for membership in memberships:
        await story.platform.expire(membership)
    await story.platform.settled()
    await until(partial(_held, 14), "fourteen of the ends held back")
    await until(partial(so_many_hold, story, crowd, 14), "ten who lost Gold")
    held = sorted(set(crowd) & await holders(story))
    payers, others = held[:9], held[9:]

    place = await story.place()
    for account in payers:
        await story.platform.recover(memberships[crowd.index(account)], period_s=MONTH_S)
    await story.platform.settled()
    await until(partial(_held, len(others)), "only those held who did not pay")
    await _release_all(story)
    await until(partial(so_many_hold, story, crowd, len(payers)), "those gone who did not pay")

    await story.everything_settles()
    for account in payers:
        assert await story.discord.roles_of(story.guild, account) == {"Gold"}
    touched = {entry["path"] for entry in await story.discord.journal(place) if entry["method"] == "DELETE"}
    assert not [path for path in touched for account in payers if str(account) in path]


async def test_while_a_tier_of_5000_fans_is_attached_people_are_answered_in_time(story: Story) -> None:
    ana = await story.given_a_server({"Silver": ("Silver",)}, roles=("Silver", "Gold"))
    await acts.sell(story, "Gold")
    bea = await story.fan("Bea")
    await seed_members(story, range(NOBODY_YET, NOBODY_YET + 5000), "Gold")

    shown = await story.discord.command(ana.account, "passes memberships", guild=story.guild)
    roles = await story.discord.press(ana.account, shown, label="Add Membership")
    roles = await story.discord.choose(ana.account, roles, ["Gold"])
    await story.discord.choose(ana.account, roles, ["Gold"])

    slowest = 0.0
    for _ in range(8):
        began = time.monotonic()
        answer = await story.discord.command(bea.account, "passes mine", guild=None)
        assert answer.text
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < 3
    assert await Attachment.filter(tier_id=story.tiers["Gold"]).exists()
    due, _ = await story.house.work.backlog()
    assert due or await FanOut.exists(), "asked beside it, not after it"


async def _bought(story: Story, account: int) -> str:
    """A fan with this account linked already buys."""
    fan = await story.platform.create_fan(f"fan {account}")
    await story.platform.settled()
    await until(lambda: Fan.exists(id=fan), "the fan known")
    await Link.create(fan_id=fan, account_id=account, username=str(account), linked_at=NOON)
    return await story.platform.buy(fan, story.tiers["Gold"], period_s=MONTH_S)


async def _held(number: int) -> bool:
    return await Hold.filter(released_at__isnull=True).count() == number


async def _release_all(story: Story) -> None:
    """``python -m bot holds release --all``, on the story's clock."""
    work, audit = Work(story.clock), Audit(story.clock)
    await Holds(story.clock, story.house.config, work, audit).release()
