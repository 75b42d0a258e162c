"""An integration with 500 members is removed: seeded, on Discord and in the tables, as if each had been brought in."""

import re
from collections.abc import AsyncIterator
from functools import partial

import pytest

from models import Grant, Integration, Stay
from models.access import GrantState, StayState
from tests.system.bad_days.crowds import fan_of, membership_of, seed_members, so_many_hold, wide_limits
from tests.system.story import NOON, Story, begun
from tests.waiting import until


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    """With wide rate limits: hours of waiting for Discord are not what these tests are about."""
    async with begun(database_url, limits=wide_limits()) as told:
        yield told


@pytest.mark.timeout(180)  # two thousand requests, each of which this process both sends and answers
async def test_an_integration_with_500_members_is_removed(story: Story) -> None:
    ana = await story.given_a_server({"Gold": ("Gold",)})
    crowd = await story.discord.crowd(story.guild, 500, role="Gold")
    await _seed_brought_in(story, crowd)

    await story.hand_over(ana, "/hub")
    await ana.browser.follow("VIP rooms")
    asked = await ana.browser.follow("Remove")
    assert "It reaches 500 people" in asked.text
    closing = await ana.browser.submit("Remove")
    assert _still_reached(closing.text) == 500, closing.text

    # Looking at so many is work too, for the same processor.
    await until(partial(so_many_hold, story, crowd, 0), "nobody with Gold", within_s=60, every_s=0.5)
    closing = await ana.browser.open(closing.url)
    assert _still_reached(closing.text) == 500, "without the role, and inside until the second decision"
    numbers = [500]
    await story.later(hours=1, minutes=1)

    async def all_are_out() -> bool:
        await story.later(seconds=10)  # each is looked at once more
        await story.later(seconds=2)  # whoever has to be tried again is
        page = await ana.browser.open(closing.url)
        if page.status == 404:
            return True
        numbers.append(_still_reached(page.text))
        return False

    async def seen() -> list[int]:
        return numbers

    await until(all_are_out, "everybody out", otherwise=seen, within_s=90, every_s=0.5)
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) > 5, "progress was shown"
    assert not await Integration.exists()
    members = {member["id"] for member in (await story.discord.guild(story.guild))["members"]}
    assert not members & set(crowd)


async def _seed_brought_in(story: Story, crowd: list[int]) -> None:
    ladder = (await story.discord.guild(story.guild))["ladder"]
    gold = next(int(role["id"]) for role in ladder if role["name"] == "Gold")
    row = await Integration.get(creator_id=story.creator)
    await seed_members(story, crowd, "Gold")
    begun = {"begun_by_us": True, "last_integration_id": row.id}
    here = {"guild_id": story.guild, "seen_at": NOON}
    await Stay.bulk_create(
        [Stay(account_id=one, state=StayState.IN, seen_roles=[gold], **begun, **here) for one in crowd]
    )
    await Grant.bulk_create(
        [
            Grant(
                account_id=one,
                role_id=gold,
                state=GrantState.SEEN,
                because=[
                    {
                        "membership_id": membership_of(one),
                        "integration_id": row.id,
                        "fan_id": fan_of(one),
                        "tier_id": story.tiers["Gold"],
                    }
                ],
                written_at=NOON,
                **here,
            )
            for one in crowd
        ]
    )


def _still_reached(page: str) -> int:
    said = re.search(r"(\d+) (?:person|people) still ha", page)
    return int(said[1]) if said else 0
