"""Tells the platform that a fan's membership opens an integration, so that it can show "Connect Discord".

Once for each membership and integration, and again for each of its snapshots that opens access anew. A tier that is
attached when thousands hold it already is told of in pages, one transaction each, with the place remembered.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.clock import Clock
from bot.database import transaction
from bot.ids import FanId, IntegrationId, TierId
from bot.integrations.openings import Opening
from bot.memberships.outbox import Outbox
from bot.memberships.ports import Openings
from models import Announcing, Membership
from models.memberships import MembershipStatus

PAGE = 200
_LIVING = (MembershipStatus.ACTIVE, MembershipStatus.CANCELED, MembershipStatus.PAST_DUE)


class Announcements:
    def __init__(self, *, clock: Clock, outbox: Outbox, openings: Openings) -> None:
        self._clock = clock
        self._outbox = outbox
        self._openings = openings

    async def available(self, membership: Membership) -> None:
        """Announce what the membership's tier opens, once for this version of the membership, in the caller's transaction."""
        for opening in await self._openings.of_tier(TierId(membership.tier_id)):
            await self._tell(membership, opening)

    async def attached(self, integration_id: IntegrationId, tier_ids: Iterable[TierId]) -> None:
        """Have everybody who holds one of these tiers already told of, in the caller's transaction."""
        for tier_id in tier_ids:
            await Announcing.update_or_create(
                defaults={"cursor": ""}, integration_id=integration_id, tier_id=tier_id
            )

    async def unfold(self) -> int:
        """Announce to the holders of newly attached tiers, page by page; say how many were looked at."""
        announced = 0
        while (page := await self._page()) is not None:
            announced += page
        return announced

    async def _page(self) -> int | None:
        """One page of the oldest; None: nobody is left to be told of."""
        async with transaction():
            row = await Announcing.all().order_by("id").first()
            if row is None:
                return None
            here = Announcing.filter(id=row.id, cursor=row.cursor)
            tier_id = TierId(row.tier_id)
            opening = await self._openings.of_attachment(IntegrationId(row.integration_id), tier_id)
            holders = Membership.filter(tier_id=tier_id, id__gt=row.cursor, status__in=_LIVING)
            page = await holders.order_by("id").limit(PAGE) if opening else []
            is_last = len(page) < PAGE
            if not await (here.delete() if is_last else here.update(cursor=page[-1].id)):
                return 0  # somebody else did this page
            for membership in page:
                if opening and self._gives_access(membership):
                    await self._tell(membership, opening)
            return len(page)

    def _gives_access(self, membership: Membership) -> bool:
        """Roughly: a canceled one that has run out opens nothing."""
        if membership.status is not MembershipStatus.CANCELED or membership.paid_until is None:
            return True
        return self._clock() < membership.paid_until

    async def _tell(self, membership: Membership, opening: Opening) -> None:
        key = f"integration.available:{opening.integration_id}:{membership.id}:{membership.version}"
        data = self._data(membership, opening)
        await self._outbox.tell("integration.available", key, FanId(membership.fan_id), data)

    def _data(self, membership: Membership, opening: Opening) -> Mapping[str, Any]:
        return {
            "fan_id": membership.fan_id,
            "creator_id": membership.creator_id,
            "integration": {"id": str(opening.integration_id), "name": opening.name},
            "membership_ids": [membership.id],
            "server": {"name": opening.guild_name},
            "roles": list(opening.roles),
            "at": self._clock().isoformat(),
            "reason": f"membership_{membership.status.value}",
        }
