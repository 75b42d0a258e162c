"""Tells the platform that a fan's membership opens an integration, so that it can show "Connect Discord"."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.clock import Clock
from bot.ids import FanId
from bot.memberships.outbox import Outbox
from bot.memberships.ports import IntegrationRef
from models import Membership


class Announcements:
    def __init__(self, *, clock: Clock, outbox: Outbox) -> None:
        self._clock = clock
        self._outbox = outbox

    async def available(self, membership: Membership, integrations: Iterable[IntegrationRef]) -> None:
        """Announce each integration once for this version of the membership, in the caller's transaction."""
        for integration in integrations:
            key = f"integration.available:{integration.id}:{membership.id}:{membership.version}"
            data = self._data(membership, integration)
            await self._outbox.tell("integration.available", key, FanId(membership.fan_id), data)

    def _data(self, membership: Membership, integration: IntegrationRef) -> Mapping[str, Any]:
        return {
            "fan_id": membership.fan_id,
            "creator_id": membership.creator_id,
            "integration": {"id": str(integration.id), "name": integration.name},
            "membership_ids": [membership.id],
            "server": {"name": integration.guild_name},
            "roles": list(integration.roles),
            "at": self._clock().isoformat(),
            "reason": f"membership_{membership.status.value}",
        }
