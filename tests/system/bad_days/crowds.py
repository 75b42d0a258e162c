"""Crowds, seeded on Discord and in the bot's tables as they would stand after having come in one by one."""

from collections.abc import Collection

from bot.sandbox.discord.limits import ALLOWANCES, Allowance, Limits
from models import Fan, Link, Membership
from models.memberships import MembershipStatus
from tests.system.story import NOON, Story

_AT_ONCE = 500


def wide_limits() -> Limits:
    """For tests that are not about hours of waiting for Discord."""
    wide = Allowance(limit=1000, window_s=1)
    return Limits(allowances=dict.fromkeys(ALLOWANCES, wide), default=wide, global_per_second=wide.limit)


def fan_of(account: int) -> str:
    return f"fan_of_old_{account}"


def membership_of(account: int) -> str:
    return f"of_{fan_of(account)}"


async def seed_members(story: Story, accounts: Collection[int], tier: str) -> None:
    """A fan for each account, linked to it, who holds the tier."""
    held = {"creator_id": story.creator, "tier_id": story.tiers[tier], "status": MembershipStatus.ACTIVE}
    known = {"updated_at": NOON, "version": 1}
    fans = [Fan(id=fan_of(one), display_name=fan_of(one), version=1) for one in accounts]
    memberships = [Membership(id=membership_of(one), fan_id=fan_of(one), **held, **known) for one in accounts]
    links = [
        Link(fan_id=fan_of(one), account_id=one, username=fan_of(one), linked_at=NOON) for one in accounts
    ]
    await Fan.bulk_create(fans, batch_size=_AT_ONCE)
    await Membership.bulk_create(memberships, batch_size=_AT_ONCE)
    await Link.bulk_create(links, batch_size=_AT_ONCE)


async def holders(story: Story, role: str = "Gold") -> set[int]:
    """Who has the role in the server."""
    members = (await story.discord.guild(story.guild))["members"]
    return {member["id"] for member in members if role in member["roles"]}


async def so_many_hold(story: Story, crowd: Collection[int], number: int) -> bool:
    return len(await holders(story) & set(crowd)) == number
