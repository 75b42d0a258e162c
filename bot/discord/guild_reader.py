"""A guild as the bot sees it: its roles in order, and what the bot may do among them.

One value from two sources: nextcord's picture, which the gateway keeps current, and REST for whom waits for an
answer. The bot's own role is the one whose tags name the bot, never one of a certain name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import nextcord

from bot.discord.calls import Answered, Calls
from bot.discord.client import Client
from bot.discord.codes import Failure
from bot.ids import AccountId, GuildId, RoleId
from models.access import Urgency

_JOINS_PAUSED = "INVITES_DISABLED"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSnapshot:
    id: RoleId
    name: str
    position: int
    """Higher stands above; ``@everyone`` is 0."""
    permissions: int
    managed: bool = False
    """Made by an integration, a bot or boosting: nobody can give it by hand."""
    bot_id: AccountId | None = None
    """The bot whose own role this is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSnapshot:
    id: GuildId
    name: str
    owner_id: AccountId
    bot_id: AccountId
    roles: tuple[RoleSnapshot, ...]
    """All, ``@everyone`` (whose id is the guild's) among them, top to bottom."""
    bot_role_ids: frozenset[RoleId]
    """What the bot's member holds, without ``@everyone``."""
    joins_paused: bool = False

    @property
    def bot_permissions(self) -> int:
        """Guild-wide: what its roles and ``@everyone`` add up to."""
        permissions = 0
        for role in self.roles:
            if role.id in self.bot_role_ids or int(role.id) == int(self.id):
                permissions |= role.permissions
        return permissions

    @property
    def bot_top_role(self) -> RoleSnapshot | None:
        """The highest role the bot holds; it reaches what stands below."""
        return next((role for role in self.roles if role.id in self.bot_role_ids), None)

    @property
    def bot_top_position(self) -> int:
        top = self.bot_top_role
        return top.position if top else 0

    @property
    def bot_role(self) -> RoleSnapshot | None:
        """The role Discord made for the bot when it was added."""
        return next((role for role in self.roles if role.bot_id == self.bot_id), None)


class GuildReader:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._calls = Calls(client)

    async def read(self, guild_id: GuildId) -> GuildSnapshot | Failure:
        """Ask Discord now (two calls), for somebody who waits; ``Absent`` of the guild: the bot is not there."""
        guild = await self._calls.call("GET", "/guilds/{guild_id}", urgency=Urgency.PERSON, guild_id=guild_id)
        if not isinstance(guild, Answered):
            return guild
        bot_id = self._bot_id()
        member = await self._calls.call(
            "GET",
            "/guilds/{guild_id}/members/{user_id}",
            urgency=Urgency.PERSON,
            guild_id=guild_id,
            user_id=bot_id,
        )
        if not isinstance(member, Answered):
            return member
        return snapshot_of_json(guild.body, member.body, bot_id)

    def seen(self, guild_id: GuildId) -> GuildSnapshot | None:
        """The gateway's picture, without asking; None while there is none."""
        guild = self._client.get_guild(guild_id)
        if guild is None or guild.unavailable or guild.owner_id is None:
            return None
        me = guild.get_member(self._bot_id())
        if me is None:
            return None
        return GuildSnapshot(
            id=guild_id,
            name=guild.name,
            owner_id=AccountId(guild.owner_id),
            bot_id=self._bot_id(),
            roles=_in_order(map(_role_of_nextcord, guild.roles)),
            bot_role_ids=frozenset(RoleId(role.id) for role in me.roles if role.id != guild_id),
            joins_paused=_JOINS_PAUSED in guild.features,
        )

    def _bot_id(self) -> AccountId:
        user = self._client.user
        if user is None:
            raise RuntimeError("the bot is not logged in")
        return AccountId(user.id)


def snapshot_of_json(guild: dict[str, Any], member: dict[str, Any], bot_id: AccountId) -> GuildSnapshot:
    """From what REST answers for the guild and for the bot's member in it."""
    return GuildSnapshot(
        id=GuildId(int(guild["id"])),
        name=guild["name"],
        owner_id=AccountId(int(guild["owner_id"])),
        bot_id=bot_id,
        roles=_in_order(map(_role_of_json, guild["roles"])),
        bot_role_ids=frozenset(RoleId(int(role_id)) for role_id in member["roles"]),
        joins_paused=_JOINS_PAUSED in guild["features"],
    )


def _in_order(roles: Iterable[RoleSnapshot]) -> tuple[RoleSnapshot, ...]:
    """Top to bottom; of two at one position the older stands above (Discord's documentation, "Role hierarchy")."""
    return tuple(sorted(roles, key=lambda role: (-role.position, role.id)))


def _role_of_json(role: dict[str, Any]) -> RoleSnapshot:
    bot_id = role.get("tags", {}).get("bot_id")
    return RoleSnapshot(
        id=RoleId(int(role["id"])),
        name=role["name"],
        position=role["position"],
        permissions=int(role["permissions"]),
        managed=role["managed"],
        bot_id=AccountId(int(bot_id)) if bot_id else None,
    )


def _role_of_nextcord(role: nextcord.Role) -> RoleSnapshot:
    bot_id = role.tags.bot_id if role.tags else None
    return RoleSnapshot(
        id=RoleId(role.id),
        name=role.name,
        position=role.position,
        permissions=role.permissions.value,
        managed=role.managed,
        bot_id=AccountId(bot_id) if bot_id else None,
    )
