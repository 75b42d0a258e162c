"""What the pages read from rooms whose whole they do not need."""

from typing import Protocol

from bot.ids import AccountId, CreatorId


class Proofs(Protocol):
    """A creator's proven Discord accounts (``bot/integrations``)."""

    async def prove(self, creator_id: CreatorId, account_id: AccountId, username: str) -> None: ...


class Tiers(Protocol):
    """What creators sell (``bot/memberships``)."""

    async def greet(self, creator_id: CreatorId) -> None:
        """Have the newest known to a creator who comes in, within a moment, whatever goes wrong."""
