"""Who is acting, as Discord says at this moment, and whether they may.

A custom id, a form, or yesterday's proof is no permission: doors ask Discord anew at every press for the roles that
the person holds, and bring the answer here as an :class:`Actor`. The permissions an interaction carries are those in
its *channel*, where "Manage Permissions" is the same bit as Manage Roles; so what somebody may do in the server is
computed from their roles, as Discord's documentation describes ("Permissions", computing permissions), and only
narrowed by what the interaction says (:meth:`Actor.narrowed`).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from operator import or_

from bot.discord.permissions import Permission, has
from bot.ids import AccountId, GuildId, RoleId
from models import Guild, GuildRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A Discord account acting in a guild, with what it may do there now."""

    account_id: AccountId
    guild_id: GuildId
    permissions: int
    top_position: int
    """Of their highest role; 0 with no role but ``@everyone``."""
    is_owner: bool = False

    def may(self, permission: Permission) -> bool:
        return self.is_owner or has(self.permissions, permission)

    def narrowed(self, said: int) -> "Actor":
        """Without the server-wide permissions that Discord does not name at this moment.

        The picture of the roles is a moment old; what was taken away since is not believed any more.
        """
        return replace(
            self,
            permissions=self.permissions & (said | ~_SERVER_WIDE),
            is_owner=self.is_owner and has(said, Permission.ADMINISTRATOR),
        )


_SERVER_WIDE = Permission.ADMINISTRATOR | Permission.MANAGE_GUILD | Permission.KICK_MEMBERS
"""No channel can give or take these (Discord's documentation, "Permissions", channel types); an owner has all."""


async def actor(account_id: AccountId, guild_id: GuildId, role_ids: Iterable[RoleId]) -> Actor | None:
    """The account with these roles in this guild; None if the guild was never seen."""
    guild = await Guild.get_or_none(id=guild_id)
    if guild is None:
        return None
    held = await GuildRole.filter(guild_id=guild_id, id__in=[*role_ids, guild_id])
    return Actor(
        account_id=account_id,
        guild_id=guild_id,
        permissions=reduce(or_, (role.permissions for role in held), 0),
        top_position=max((role.position for role in held), default=0),
        is_owner=guild.owner_id == account_id,
    )


class Refusal(StrEnum):
    """Why a change to an integration was refused; each door has a sentence for each."""

    UNKNOWN = "unknown"
    """No such integration, or another creator's: the two must look alike."""
    NOT_PROVEN = "not_proven"
    """This account has not proven that it is the creator's."""
    NO_MANAGE_SERVER = "no_manage_server"
    OTHER_SERVER = "other_server"
    """The integration belongs to another server than the one they are in."""
    NO_MANAGE_ROLES = "no_manage_roles"
    """They could not give this role by hand."""
    NO_KICK = "no_kick"
    """A policy that puts people out needs Kick Members."""
    ROLE_ABOVE_THEIRS = "role_above_theirs"
    ROLE_OUT_OF_REACH = "role_out_of_reach"
    """It is not below the bot's own role."""
    ROLE_MANAGED = "role_managed"
    ROLE_IS_ADMIN = "role_is_admin"
    ROLE_GONE = "role_gone"
    TIER_UNKNOWN = "tier_unknown"
    """No such tier, or another creator's."""
    NOT_ATTACHED = "not_attached"
    NOTHING_ASKED = "nothing_asked"
    """A second yes to a question that was not asked, or is answered already."""
    NAME_BAD = "name_bad"
    """Empty or longer than 80 characters."""
    GRACE_BAD = "grace_bad"
    """Not 0 to 30 days."""
    ALREADY_CONNECTED = "already_connected"
    CLOSING = "closing"
    IN_USE = "in_use"
    """Only what is connected to no server can be changed by the creator's word alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    why: Refusal
    what: str = ""
    """The name of what it is about, e.g. a role's."""
