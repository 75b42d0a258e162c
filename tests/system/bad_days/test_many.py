"""Many at once: a brake that trips and is released."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.access.audit import Audit
from bot.access.holds import Holds
from bot.access.work import Work
from models import Fan, Hold, Link
from tests.system.bad_days.crowds import holders, so_many_hold, wide_limits
from tests.system.story import NOON, Story, begun
from tests.waiting import until

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
