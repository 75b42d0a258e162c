"""Discord's permission bits that decide what may be attached, given, or spared.

Source: Discord's documentation, "Permissions", bitwise permission flags.
"""

from enum import IntFlag


class Permission(IntFlag):
    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_AUDIT_LOG = 1 << 7
    MANAGE_MESSAGES = 1 << 13
    MENTION_EVERYONE = 1 << 17
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    MANAGE_GUILD_EXPRESSIONS = 1 << 30
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    MODERATE_MEMBERS = 1 << 40


MODERATION = (
    Permission.KICK_MEMBERS
    | Permission.BAN_MEMBERS
    | Permission.ADMINISTRATOR
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_GUILD
    | Permission.VIEW_AUDIT_LOG
    | Permission.MANAGE_MESSAGES
    | Permission.MENTION_EVERYONE
    | Permission.MUTE_MEMBERS
    | Permission.DEAFEN_MEMBERS
    | Permission.MOVE_MEMBERS
    | Permission.MANAGE_NICKNAMES
    | Permission.MANAGE_ROLES
    | Permission.MANAGE_WEBHOOKS
    | Permission.MANAGE_GUILD_EXPRESSIONS
    | Permission.MANAGE_EVENTS
    | Permission.MANAGE_THREADS
    | Permission.MODERATE_MEMBERS
)
"""Powers over other people or the server: a role with one of these is not sold by accident."""

INVITATION = Permission.MANAGE_ROLES | Permission.CREATE_INSTANT_INVITE | Permission.KICK_MEMBERS
"""What the bot asks for when it is added to a server, and no more."""


def has(permissions: int, wanted: Permission) -> bool:
    """Whether ``permissions`` (guild-wide) include ``wanted``; Administrator includes everything."""
    return bool(permissions & Permission.ADMINISTRATOR) or permissions & wanted == wanted


def powers(permissions: int) -> Permission:
    """The moderation powers among ``permissions``."""
    return Permission(permissions & MODERATION)


def names(permissions: int) -> list[str]:
    """The known permissions in ``permissions`` as people read them, e.g. ``["Kick Members"]``."""
    return [flag.name.replace("_", " ").title() for flag in Permission if flag.name and permissions & flag]
