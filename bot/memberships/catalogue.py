"""What is sold, and by whom, for the doors that show it."""

from dataclasses import dataclass

from bot.ids import CreatorId, TierId
from models import Creator, Membership, Tier
from models.memberships import MembershipStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRef:
    id: TierId
    creator_id: CreatorId
    name: str
    active: bool
    """Still sold; memberships of a tier that is not go on by their own snapshots."""


class Catalogue:
    async def creator_name(self, creator_id: CreatorId) -> str:
        """The creator's name as people know it; the id where no name is known."""
        row = await Creator.get_or_none(id=creator_id)
        return row.display_name if row else creator_id

    async def tiers_of(self, creator_id: CreatorId) -> list[TierRef]:
        """Everything a creator sells or sold, what is still sold first, by name."""
        rows = await Tier.filter(creator_id=creator_id)
        return sorted(
            (_ref(row) for row in rows), key=lambda tier: (not tier.active, tier.name.lower(), tier.id)
        )

    async def tier(self, tier_id: TierId) -> TierRef | None:
        row = await Tier.get_or_none(id=tier_id)
        return _ref(row) if row else None

    async def creator_of(self, tier_id: TierId) -> CreatorId | None:
        """Whose tier it is; None: there is no such tier."""
        row = await Tier.get_or_none(id=tier_id)
        return CreatorId(row.creator_id) if row else None

    async def holders(self, tier_id: TierId) -> int:
        """How many memberships of the tier are not over."""
        living = (MembershipStatus.ACTIVE, MembershipStatus.CANCELED, MembershipStatus.PAST_DUE)
        return await Membership.filter(tier_id=tier_id, status__in=living).count()


def _ref(row: Tier) -> TierRef:
    return TierRef(id=TierId(row.id), creator_id=CreatorId(row.creator_id), name=row.name, active=row.active)
