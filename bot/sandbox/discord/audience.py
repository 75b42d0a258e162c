"""Which events of a guild a bot may hear at all, by its permissions there; what it asked to hear is `intents.py`.

Bans are told to whoever may ban or read the audit log, what happens in a channel to whoever sees the channel.
https://discord.com/developers/docs/events/gateway-events#guild-ban-add
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord import permissions
from bot.sandbox.discord.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Event, Guild, Member
    from bot.sandbox.discord.state import State

_BANS = frozenset({"GUILD_BAN_ADD", "GUILD_BAN_REMOVE"})
_OF_A_CHANNEL = frozenset(
    {"CHANNEL_CREATE", "CHANNEL_UPDATE", "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"}
)


def may_hear(state: State, event: Event) -> bool:
    """Tell whether the bot's permissions let it hear of this."""
    guild = state.guilds.get(event.guild_id or 0)
    bot = guild.members.get(state.app.bot_id) if guild is not None else None
    if guild is None or bot is None:
        return True
    if event.name in _BANS:
        return bool(permissions.of_member(guild, bot) & (Permission.BAN_MEMBERS | Permission.VIEW_AUDIT_LOG))
    if event.name in _OF_A_CHANNEL:
        return _sees(guild, bot, int(event.data.get("channel_id") or event.data["id"]))
    return True


def _sees(guild: Guild, bot: Member, channel_id: int) -> bool:
    channel = guild.channels.get(channel_id)
    return channel is None or bool(permissions.in_channel(guild, bot, channel) & Permission.VIEW_CHANNEL)
