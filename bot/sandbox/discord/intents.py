"""Which gateway events a session is sent, by the intents it asked for.

Without the right intent a bot is told nothing and must ask; a sandbox that was more generous would hide that until the first day on the
real Discord. https://discord.com/developers/docs/events/gateway#list-of-intents
"""

from __future__ import annotations

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_MODERATION = 1 << 2
GUILD_INTEGRATIONS = 1 << 4
GUILD_WEBHOOKS = 1 << 5
GUILD_INVITES = 1 << 6
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15

PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
KNOWN = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))

_MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK")
_NEEDED = {
    **dict.fromkeys(
        (
            "GUILD_CREATE",
            "GUILD_UPDATE",
            "GUILD_DELETE",
            "GUILD_ROLE_CREATE",
            "GUILD_ROLE_UPDATE",
            "GUILD_ROLE_DELETE",
            "CHANNEL_CREATE",
            "CHANNEL_UPDATE",
            "CHANNEL_DELETE",
            "CHANNEL_PINS_UPDATE",
        ),
        GUILDS,
    ),
    **dict.fromkeys(("GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE"), GUILD_MEMBERS),
    **dict.fromkeys(("GUILD_BAN_ADD", "GUILD_BAN_REMOVE", "GUILD_AUDIT_LOG_ENTRY_CREATE"), GUILD_MODERATION),
    **dict.fromkeys(
        ("GUILD_INTEGRATIONS_UPDATE", "INTEGRATION_CREATE", "INTEGRATION_UPDATE", "INTEGRATION_DELETE"),
        GUILD_INTEGRATIONS,
    ),
    **dict.fromkeys(("INVITE_CREATE", "INVITE_DELETE"), GUILD_INVITES),
    "WEBHOOKS_UPDATE": GUILD_WEBHOOKS,
}


def wanted(name: str, intents: int, *, in_guild: bool, about_self: bool = False) -> bool:
    """Tell whether a session with these intents is sent the event.

    A bot is told of changes to its own member without any intent; an event of no intent goes to everyone.
    """
    if name == "GUILD_MEMBER_UPDATE" and about_self:
        return True
    if name in _MESSAGES:
        return bool(intents & (GUILD_MESSAGES if in_guild else DIRECT_MESSAGES))
    needed = _NEEDED.get(name)
    return needed is None or bool(intents & needed)
