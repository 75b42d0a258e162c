"""Who may change an integration now, asked of Discord: for doors that no interaction tells (the Hub, the clock).

An interaction brings the roles of whoever pressed; a page brings nothing. So the bot reads each account that the
creator has proven, in that server, at that moment, with its owner and roles as they are then, and builds the same
:class:`Actor`. The gateway's picture would be a moment old: long enough for somebody who has just lost the server.
"""

from collections.abc import Sequence
from typing import Protocol

from bot.discord.codes import Failure
from bot.discord.observed import Observed
from bot.discord.outcomes import Absent, Thing
from bot.discord.permissions import Permission
from bot.ids import AccountId, CreatorId, GuildId, Member
from bot.integrations.accounts import CreatorAccounts
from bot.integrations.actors import Actor, Refusal, Refused, actor
from bot.integrations.ports import Members

MOST = 10
"""Accounts that are asked about; a creator has one or two."""


class Looks(Protocol):
    """``bot.integrations.refresh``."""

    async def look_now(self, guild_id: GuildId) -> Failure | None: ...


class Deputies:
    def __init__(self, *, accounts: CreatorAccounts, members: Members, refresh: Looks) -> None:
        self._accounts = accounts
        self._members = members
        self._refresh = refresh

    async def account(self, account_id: AccountId, guild_id: GuildId) -> Actor | Refused | Failure:
        """The account as it stands in the server at this moment."""
        return await self._refresh.look_now(guild_id) or await self._member(account_id, guild_id)

    async def of(
        self,
        creator_id: CreatorId,
        guild_id: GuildId,
        *,
        needs: Permission = Permission.MANAGE_GUILD,
    ) -> Actor | Refused | Failure:
        """Of the accounts that the creator has proven, the one that may do most there now.

        Whoever ``needs`` a permission beside Manage Server gets an account that has it, if there is one, and of those
        the one that stands highest. Refused if none of them manages the server.
        """
        proven = await self._accounts.of_creator(creator_id)
        if not proven:
            return Refused(why=Refusal.NOT_PROVEN)
        unseen = await self._refresh.look_now(guild_id)
        if unseen:
            return unseen
        asked = [await self._member(each.account_id, guild_id) for each in proven[:MOST]]
        able = [each for each in asked if isinstance(each, Actor) and each.may(Permission.MANAGE_GUILD)]
        if able:
            return max(able, key=lambda by: (by.may(needs), by.is_owner, by.top_position))
        return _failure(asked) or Refused(why=Refusal.NO_MANAGE_SERVER)

    async def _member(self, account_id: AccountId, guild_id: GuildId) -> Actor | Refused | Failure:
        seen = await self._members.observe(Member(guild_id, account_id), urgent=True)
        if not isinstance(seen, Observed):
            return seen
        if not seen.present:
            return Refused(why=Refusal.NO_MANAGE_SERVER)
        return await actor(account_id, guild_id, seen.roles) or Absent(thing=Thing.GUILD)


def _failure(asked: Sequence[Actor | Refused | Failure]) -> Failure | None:
    """Where Discord could not be asked, nobody is told that they lost a right."""
    return next((each for each in asked if not isinstance(each, Actor | Refused)), None)
