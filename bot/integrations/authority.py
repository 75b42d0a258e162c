"""Who may change an integration at this moment (DESIGN §5.3).

It takes the Discord account that its creator has proven, *and* Manage Server there now. Another creator's integration
looks like one that does not exist.
"""

from bot.discord.permissions import Permission
from bot.ids import CreatorId, IntegrationId
from bot.integrations.accounts import CreatorAccounts
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.references import OPEN
from models import Integration


class Authority:
    def __init__(self, accounts: CreatorAccounts) -> None:
        self._accounts = accounts

    async def refuses(self, creator_id: CreatorId, by: Actor) -> Refused | None:
        """Why this account may not act for the creator in the server it is in; None: it may."""
        if not await self._accounts.is_proven(creator_id, by.account_id):
            proven_for_others = await self._accounts.creators_of(by.account_id)
            return Refused(why=Refusal.UNKNOWN if proven_for_others else Refusal.NOT_PROVEN)
        if not by.may(Permission.MANAGE_GUILD):
            return Refused(why=Refusal.NO_MANAGE_SERVER)
        return None

    async def changeable(self, integration_id: IntegrationId, *, by: Actor) -> Integration | Refused:
        """The integration, if this actor may change it now."""
        row = await self.theirs(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        if row.guild_id != by.guild_id:
            return Refused(why=Refusal.OTHER_SERVER)
        return row if row.state in OPEN else Refused(why=Refusal.CLOSING)

    async def theirs(self, integration_id: IntegrationId, *, by: Actor) -> Integration | Refused:
        """The integration, wherever it is connected, if this actor may act for its creator here."""
        row = await Integration.get_or_none(id=integration_id)
        if row is None:
            return Refused(why=Refusal.UNKNOWN)
        return await self.refuses(CreatorId(row.creator_id), by) or row
