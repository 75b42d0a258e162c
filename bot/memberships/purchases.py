"""What a fan bought, for the pages that show it."""

from dataclasses import dataclass
from datetime import datetime

from bot.ids import FanId, MembershipId
from models import Creator, Membership, Tier
from models.memberships import MembershipStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    membership_id: MembershipId
    tier_name: str
    creator_name: str
    status: MembershipStatus
    paid_until: datetime | None


class Purchases:
    async def of_fan(self, fan_id: FanId) -> list[Purchase]:
        """Every membership of the fan, the newest first."""
        rows = await Membership.filter(fan_id=fan_id).order_by("-updated_at", "id")
        return [await _read(row) for row in rows]

    async def one(self, fan_id: FanId, membership_id: MembershipId) -> Purchase | None:
        """The fan's own membership; None also for somebody else's, so that nothing is learnt by asking."""
        row = await Membership.get_or_none(id=membership_id, fan_id=fan_id)
        return await _read(row) if row else None


async def _read(row: Membership) -> Purchase:
    tier = await Tier.get_or_none(id=row.tier_id)
    creator = await Creator.get_or_none(id=row.creator_id)
    return Purchase(
        membership_id=MembershipId(row.id),
        tier_name=tier.name if tier else row.tier_id,
        creator_name=creator.display_name if creator else row.creator_id,
        status=row.status,
        paid_until=row.paid_until,
    )
