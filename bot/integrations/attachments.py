"""Attach a tier to an integration with the roles it gives; change and detach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.clock import Clock
from bot.database import transaction
from bot.discord.permissions import Permission, powers
from bot.ids import GuildId, IntegrationId, RoleId, TierId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.attaching import Powerful, refusal, unconfirmed
from bot.integrations.authority import Authority
from bot.integrations.health import Health
from bot.integrations.ports import Announcements, Tiers, Work
from models import Attachment, AttachmentRole, ChosenTier, Guild, GuildRole


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    """Nothing is attached yet: these roles can moderate, and need a second yes that names them."""

    roles: tuple[Powerful, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachable:
    """What somebody may attach in a server now, and what they may not, and why; both from the top down."""

    roles: tuple[GuildRole, ...] = ()
    refused: tuple[Refused, ...] = field(default=())


class Attachments:
    def __init__(  # noqa: PLR0913 - the rooms that hear of a change
        self,
        *,
        clock: Clock,
        work: Work,
        authority: Authority,
        tiers: Tiers,
        health: Health,
        announcements: Announcements,
    ) -> None:
        self._clock = clock
        self._work = work
        self._authority = authority
        self._tiers = tiers
        self._health = health
        self._announcements = announcements

    async def attach(
        self,
        integration_id: IntegrationId,
        tier_ids: Iterable[TierId],
        role_ids: Iterable[RoleId],
        *,
        by: Actor,
        confirmed: Mapping[RoleId, int] | None = None,
    ) -> Attached | AskAgain | Refused:
        """Give each tier exactly these roles (none: the server alone), whether it was attached before or not.

        ``confirmed``: roles with a moderation power, each with the powers that a second yes has named.
        """
        tiers, wanted = tuple(dict.fromkeys(tier_ids)), tuple(dict.fromkeys(role_ids))
        row = await self._authority.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        for tier_id in tiers:
            if await self._tiers.creator_of(tier_id) != row.creator_id:
                return Refused(why=Refusal.TIER_UNKNOWN)
        roles = await _given_by_hand(wanted, by=by)
        if isinstance(roles, Refused):
            return roles
        powerful = tuple(filter(None, (unconfirmed(role, confirmed or {}) for role in roles)))
        if powerful:
            return AskAgain(roles=powerful)
        async with transaction():
            for tier_id in tiers:
                await self._write(integration_id, tier_id, roles)
            await self._announcements.attached(integration_id, tiers)
            await self._work.fan_out("integration", str(integration_id))
        await self._health.review(by.guild_id)
        return Attached(integration_id=integration_id, tier_ids=tiers, role_ids=wanted)

    async def detach(
        self, integration_id: IntegrationId, tier_id: TierId, *, by: Actor
    ) -> Attached | Refused:
        """Take the tier off the integration: an end for everybody who had access through it alone."""
        row = await self._authority.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        async with transaction():
            attachment = await Attachment.get_or_none(integration_id=integration_id, tier_id=tier_id)
            if attachment is None:
                return Refused(why=Refusal.NOT_ATTACHED)
            await AttachmentRole.filter(attachment_id=attachment.id).delete()
            await attachment.delete()
            # Reaches everybody ever seen in the guild: also those whom only this attachment led there.
            await self._work.fan_out("integration", str(integration_id))
        await self._health.review(by.guild_id)
        return Attached(integration_id=integration_id, tier_ids=(tier_id,), role_ids=())

    async def of(self, integration_id: IntegrationId) -> list[AttachmentRef]:
        """What is attached, in the order it was attached."""
        rows = await Attachment.filter(integration_id=integration_id).order_by("id")
        roles: dict[int, list[RoleId]] = {row.id: [] for row in rows}
        for role in await AttachmentRole.filter(attachment_id__in=list(roles)).order_by("id"):
            roles[role.attachment_id].append(RoleId(role.role_id))
        return [
            AttachmentRef(
                integration_id=integration_id, tier_id=TierId(row.tier_id), role_ids=tuple(roles[row.id])
            )
            for row in rows
        ]

    async def attachable(self, *, by: Actor) -> Attachable:
        """Every role of the server but ``@everyone``, sorted by whether this person may attach it."""
        guild = await Guild.get(id=by.guild_id)
        ladder = await GuildRole.filter(guild_id=guild.id).exclude(id=guild.id).order_by("-position", "id")
        judged = [(role, refusal(role, guild=guild, by=by)) for role in ladder]
        return Attachable(
            roles=tuple(role for role, why in judged if why is None),
            refused=tuple(Refused(why=why, what=role.name) for role, why in judged if why is not None),
        )

    async def names(self, guild_id: GuildId) -> dict[RoleId, str]:
        """The names of a server's roles."""
        return {RoleId(role.id): role.name for role in await GuildRole.filter(guild_id=guild_id)}

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
        await ChosenTier.filter(integration_id=integration_id, tier_id=tier_id).delete()


async def _given_by_hand(role_ids: tuple[RoleId, ...], *, by: Actor) -> list[GuildRole] | Refused:
    """The roles, top to bottom, if this person could give every one of them by hand, and the bot too."""
    if role_ids and not by.may(Permission.MANAGE_ROLES):
        return Refused(why=Refusal.NO_MANAGE_ROLES)
    guild = await Guild.get(id=by.guild_id)
    found = {role.id: role for role in await GuildRole.filter(guild_id=guild.id, id__in=list(role_ids))}
    for role_id in role_ids:
        role = found.get(role_id)
        if role is None:
            return Refused(why=Refusal.ROLE_GONE)
        why = refusal(role, guild=guild, by=by)
        if why:
            return Refused(why=why, what=role.name)
    return sorted(found.values(), key=lambda role: (-role.position, role.id))
