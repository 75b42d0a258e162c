"""Which Discord accounts have proven that they are a creator's.

A proof is the platform's word for the creator and Discord's for the account, brought together by a deliberate press on
a page that named both. It lends the account's rights to whoever is signed in as the creator, so the account is told of
it, and can end it as well as the creator can.
"""

from dataclasses import dataclass

from bot.clock import Clock
from bot.database import transaction
from bot.ids import AccountId, CreatorId
from bot.integrations.ports import AccountNotices
from models import CreatorAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenAccount:
    creator_id: CreatorId
    account_id: AccountId
    username: str


class Proofs:
    """How accounts come to be a creator's, and cease to be."""

    def __init__(self, clock: Clock, notices: AccountNotices) -> None:
        self._clock = clock
        self._notices = notices

    async def prove(self, creator_id: CreatorId, account_id: AccountId, username: str) -> None:
        """Record that the account is the creator's, and tell it; again is the same as once."""
        async with transaction():
            _, is_new = await CreatorAccount.update_or_create(
                defaults={"username": username, "proven_at": self._clock()},
                creator_id=creator_id,
                account_id=account_id,
            )
            if is_new:
                await self._notices.proven(account_id, creator_id)

    async def withdraw(self, creator_id: CreatorId, account_id: AccountId) -> None:
        """From either side: the creator's, or the account's own."""
        await CreatorAccount.filter(creator_id=creator_id, account_id=account_id).delete()


class CreatorAccounts:
    async def is_proven(self, creator_id: CreatorId, account_id: AccountId) -> bool:
        return await CreatorAccount.exists(creator_id=creator_id, account_id=account_id)

    async def creators_of(self, account_id: AccountId) -> list[CreatorId]:
        """The creators this account may act for, in the order of proof."""
        rows = await CreatorAccount.filter(account_id=account_id).order_by("proven_at", "id")
        return [CreatorId(row.creator_id) for row in rows]

    async def of_creator(self, creator_id: CreatorId) -> list[ProvenAccount]:
        rows = await CreatorAccount.filter(creator_id=creator_id).order_by("proven_at", "id")
        return [
            ProvenAccount(
                creator_id=CreatorId(row.creator_id),
                account_id=AccountId(row.account_id),
                username=row.username,
            )
            for row in rows
        ]
