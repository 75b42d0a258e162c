"""Attach a tier to an integration with the roles it gives; change and detach.

Nobody attaches through the bot what they could not give by hand. Administrator is refused; a role with another
moderation power is attached only with a second yes that named it, and the powers said yes to are stored with it: a
role that gains one later stops being given (``bot/access/plan.py``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.database import transaction
from bot.discord.permissions import Permission, powers
from bot.ids import CreatorId, GuildId, IntegrationId, RoleId, TierId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.integrations import Integrations
from models import Attachment, AttachmentRole, GuildRole


class Tiers(Protocol):
    """What is sold, answered by the room above."""

    async def creator_of(self, tier_id: TierId) -> CreatorId | None: ...


class Work(Protocol):
    async def fan_out(self, kind: str, subject: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentRef:
    integration_id: IntegrationId
    tier_id: TierId
    role_ids: tuple[RoleId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    integration_id: IntegrationId
    tier_ids: tuple[TierId, ...]
    role_ids: tuple[RoleId, ...]


class Attachments:
    def __init__(self, *, clock: Clock, work: Work, integrations: Integrations, tiers: Tiers) -> None:
        self._clock = clock
        self._work = work
        self._integrations = integrations
        self._tiers = tiers

    async def attach(
        self,
        integration_id: IntegrationId,
        tier_ids: Iterable[TierId],
        role_ids: Iterable[RoleId],
        *,
        by: Actor,
        confirmed: bool = False,
    ) -> Attached | Refused:
        """Give each tier exactly these roles (none: the seat alone), whether it was attached before or not.

        ``confirmed``: the second yes to roles with a moderation power was given, by name.
        """
        tiers, roles = tuple(dict.fromkeys(tier_ids)), tuple(dict.fromkeys(role_ids))
        row = await self._integrations.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        for tier_id in tiers:
            if await self._tiers.creator_of(tier_id) != row.creator_id:
                return Refused(why=Refusal.TIER_UNKNOWN)
        allowed = await self._attachable(roles, by=by, confirmed=confirmed)
        if isinstance(allowed, Refused):
            return allowed
        async with transaction():
            for tier_id in tiers:
                await self._write(integration_id, tier_id, allowed)
            await self._work.fan_out("integration", str(integration_id))
        return Attached(integration_id=integration_id, tier_ids=tiers, role_ids=roles)

    async def detach(
        self, integration_id: IntegrationId, tier_id: TierId, *, by: Actor
    ) -> Attached | Refused:
        """Take the tier off the integration: it is an end for everybody who had access through it alone."""
        row = await self._integrations.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        async with transaction():
            attachment = await Attachment.get_or_none(integration_id=integration_id, tier_id=tier_id)
            if attachment is None:
                return Refused(why=Refusal.TIER_UNKNOWN)
            # Whom it reaches is asked before it is gone: the fan-out names the tier as well.
            await self._work.fan_out("tier", tier_id)
            await AttachmentRole.filter(attachment_id=attachment.id).delete()
            await attachment.delete()
            await self._work.fan_out("integration", str(integration_id))
        return Attached(integration_id=integration_id, tier_ids=(tier_id,), role_ids=())

    async def of(self, integration_id: IntegrationId) -> list[AttachmentRef]:
        """What is attached, in the order it was attached."""
        rows = await Attachment.filter(integration_id=integration_id).order_by("id")
        return [
            AttachmentRef(
                integration_id=integration_id,
                tier_id=TierId(row.tier_id),
                role_ids=await _role_ids(row),
            )
            for row in rows
        ]

    async def _attachable(
        self, role_ids: tuple[RoleId, ...], *, by: Actor, confirmed: bool
    ) -> list[GuildRole] | Refused:
        if role_ids and not by.may(Permission.MANAGE_ROLES):
            return Refused(why=Refusal.NO_MANAGE_ROLES)
        roles = {role.id: role for role in await GuildRole.filter(guild_id=by.guild_id, id__in=role_ids)}
        for role_id in role_ids:
            role = roles.get(role_id)
            if role is None:
                return Refused(why=Refusal.ROLE_GONE)
            why = _refusal(role, by=by, confirmed=confirmed)
            if why:
                return Refused(why=why, what=role.name)
        return [roles[role_id] for role_id in role_ids]

    async def _write(self, integration_id: IntegrationId, tier_id: TierId, roles: list[GuildRole]) -> None:
        attachment, _ = await Attachment.get_or_create(
            defaults={"created_at": self._clock()}, integration_id=integration_id, tier_id=tier_id
        )
        await AttachmentRole.filter(attachment_id=attachment.id).delete()
        await AttachmentRole.bulk_create(
            AttachmentRole(
                attachment_id=attachment.id, role_id=role.id, confirmed_powers=int(powers(role.permissions))
            )
            for role in roles
        )


def _refusal(role: GuildRole, *, by: Actor, confirmed: bool) -> Refusal | None:
    if role.managed or role.id == int(GuildId(role.guild_id)):
        return Refusal.ROLE_MANAGED
    if role.permissions & Permission.ADMINISTRATOR:
        return Refusal.ROLE_IS_ADMIN
    if not by.is_owner and role.position >= by.top_position:
        return Refusal.ROLE_ABOVE_THEIRS
    return Refusal.ROLE_HAS_POWERS if powers(role.permissions) and not confirmed else None


async def _role_ids(attachment: Attachment) -> tuple[RoleId, ...]:
    rows = await AttachmentRole.filter(attachment_id=attachment.id).order_by("id")
    return tuple(RoleId(row.role_id) for row in rows)
