"""A creator adopts roles that their members hold already: who may, before :mod:`bot.access.adopt` does it."""

from bot.access.adopt import Adopt, Adopted, NumberChanged, Preview
from bot.discord.permissions import Permission
from bot.ids import IntegrationId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.authority import Authority


class Adoption:
    def __init__(self, *, authority: Authority, adopt: Adopt) -> None:
        self._authority = authority
        self._adopt = adopt

    async def preview(self, integration_id: IntegrationId, *, by: Actor) -> Preview | Refused:
        """Whose roles would be taken away with their memberships from then on, by name."""
        return await self._refuses(integration_id, by) or await self._adopt.preview(integration_id)

    async def adopt(
        self, integration_id: IntegrationId, *, number: int, by: Actor
    ) -> Adopted | NumberChanged | Refused:
        """Adopt, for the number of people that a preview named."""
        refused = await self._refuses(integration_id, by)
        return refused or await self._adopt.adopt(integration_id, number=number)

    async def _refuses(self, integration_id: IntegrationId, by: Actor) -> Refused | None:
        row = await self._authority.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        return None if by.may(Permission.MANAGE_ROLES) else Refused(why=Refusal.NO_MANAGE_ROLES)
