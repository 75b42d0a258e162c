"""Tells the platform that a fan's membership opens an integration, so that it can show "Connect Discord"."""

from collections.abc import Mapping
from typing import Any

from bot.clock import Clock
from bot.ids import FanId, TierId
from bot.integrations.openings import Opening
from bot.memberships.outbox import Outbox
from bot.memberships.ports import Openings
from models import Membership


class Announcements:
    def __init__(self, *, clock: Clock, outbox: Outbox, openings: Openings) -> None:
        self._clock = clock
        self._outbox = outbox
        self._openings = openings

    async def available(self, membership: Membership) -> None:
        """Announce what the membership's tier opens, once for this version of the membership, in the caller's transaction."""
        for opening in await self._openings.of_tier(TierId(membership.tier_id)):
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
