"""Tiers that a creator chose together, and the roles of each, asked one after another.

What was chosen is stored, not kept in a message: a press works after a restart, and a setup that was left in the
middle goes on where it was. Nothing here gives anybody anything; :class:`Attachments` does.
"""

from collections.abc import Iterable

from bot.database import transaction
from bot.ids import IntegrationId, RoleId, TierId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.attaching import Powerful
from bot.integrations.attachments import AskAgain, Attached, Attachments
from bot.integrations.authority import Authority
from bot.integrations.ports import Tiers
from models import Attachment, ChosenTier


class Choices:
    def __init__(self, *, authority: Authority, tiers: Tiers, attachments: Attachments) -> None:
        self._authority = authority
        self._tiers = tiers
        self._attachments = attachments

    async def choose(
        self, integration_id: IntegrationId, tier_ids: Iterable[TierId], *, by: Actor
    ) -> Refused | None:
        """Remember that these tiers are to be attached; None: it is done."""
        row = await self._authority.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        chosen = tuple(dict.fromkeys(tier_ids))
        for tier_id in chosen:
            if await self._tiers.creator_of(tier_id) != row.creator_id:
                return Refused(why=Refusal.TIER_UNKNOWN)
        async with transaction():
            for tier_id in chosen:
                await ChosenTier.get_or_create(integration_id=integration_id, tier_id=tier_id)
        return None

    async def next(self, integration_id: IntegrationId) -> TierId | None:
        """The tier whose roles are to be asked next."""
        attached = [each.tier_id for each in await Attachment.filter(integration_id=integration_id)]
        waiting = ChosenTier.filter(integration_id=integration_id).exclude(tier_id__in=attached)
        row = await waiting.order_by("id").first()
        return TierId(row.tier_id) if row else None

    async def forget(self, integration_id: IntegrationId, tier_id: TierId, *, by: Actor) -> Refused | None:
        """It is not to be attached after all."""
        row = await self._authority.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        await ChosenTier.filter(integration_id=integration_id, tier_id=tier_id).delete()
        return None

    async def give(
        self, integration_id: IntegrationId, tier_id: TierId, role_ids: Iterable[RoleId], *, by: Actor
    ) -> Attached | AskAgain | Refused:
        """Attach the tier with these roles; where a second yes is needed, remember what was asked."""
        roles = tuple(dict.fromkeys(role_ids))
        outcome = await self._attachments.attach(integration_id, (tier_id,), roles, by=by)
        if isinstance(outcome, AskAgain):
            await self._ask(integration_id, tier_id, roles, outcome.roles)
        return outcome

    async def confirm(
        self, integration_id: IntegrationId, tier_id: TierId, *, by: Actor
    ) -> Attached | AskAgain | Refused:
        """The second yes: exactly what was asked is attached. A power gained meanwhile is asked about again."""
        row = await ChosenTier.get_or_none(integration_id=integration_id, tier_id=tier_id)
        if row is None or row.asked is None:
            return Refused(why=Refusal.NOTHING_ASKED)
        asked = {RoleId(int(role_id)): named for role_id, named in row.asked.items()}
        outcome = await self._attachments.attach(integration_id, (tier_id,), asked, by=by, confirmed=asked)
        if isinstance(outcome, AskAgain):
            await self._ask(integration_id, tier_id, tuple(asked), outcome.roles)
        return outcome

    async def _ask(
        self,
        integration_id: IntegrationId,
        tier_id: TierId,
        role_ids: tuple[RoleId, ...],
        powerful: tuple[Powerful, ...],
    ) -> None:
        named = {role.role_id: role.powers for role in powerful}
        await ChosenTier.update_or_create(
            defaults={"asked": {str(role_id): named.get(role_id, 0) for role_id in role_ids}},
            integration_id=integration_id,
            tier_id=tier_id,
        )
