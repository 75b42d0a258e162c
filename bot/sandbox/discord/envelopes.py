"""The outside of an interaction: who did something, where, and what they and the bot may do there.

A bot decides from these fields who may use a button, so they are filled as Discord fills them: `member` with permissions in a guild,
`user` in a direct message, never both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import payloads, permissions
from bot.sandbox.discord.invocation import CannotError
from bot.sandbox.discord.model import DM_CHANNEL
from bot.sandbox.discord.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Channel, Guild, Member, Message, User
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]

IN_GUILD, IN_BOT_DM = 0, 1
# ATTACH_FILES | EMBED_LINKS | MENTION_EVERYONE | USE_EXTERNAL_EMOJIS, as documented for DMs with the bot.
_IN_DM = (1 << 15) | (1 << 14) | (1 << 17) | (1 << 18)


def envelope(state: State, user: User, channel: Channel) -> Json:
    """Return everything of an interaction but its id, token, type, data and message."""
    guild = state.guilds.get(channel.guild_id or 0)
    common: Json = {
        "application_id": str(state.app.id),
        "version": 1,
        "channel_id": str(channel.id),
        "locale": user.locale,
        "entitlements": [],
        "attachment_size_limit": 10_485_760,
    }
    return common | (
        _in_dm(state, user, channel) if guild is None else _in_guild(state, user, channel, guild)
    )


def _in_dm(state: State, user: User, channel: Channel) -> Json:
    return {
        "user": payloads.user(user),
        "channel": payloads.channel(channel, state.anybody, seen_by=state.app.bot_id),
        "context": IN_BOT_DM,
        "app_permissions": str(_IN_DM),
        "authorizing_integration_owners": {"0": "0"},
    }


def _in_guild(state: State, user: User, channel: Channel, guild: Guild) -> Json:
    member = guild.members[user.id]
    may = permissions.in_channel(guild, member, channel)
    bot_may = permissions.in_channel(guild, guild.members[state.app.bot_id], channel)
    return {
        "guild_id": str(guild.id),
        "guild": {
            "id": str(guild.id),
            "locale": guild.preferred_locale,
            "features": payloads.features(guild),
        },
        "guild_locale": guild.preferred_locale,
        "member": payloads.member(member, user) | {"permissions": str(may)},
        "channel": payloads.channel(channel, state.anybody) | {"permissions": str(may)},
        "context": IN_GUILD,
        "app_permissions": str(bot_may),
        "authorizing_integration_owners": {"0": str(guild.id)},
    }


def place(state: State, user: User, guild_id: int | None) -> tuple[Channel, Guild | None]:
    """Return where a person types: the guild's first channel in which they may use commands, or their DM with the bot."""
    if guild_id is None:
        return state.open_dm(user), None
    guild = state.find_guild(guild_id)
    member = _present(state, user, guild)
    for channel in guild.channels.values():
        if _may(guild, member, channel, Permission.VIEW_CHANNEL | Permission.USE_APPLICATION_COMMANDS):
            return channel, guild
    raise CannotError(f"{user.username} sees no channel of {guild.name} in which they may use commands")


def check_presence(state: State, user: User, channel: Channel) -> None:
    """Raise CannotError unless the person sees the channel, is let in there by now, and the bot is there too.

    Buttons, menus and forms ask for no more: Use Application Commands is about commands.
    """
    guild = state.guilds.get(channel.guild_id or 0)
    if guild is None:
        if channel.type == DM_CHANNEL and user.id not in channel.recipient_ids:
            raise CannotError("there is no such message to be seen")
        return
    if not _may(guild, _present(state, user, guild), channel, Permission.VIEW_CHANNEL):
        raise CannotError(f"{user.username} does not see #{channel.name} of {guild.name}")


def _present(state: State, user: User, guild: Guild) -> Member:
    """Return the person as a member; raise CannotError if they or the bot are not in, or the rules are not accepted yet."""
    member = guild.members.get(user.id)
    if member is None:
        raise CannotError(f"{user.username} is not in {guild.name}")
    if not state.bot_is_in(guild):
        raise CannotError(f"the app is not in {guild.name}")
    if member.pending:
        raise CannotError(f"{user.username} has not accepted the rules of {guild.name} yet")
    return member


def _may(guild: Guild, member: Member, channel: Channel, needed: Permission) -> bool:
    return permissions.in_channel(guild, member, channel) & needed == needed


def find_command(state: State, user: User, guild: Guild | None, name: str) -> Json:
    """Return the registered command of that name that this person is shown here; a guild's own comes first."""
    places = [None] if guild is None else [guild.id, None]
    candidates = (each for at in places for each in state.commands_in(at) if each["name"] == name)
    command = next((each for each in candidates if _offered(each, guild)), None)
    if command is None:
        raise CannotError(f"there is no command /{name} here")
    needed = command.get("default_member_permissions")
    if guild is not None and needed is not None:
        may = permissions.of_member(guild, guild.members[user.id])
        if (int(needed) == 0 and may != permissions.ALL) or may & int(needed) != int(needed):
            raise CannotError(f"{user.username} may not use /{name} in {guild.name}")
    return command


def _offered(command: Json, guild: Guild | None) -> bool:
    contexts = command.get("contexts")
    if contexts is None:
        return guild is not None or command.get("dm_permission") is not False
    return (IN_BOT_DM if guild is None else IN_GUILD) in contexts


def find_message(state: State, user: User, message_id: int) -> tuple[Channel, Message]:
    """Return a message that this person can see, or raise CannotError."""
    for channel_id, messages in state.messages.items():
        message = messages.get(message_id)
        if message is None:
            continue
        channel = state.channels[channel_id]
        check_presence(state, user, channel)
        if message.visible_to not in (None, user.id):
            break
        return channel, message
    raise CannotError("there is no such message to be seen")
