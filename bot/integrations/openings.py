"""Which integrations a tier opens, for those who tell others about it."""

from dataclasses import dataclass

from bot.ids import CreatorId, IntegrationId, TierId
from models import Attachment, AttachmentRole, Guild, GuildRole, Integration
from models.integrations import IntegrationState

_IN_USE = (IntegrationState.CONNECTED, IntegrationState.NEEDS_ATTENTION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An integration in use, with its server's name and the names of the roles that the tier gives there."""

    integration_id: IntegrationId
    name: str
    guild_name: str
    roles: tuple[str, ...] = ()


class Openings:
    async def of_tier(self, tier_id: TierId) -> list[Opening]:
        attachments = await Attachment.filter(tier_id=tier_id).order_by("id")
        found = [await _opening(attachment) for attachment in attachments]
        return [opening for opening in found if opening]

    async def of_attachment(self, integration_id: IntegrationId, tier_id: TierId) -> Opening | None:
        """What the tier opens in one integration; None: nothing (any more)."""
        attachment = await Attachment.get_or_none(integration_id=integration_id, tier_id=tier_id)
        return await _opening(attachment) if attachment else None

    async def with_integrations(self) -> list[CreatorId]:
        """The creators who set something up."""
        ids = await Integration.all().distinct().order_by("creator_id").values_list("creator_id", flat=True)
        return [CreatorId(str(creator_id)) for creator_id in ids]


async def _opening(attachment: Attachment) -> Opening | None:
    integration = await Integration.get(id=attachment.integration_id)
    guild = await Guild.get_or_none(id=integration.guild_id) if integration.guild_id is not None else None
    if guild is None or integration.state not in _IN_USE:
        return None
    role_ids = [role.role_id for role in await AttachmentRole.filter(attachment_id=attachment.id)]
    roles = await GuildRole.filter(id__in=role_ids).order_by("-position", "id")
    return Opening(
        integration_id=IntegrationId(integration.id),
        name=integration.name,
        guild_name=guild.name,
        roles=tuple(role.name for role in roles),
    )
