"""Integrations as doors show them, and where the setup of one goes on.

:func:`next_step` is derived from what is stored, so that no wizard has to be remembered, and a way begun in Discord is
ended in the Hub.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.ids import CreatorId, GuildId, IntegrationId
from models import Attachment, ChosenTier, Integration
from models.integrations import EndPolicy, IntegrationState

OPEN = (IntegrationState.NOT_CONNECTED, IntegrationState.CONNECTED, IntegrationState.NEEDS_ATTENTION)


class Step(StrEnum):
    """The first unfinished step of a setup."""

    CONNECT = "connect"
    REFRESH_ROLES = "refresh_roles"
    ADD_MEMBERSHIP = "add_membership"
    CHOOSE_ROLES = "choose_roles"
    """Memberships were chosen whose roles were not."""
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationRef:
    id: IntegrationId
    creator_id: CreatorId
    name: str
    state: IntegrationState
    attention: str | None
    """What a person has to mend, as a word of ``bot.integrations.health``; ``no_kick`` stands beside ``connected``."""
    guild_id: GuildId | None
    policy: EndPolicy
    grace_days: int
    roles_refreshed_at: datetime | None
    attachments: int
    undecided: int = 0
    """Memberships that were chosen and wait for their roles."""
    closing_policy: EndPolicy | None = None
    """What the end does to those who have something through it; None: it is not closing."""

    @property
    def server_id(self) -> GuildId:
        """The guild, where it is known to be connected to one."""
        if self.guild_id is None:
            raise ValueError("the integration is not connected to a server")
        return self.guild_id


def next_step(integration: IntegrationRef) -> Step:
    if integration.guild_id is None:
        return Step.CONNECT
    if integration.roles_refreshed_at is None:
        return Step.REFRESH_ROLES
    if integration.undecided:
        return Step.CHOOSE_ROLES
    return Step.DONE if integration.attachments else Step.ADD_MEMBERSHIP


async def reference(row: Integration) -> IntegrationRef:
    attached = [each.tier_id for each in await Attachment.filter(integration_id=row.id)]
    chosen = ChosenTier.filter(integration_id=row.id).exclude(tier_id__in=attached)
    return IntegrationRef(
        id=IntegrationId(row.id),
        creator_id=CreatorId(row.creator_id),
        name=row.name,
        state=row.state,
        attention=row.attention,
        guild_id=GuildId(row.guild_id) if row.guild_id is not None else None,
        policy=row.policy,
        grace_days=row.grace_days,
        roles_refreshed_at=row.roles_refreshed_at,
        attachments=len(attached),
        undecided=await chosen.count(),
        closing_policy=row.closing_policy,
    )
