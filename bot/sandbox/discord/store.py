"""What State stands on: the records, the ids, and how a change becomes known.

`announce` is the only way out: the gateway hears of a change through it, the journal notes it through it, and neither can be
forgotten by the author of a change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import errors
from bot.sandbox.discord.model import AuditEntry, Event
from bot.sandbox.discord.payloads import audit_entry
from bot.sandbox.discord.permissions import Permission, of_member

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.discord.journal import Journal
    from bot.sandbox.discord.model import Application, By, Channel, Guild, Json, Member, Message, Role, User
    from bot.sandbox.discord.snowflake import Snowflakes


class Store:
    """The records of one sandbox Discord."""

    app: Application

    def __init__(self, ids: Snowflakes, journal: Journal) -> None:
        self.ids = ids
        self.journal = journal
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.dms: dict[int, Channel] = {}
        self.messages: dict[int, dict[int, Message]] = {}
        self.commands: dict[int | None, list[Json]] = {}
        self._listeners: list[Callable[[Event], None]] = []

    def on(self, listener: Callable[[Event], None]) -> None:
        """Call `listener` with every event that the bot may see, at the moment of the change."""
        self._listeners.append(listener)

    def announce(
        self, name: str, data: Json, *, guild_id: int | None = None, user_id: int | None = None
    ) -> None:
        """Tell the listeners of a change."""
        event = Event(name=name, data=data, guild_id=guild_id, user_id=user_id)
        for listener in self._listeners:
            listener(event)

    def announce_in(self, guild: Guild, name: str, data: Json) -> None:
        """Tell the listeners of a change in a guild, if the bot is there to see it and the guild is up."""
        if self.app.bot_id in guild.members and not guild.unavailable:
            self.announce(name, data, guild_id=guild.id)

    def note(self, effect: str, **details: Any) -> None:
        """Write an effect into the journal."""
        texts = {
            key: str(value) if key.endswith("_id") and value is not None else value
            for key, value in details.items()
        }
        self.journal.note({"effect": effect, **texts})

    def audit(self, guild: Guild, action: int, by: By, target_id: int | None, **more: Any) -> None:
        """Keep a line of the guild's audit log, and tell the bot if it may view it; acts of nobody leave none."""
        if by.user_id is None:
            return
        entry = AuditEntry(
            id=self.ids.next(),
            guild_id=guild.id,
            action=action,
            user_id=by.user_id,
            target_id=target_id,
            reason=by.reason,
            **more,
        )
        guild.audit.append(entry)
        bot = guild.members.get(self.app.bot_id)
        if bot and of_member(guild, bot) & Permission.VIEW_AUDIT_LOG:
            data = audit_entry(entry) | {"guild_id": str(guild.id)}
            self.announce_in(guild, "GUILD_AUDIT_LOG_ENTRY_CREATE", data)

    def find_user(self, user_id: int) -> User:
        """Return a user, or raise 10013."""
        user = self.users.get(user_id)
        if user is None or user.deleted:
            raise errors.unknown_user()
        return user

    def anybody(self, user_id: int) -> User:
        """Return a user for a payload, deleted or not."""
        return self.users[user_id]

    def find_guild(self, guild_id: int) -> Guild:
        """Return a guild, or raise 10004."""
        guild = self.guilds.get(guild_id)
        if guild is None:
            raise errors.unknown_guild()
        return guild

    def find_role(self, guild: Guild, role_id: int) -> Role:
        """Return a role of the guild, or raise 10011."""
        role = guild.roles.get(role_id)
        if role is None:
            raise errors.unknown_role()
        return role

    def find_member(self, guild: Guild, user_id: int) -> Member:
        """Return a member; raise 10013 for no such user and 10007 for one who is not there."""
        self.find_user(user_id)
        member = guild.members.get(user_id)
        if member is None:
            raise errors.unknown_member()
        return member

    def find_channel(self, channel_id: int) -> Channel:
        """Return a channel of a guild or a DM, or raise 10003."""
        channel = self.channels.get(channel_id)
        if channel is None:
            raise errors.unknown_channel()
        return channel

    def bot_is_in(self, guild: Guild) -> bool:
        """Tell whether the bot is a member."""
        return self.app.bot_id in guild.members
