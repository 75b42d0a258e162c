"""What an integration gives for which membership, and what could still be added: the same values for both doors."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.ids import GuildId, RoleId, TierId
from bot.integrations import words
from bot.integrations.attachments import Attachments
from bot.integrations.references import IntegrationRef
from bot.memberships.catalogue import Catalogue, TierRef

DELETED = "a deleted role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """An attached membership."""

    tier_id: TierId
    title: str
    role_ids: tuple[RoleId, ...]
    roles: tuple[str, ...]
    """Their names, in the same order."""

    @property
    def gives(self) -> str:
        """``the server and Gold``, in the markdown of ``words``."""
        return words.gives(self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What is on sale."""

    sold: Sequence[TierRef]
    free: Sequence[TierRef]
    """Not attached to the integration yet."""


class Offers:
    def __init__(self, *, attachments: Attachments, catalogue: Catalogue) -> None:
        self._attachments = attachments
        self._catalogue = catalogue

    async def given(self, integration: IntegrationRef) -> list[Given]:
        """What each attached membership gives, in the order in which they were attached."""
        guild_id = integration.guild_id
        names = await self._attachments.names(GuildId(guild_id)) if guild_id is not None else {}
        found: list[Given] = []
        for each in await self._attachments.of(integration.id):
            tier = await self._catalogue.tier(each.tier_id)
            found.append(
                Given(
                    tier_id=each.tier_id,
                    title=tier.name if tier else each.tier_id,
                    role_ids=each.role_ids,
                    roles=tuple(names.get(role_id, DELETED) for role_id in each.role_ids),
                )
            )
        return found

    async def one(self, integration: IntegrationRef, tier_id: TierId) -> Given | None:
        return next((each for each in await self.given(integration) if each.tier_id == tier_id), None)

    async def shelf(self, integration: IntegrationRef) -> Shelf:
        """What of the creator's could be attached."""
        attached = {each.tier_id for each in await self._attachments.of(integration.id)}
        sold = [tier for tier in await self._catalogue.tiers_of(integration.creator_id) if tier.active]
        return Shelf(sold=sold, free=[tier for tier in sold if tier.id not in attached])

    async def tier(self, integration: IntegrationRef, tier_id: TierId) -> TierRef | None:
        """A tier, if it is the same creator's."""
        tier = await self._catalogue.tier(tier_id)
        return tier if tier and tier.creator_id == integration.creator_id else None
