"""An integration with 500 members is removed: seeded, on Discord and in the tables, as if each had come in by itself."""

from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.ids import IntegrationId
from models import Grant, Integration, Stay
from models.access import GrantState, StayState
from models.integrations import IntegrationState
from tests.system.bad_days.crowds import fan_of, membership_of, seed_members, so_many_hold, wide_limits
from tests.system.story import NOON, Story, begun
from tests.waiting import until


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    """With wide rate limits: hours of waiting for Discord are not what these tests are about."""
    async with begun(database_url, limits=wide_limits()) as told:
        yield told


@pytest.mark.timeout(120)  # 50 requests a second at most: ten seconds at the least
async def test_an_integration_with_500_members_is_removed(story: Story) -> None:
    await story.given_a_server({"Gold": ("Gold",)})
    crowd = await story.discord.crowd(story.guild, 500, role="Gold")
    await _seed_inside(story, crowd)
    row = await Integration.get(creator_id=story.creator)

    await story.house.rooms.closing.close(IntegrationId(row.id))

    # Looking at so many is work too, for the same processor.
    await until(partial(so_many_hold, story, crowd, 0), "nobody with Gold", within_s=40, every_s=0.5)
    await until(partial(_is_closed, story, row.id), "the integration closed", within_s=40)


async def _seed_inside(story: Story, crowd: list[int]) -> None:
    ladder = (await story.discord.guild(story.guild))["ladder"]
    gold = next(int(role["id"]) for role in ladder if role["name"] == "Gold")
    row = await Integration.get(creator_id=story.creator)
    await seed_members(story, crowd, "Gold")
    here = {"guild_id": story.guild, "seen_at": NOON}
    await Stay.bulk_create(
        [Stay(account_id=one, state=StayState.IN, seen_roles=[gold], **here) for one in crowd]
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


async def _is_closed(story: Story, integration_id: int) -> bool:
    await story.later(seconds=10)  # each is looked at once more
    return await Integration.filter(id=integration_id, state=IntegrationState.CLOSED).exists()
