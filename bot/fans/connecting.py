"""Connect and Disconnect, as one step each: the link, its token and the seats asked for change together or not at all.

A pass that saw the link without the token would tell the fan to connect; one that saw the seat without the link would
find nobody. So one transaction writes all of it, and marks the work.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.database import transaction
from bot.discord.oauth import TokenPair
from bot.fans.links import (
    AlreadyLinked,
    FanUnknown,
    Linked,
    LinkedAccount,
    Links,
    NotLinked,
    Preview,
    TooManyChanges,
)
from bot.fans.seats import Seats
from bot.fans.tokens import Tokens
from bot.ids import AccountId, FanId, IntegrationId


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """Linked, with all that was asked for on its way."""

    account_id: AccountId
    username: str


class Connecting:
    def __init__(self, links: Links, tokens: Tokens, seats: Seats) -> None:
        self._links = links
        self._tokens = tokens
        self._seats = seats

    async def connect(  # noqa: PLR0913 - both sides, their proof, and what is asked for
        self,
        fan_id: FanId,
        account_id: AccountId,
        username: str,
        *,
        agreed: str | None = None,
        pair: TokenPair | None = None,
        integrations: Sequence[IntegrationId] = (),
    ) -> Connected | Preview | TooManyChanges | FanUnknown:
        """Link the account that both sides have proven, if the fan ``agreed`` to what is still true.

        Without ``agreed`` only a link that is there already is gone on with. A Preview as the answer has to be asked about.
        """
        stale: str | None = None
        async with transaction():
            before = await self._links.of_fan(fan_id)
            outcome = await self._links.link(fan_id, account_id, username, agreed=agreed or "")
            if not isinstance(outcome, Linked | AlreadyLinked):
                return outcome
            if before and before.account_id != account_id:
                stale = await self._tokens.drop(before.account_id)
            if pair:
                await self._tokens.save(account_id, pair)
            await self._seats.want(fan_id, integrations)
        if stale:
            await self._tokens.revoke(stale)
        return Connected(account_id=account_id, username=username)

    async def disconnect(self, fan_id: FanId) -> LinkedAccount | NotLinked:
        """End the link; what the fan bought ends for the account."""
        async with transaction():
            was = await self._links.unlink(fan_id)
            token = None if isinstance(was, NotLinked) else await self._tokens.drop(was.account_id)
        if token:
            await self._tokens.revoke(token)
        return was

    async def decline(self, fan_id: FanId, integration_id: IntegrationId) -> None:
        """Give up one server; the link and everything else go on."""
        await self._seats.decline(fan_id, [integration_id])

    async def ask_again(self, fan_id: FanId, integrations: Sequence[IntegrationId]) -> bool:
        """Bring the fan in where they asked, without a new consent; False if there is no token to do it with."""
        link = await self._links.of_fan(fan_id)
        if link is None or not await self._tokens.has(link.account_id):
            return False
        await self._seats.want(fan_id, integrations)
        return True
