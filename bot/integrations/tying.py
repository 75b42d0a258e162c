"""A server is tied to a creator: the account is proven and the integration connected, both or neither.

Connecting asks whether the account is the creator's; a proof that stayed behind where connecting was refused would lend
its rights after a page that said that nothing was changed.
"""

from bot.database import transaction
from bot.ids import CreatorId, IntegrationId
from bot.integrations.accounts import Proofs
from bot.integrations.actors import Actor, Refused
from bot.integrations.integrations import Integrations
from bot.integrations.references import IntegrationRef


class Tying:
    def __init__(self, *, proofs: Proofs, integrations: Integrations) -> None:
        self._proofs = proofs
        self._integrations = integrations

    async def tie(
        self, creator_id: CreatorId, integration_id: IntegrationId, *, by: Actor, username: str
    ) -> IntegrationRef | Refused:
        """Both sides were named, and the creator pressed."""
        try:
            async with transaction():
                await self._proofs.prove(creator_id, by.account_id, username)
                return await self._connect(integration_id, by)
        except _RefusedError as error:
            return error.refused

    async def _connect(self, integration_id: IntegrationId, by: Actor) -> IntegrationRef:
        tied = await self._integrations.connect(integration_id, by=by)
        if isinstance(tied, Refused):
            raise _RefusedError(tied)
        return tied


class _RefusedError(Exception):
    """Takes the transaction back."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.why)
        self.refused = refused
