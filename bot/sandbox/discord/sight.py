"""What people see of Discord by looking: who is in a server, with which roles, and what the bot has written to them.

Plain values, because they go over the wire to tests, the tour and the demo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import payloads
from bot.sandbox.discord.model import DM_CHANNEL

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Guild, Member, Role, User
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]


class Sight:
    """Looking, which changes nothing."""

    def __init__(self, state: State) -> None:
        self._state = state

    def member(self, guild: int, user: int) -> Json | None:
        """Return a member with the names of their roles, or None."""
        found = self._state.find_guild(guild)
        member = found.members.get(user)
        return None if member is None else self._member_seen(found, member)

    def guild(self, guild: int) -> Json:
        """Return a server with its ladder (highest first), members, bans."""
        found = self._state.find_guild(guild)
        bot_role = next(filter(self._state.is_bot_role, found.roles.values()), None)
        return {
            "id": found.id,
            "name": found.name,
            "owner_id": found.owner_id,
            "ladder": [_role_seen(each, self._state) for each in reversed(found.ladder())],
            "members": [self._member_seen(found, each) for each in found.members.values()],
            "bans": sorted(found.bans),
            "bot_is_in": self._state.bot_is_in(found),
            "bot_role": bot_role.name if bot_role else None,
            "screening": found.screening,
            "invites_disabled": found.invites_disabled,
        }

    def guilds(self) -> list[int]:
        return list(self._state.guilds)

    def users(self) -> list[Json]:
        return [
            {"id": each.id, "name": each.username, "bot": each.bot} for each in self._state.users.values()
        ]

    def dms(self, user: int) -> list[Json]:
        """Return what the bot and this person have written to each other, oldest first."""
        channels = self._state.channels.values()
        own = (each for each in channels if each.type == DM_CHANNEL and user in each.recipient_ids)
        return [
            payloads.message(each, self._state.anybody)
            for channel in own
            for each in self._state.messages_in(channel)
        ]

    def _member_seen(self, guild: Guild, member: Member) -> Json:
        user: User = self._state.anybody(member.user_id)
        return {
            "id": member.user_id,
            "name": user.username,
            "bot": user.bot,
            "roles": sorted(guild.roles[each].name for each in member.role_ids if each in guild.roles),
            "role_ids": sorted(member.role_ids),
            "pending": member.pending,
            "joined_at": payloads.timestamp(member.joined_at),
            "boosting": member.premium_since is not None,
        }


def _role_seen(role: Role, state: State) -> Json:
    return {
        "id": role.id,
        "name": role.name,
        "position": role.position,
        "permissions": role.permissions,
        "managed": role.managed,
        "is_bot_role": state.is_bot_role(role),
    }
