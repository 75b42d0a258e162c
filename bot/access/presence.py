"""Whether the bot and an account meet anywhere: Discord lets nobody write to a person they share no server with."""

from bot.ids import AccountId
from models import Stay
from models.access import StayState


class Presence:
    async def meets(self, account_id: AccountId) -> bool:
        """Whether the account was last seen in any server of ours."""
        there = (StayState.IN, StayState.PENDING)
        return await Stay.exists(account_id=account_id, state__in=there)
