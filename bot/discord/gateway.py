"""What the gateway tells, without nextcord's blind spots.

nextcord 3.2 keeps quiet about members it has not cached, and we cache none (100,000 members are 179 MiB); it keeps
guilds that we were removed from while the connection was down; and it answers gateway op 8 through a table that
forgets nothing. Here these become three events and one future:

``member_seen (Member, Observed)``
    whatever Discord says about a member, in the moment it says it (all of it needs the members intent, but for the
    bot's own member).
``guilds_listed (frozenset of GuildId)``
    the guilds we are in, as each new session begins with.
``GatewayState.request_members``
    op 8 for named members, waited for by nonce.
"""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from nextcord.state import AutoShardedConnectionState

from bot.discord.observed import ABSENT, Observed
from bot.ids import AccountId, GuildId, Member, RoleId
from models.access import StayState

type Json = dict[str, Any]


def observed(member: Json) -> Observed:
    """A member object (Discord's documentation, "Guild Member") as what was seen."""
    return Observed(
        state=StayState.PENDING if member.get("pending") else StayState.IN,
        roles=frozenset(RoleId(int(role_id)) for role_id in member["roles"]),
        boosting=_instant(member.get("premium_since")) is not None,
    )


class GatewayState(AutoShardedConnectionState):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._asked: dict[str, asyncio.Future[list[Json]]] = {}

    async def request_members(self, guild_id: GuildId, account_ids: Sequence[AccountId]) -> list[Json]:
        """Ask for up to 100 members; who is not in the guild is left out of the answer.

        Waits as long as it takes; raises what a broken connection raises.
        """
        nonce = secrets.token_hex(16)
        answer: asyncio.Future[list[Json]] = asyncio.get_running_loop().create_future()
        self._asked[nonce] = answer
        try:
            socket = self._get_websocket(guild_id)
            await socket.request_chunks(guild_id, limit=0, user_ids=list(account_ids), nonce=nonce)
            return await answer
        finally:
            del self._asked[nonce]

    def parse_ready(self, data: Json) -> None:
        listed = frozenset(GuildId(int(guild["id"])) for guild in data["guilds"])
        for guild in self.guilds:
            if guild.id not in listed:
                self._remove_guild(guild)
        super().parse_ready(data)
        self.dispatch("guilds_listed", listed)

    def parse_guild_member_add(self, data: Json) -> None:
        super().parse_guild_member_add(data)
        self.dispatch("member_seen", _member(data), observed(data))

    def parse_guild_member_update(self, data: Json) -> None:
        super().parse_guild_member_update(data)
        self.dispatch("member_seen", _member(data), observed(data))

    def parse_guild_member_remove(self, data: Json) -> None:
        super().parse_guild_member_remove(data)
        self.dispatch("member_seen", _member(data), ABSENT)

    def parse_guild_members_chunk(self, data: Json) -> None:
        waiting = self._asked.get(data.get("nonce", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(data["members"])


def _member(data: Json) -> Member:
    return Member(GuildId(int(data["guild_id"])), AccountId(int(data["user"]["id"])))


def _instant(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)
