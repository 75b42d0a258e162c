"""Who may do what to whom: Discord's permissions and role order, for the bot and for people alike.

Each function returns nothing, or what it found, and raises Discord's error otherwise. Two rules are easily confused: a *permission*
(Manage Roles) says what kind of act is allowed, the *order* of roles says on what and on whom; the owner stands above the order.
https://discord.com/developers/docs/topics/permissions#permission-hierarchy
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord import errors
from bot.sandbox.discord.permissions import ALL, Permission, Rank, in_channel, of_member, rank, top_rank

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Channel, Guild, Member, Role, User
    from bot.sandbox.discord.state import State

MOST_ROLES = 250
_ABOVE_ALL: Rank = (1 << 31, 0)


def guild_of(state: State, guild_id: int, actor: User) -> Guild:
    """Return a guild the actor is in; raises 10004 where there is none, 50001 for one they are not in."""
    guild = state.find_guild(guild_id)
    if actor.id not in guild.members:
        raise errors.missing_access()
    return guild


def permissions_of(guild: Guild, actor_id: int) -> int:
    """Return somebody's permission bits; who is not there has none."""
    member = guild.members.get(actor_id)
    return of_member(guild, member) if member else 0


def require(guild: Guild, actor_id: int, *needed: Permission) -> None:
    """Raise 50013 unless the actor has every one of the permissions."""
    bits = permissions_of(guild, actor_id)
    for permission in needed:
        if not bits & permission:
            raise errors.missing_permissions()


def reach(guild: Guild, actor_id: int) -> Rank:
    """Return the rank below which the actor may touch roles and members."""
    if actor_id == guild.owner_id:
        return _ABOVE_ALL
    return top_rank(guild, guild.members[actor_id])


def above_role(guild: Guild, actor_id: int, role: Role) -> None:
    """Raise 50013 unless the role stands below the actor's highest."""
    if rank(role) >= reach(guild, actor_id):
        raise errors.missing_permissions()


def above_member(guild: Guild, actor_id: int, target: Member) -> None:
    """Raise 50013 unless the target's highest role stands below the actor's; nobody is above the owner."""
    if target.user_id == guild.owner_id or top_rank(guild, target) >= reach(guild, actor_id):
        raise errors.missing_permissions()


def may_assign(guild: Guild, actor_id: int, role: Role) -> None:
    """Check that a role may be given or taken by hand: Manage Roles, not managed (50028), below the actor's highest.

    @everyone is an unknown role (10011) here, which is what Discord says of it.
    """
    require(guild, actor_id, Permission.MANAGE_ROLES)
    if role.id == guild.id:
        raise errors.unknown_role()
    if role.managed:
        raise errors.invalid_role()
    above_role(guild, actor_id, role)


def may_set_roles(state: State, guild: Guild, actor_id: int, held: set[int], wanted: set[int]) -> None:
    """Check a whole list of roles: each one that is added or removed must be in reach."""
    require(guild, actor_id, Permission.MANAGE_ROLES)
    for role_id in sorted(held ^ wanted):
        if role_id == guild.id:
            raise errors.invalid_role()
        may_assign(guild, actor_id, state.find_role(guild, role_id))


def may_edit_role(guild: Guild, actor_id: int, role: Role, *, permissions: int | None = None) -> None:
    """Check that a role may be changed; nobody grants or takes a permission that they do not have (50013)."""
    require(guild, actor_id, Permission.MANAGE_ROLES)
    above_role(guild, actor_id, role)
    if permissions is not None:
        may_grant(guild, actor_id, permissions ^ role.permissions)


def may_create_role(guild: Guild, actor_id: int, permissions: int) -> None:
    """Check that a role may be added: Manage Roles, room for it (30005), and no permission that the actor does not have."""
    require(guild, actor_id, Permission.MANAGE_ROLES)
    if len(guild.roles) >= MOST_ROLES:
        raise errors.too_many_roles()
    may_grant(guild, actor_id, permissions)


def may_grant(guild: Guild, actor_id: int, permissions: int) -> None:
    """Raise 50013 where `permissions` holds a bit that the actor does not have."""
    if permissions & ~permissions_of(guild, actor_id) & ALL:
        raise errors.missing_permissions()


def may_delete_role(guild: Guild, actor_id: int, role: Role) -> None:
    """Check that a role may be deleted: not @everyone and not managed (50028), below the actor's highest."""
    require(guild, actor_id, Permission.MANAGE_ROLES)
    if role.id == guild.id or role.managed:
        raise errors.invalid_role()
    above_role(guild, actor_id, role)


def may_move_roles(state: State, guild: Guild, actor_id: int, wanted: dict[int, int]) -> None:
    """Check a new order: what moves is below the actor's highest, before and after."""
    require(guild, actor_id, Permission.MANAGE_ROLES)
    limit = reach(guild, actor_id)
    for role_id, position in wanted.items():
        role = state.find_role(guild, role_id)
        if role.id == guild.id:
            raise errors.invalid_role()
        if position == role.position:
            continue
        above_role(guild, actor_id, role)
        if position >= limit[0]:
            raise errors.missing_permissions()


def may_kick(guild: Guild, actor_id: int, target: Member) -> None:
    """Check a kick: Kick Members, and the target below the actor."""
    require(guild, actor_id, Permission.KICK_MEMBERS)
    above_member(guild, actor_id, target)


def may_ban(guild: Guild, actor_id: int, target_id: int) -> None:
    """Check a ban: Ban Members; a member must stand below the actor, who is not there cannot stand above."""
    require(guild, actor_id, Permission.BAN_MEMBERS)
    target = guild.members.get(target_id)
    if target:
        above_member(guild, actor_id, target)


def may_join(guild: Guild, user: User) -> None:
    """Check that an account may come in: banned 40007, too many servers 30001, limited 340015, joins paused."""
    if user.id in guild.bans:
        raise errors.user_banned()
    if user.guild_limit_reached:
        raise errors.too_many_guilds()
    if user.joining_limited:
        raise errors.joining_limited()
    if guild.invites_disabled:
        raise errors.invites_disabled()


def may_write_to(state: State, recipient: User) -> None:
    """Check a direct message from the bot: no server in common 50278, closed or a bot 50007."""
    if recipient.bot or not recipient.dms_open:
        raise errors.dms_closed()
    bot_id = state.app.bot_id
    if not any(bot_id in guild.members and recipient.id in guild.members for guild in state.guilds.values()):
        raise errors.no_mutual_guilds()


def may_overwrite(guild: Guild, channel: Channel, actor_id: int, permissions: int) -> None:
    """Check that these permissions may be allowed or denied in a channel: Manage Roles there, and having them in the guild.

    Whom an overwrite lets manage roles in the channel may hand out all of them; to do so with Manage Roles itself takes an administrator.
    """
    may_use_channel(guild, channel, actor_id, Permission.MANAGE_ROLES)
    own = permissions_of(guild, actor_id)
    if own == ALL:
        return
    concerns = {guild.id, actor_id} | guild.members[actor_id].role_ids
    allowed = [int(each["allow"]) for each in channel.overwrites if int(each["id"]) in concerns]
    manages = any(each & Permission.MANAGE_ROLES for each in allowed)
    if permissions & Permission.MANAGE_ROLES or (permissions & ~own and not manages):
        raise errors.missing_permissions()


def may_use_channel(guild: Guild, channel: Channel, actor_id: int, *needed: Permission) -> None:
    """Check permissions in a channel, its overwrites applied: unseen is 50001, anything else 50013."""
    member = guild.members.get(actor_id)
    bits = in_channel(guild, member, channel) if member else 0
    if not bits & Permission.VIEW_CHANNEL:
        raise errors.missing_access()
    for permission in needed:
        if not bits & permission:
            raise errors.missing_permissions()
