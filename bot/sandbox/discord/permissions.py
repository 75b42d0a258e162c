"""Discord's permission bits, and which of them somebody has in a guild.

Computed as https://discord.com/developers/docs/topics/permissions describes: the owner and Administrator have everything, others the
union of @everyone and their roles.
"""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Channel, Guild, Member, Role


class Permission(IntFlag):
    """The bits, with Discord's names; those of them that a small server meets."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    MANAGE_GUILD_EXPRESSIONS = 1 << 30
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    MODERATE_MEMBERS = 1 << 40


ALL = (1 << 53) - 1

EVERYONE_BY_DEFAULT = int(
    Permission.CREATE_INSTANT_INVITE
    | Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.CONNECT
    | Permission.SPEAK
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
)

Rank = tuple[int, int]


def rank(role: Role) -> Rank:
    """Return what orders roles: the position, and at one position the older id stands higher."""
    return role.position, -role.id


def top_rank(guild: Guild, member: Member) -> Rank:
    """Return the rank of a member's highest role."""
    return max(rank(role) for role in (guild.everyone, *roles_of(guild, member)))


def roles_of(guild: Guild, member: Member) -> list[Role]:
    """Return a member's roles without @everyone."""
    return [guild.roles[role_id] for role_id in member.role_ids if role_id in guild.roles]


def of_member(guild: Guild, member: Member) -> int:
    """Return the permission bits of a member in the guild."""
    if member.user_id == guild.owner_id:
        return ALL
    bits = guild.everyone.permissions
    for role in roles_of(guild, member):
        bits |= role.permissions
    return ALL if bits & Permission.ADMINISTRATOR else bits


def in_channel(guild: Guild, member: Member, channel: Channel) -> int:
    """Return the permission bits of a member in one channel, its overwrites applied."""
    bits = of_member(guild, member)
    if bits == ALL:
        return ALL
    overwrites = {int(each["id"]): each for each in channel.overwrites}
    bits = _overwritten(bits, [overwrites.get(guild.id)])
    bits = _overwritten(bits, [overwrites.get(role_id) for role_id in member.role_ids])
    return _overwritten(bits, [overwrites.get(member.user_id)])


def _overwritten(bits: int, overwrites: list[dict[str, str] | None]) -> int:
    allow = deny = 0
    for each in overwrites:
        if each:
            allow |= int(each.get("allow", 0))
            deny |= int(each.get("deny", 0))
    return (bits & ~deny) | allow
