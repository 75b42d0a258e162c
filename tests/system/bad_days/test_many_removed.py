"""An integration with 500 members is removed: seeded, on Discord and in the tables, as if each had come in by itself."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.ids import IntegrationId
from bot.sandbox.discord.limits import ALLOWANCES, Allowance, Limits
from models import Fan, Grant, Integration, Link, Membership, Stay
from models.access import GrantState, StayState
from models.integrations import IntegrationState
from models.memberships import MembershipStatus
from tests.system.story import NOON, Story, begun
from tests.waiting import until


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    """With wide rate limits: hours of waiting for Discord are not what these tests are about."""
    wide = Allowance(limit=1000, window_s=1)
    limits = Limits(allowances=dict.fromkeys(ALLOWANCES, wide), default=wide)
    async with begun(database_url, limits=limits) as told:
        yield told


@pytest.mark.timeout(120)  # 50 requests a second at most: ten seconds at the least
async def test_an_integration_with_500_members_is_removed(story: Story) -> None:
    await story.given_a_server({"Gold": ("Gold",)})
    crowd = await story.discord.crowd(story.guild, 500, role="Gold")
    await _seed_members(story, crowd)
    row = await Integration.get(creator_id=story.creator)

    await story.house.rooms.closing.close(IntegrationId(row.id))

    await until(partial(_holders, story, crowd, 0), "nobody with Gold", within_s=40)
    await until(partial(_is_closed, story, row.id), "the integration closed", within_s=40)


async def _seed_members(story: Story, crowd: list[int]) -> None:
    ladder = (await story.discord.guild(story.guild))["ladder"]
    gold = next(int(role["id"]) for role in ladder if role["name"] == "Gold")
    row = await Integration.get(creator_id=story.creator)
    fans = [f"fan_of_old_{account}" for account in crowd]
    await _seed(story, fans, "Gold")
    pairs = list(zip(fans, crowd, strict=True))
    await Link.bulk_create(
        [Link(fan_id=fan, account_id=one, username=fan, linked_at=NOON) for fan, one in pairs]
    )
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
                        "membership_id": f"of_{fan}",
                        "integration_id": row.id,
                        "fan_id": fan,
                        "tier_id": story.tiers["Gold"],
                    }
                ],
                written_at=NOON,
                **here,
            )
            for fan, one in pairs
        ]
    )


async def _seed(story: Story, fans: list[str], tier: str) -> None:
    await Fan.bulk_create([Fan(id=fan, display_name=fan, version=1) for fan in fans], batch_size=500)
    await Membership.bulk_create(
        [
            Membership(
                id=f"of_{fan}",
                fan_id=fan,
                creator_id=story.creator,
                tier_id=story.tiers[tier],
                status=MembershipStatus.ACTIVE,
                updated_at=NOON,
                version=1,
            )
            for fan in fans
        ],
        batch_size=500,
    )


async def _holders(story: Story, crowd: list[int], number: int) -> bool:
    await asyncio.sleep(0.5)  # looking at so many is work too, for the same processor
    members = (await story.discord.guild(story.guild))["members"]
    holders = {member["id"] for member in members if "Gold" in member["roles"]}
    return len(holders & set(crowd)) == number


async def _is_closed(story: Story, integration_id: int) -> bool:
    await story.later(seconds=10)  # each is looked at once more
    return await Integration.filter(id=integration_id, state=IntegrationState.CLOSED).exists()
