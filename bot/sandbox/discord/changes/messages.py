"""Changes of messages, and the opening of direct messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.discord import payloads
from bot.sandbox.discord.changes.guilds import GuildChanges
from bot.sandbox.discord.model import DM_CHANNEL, Channel, Json, Message, User


class MessageChanges(GuildChanges):
    """What is said."""

    def open_dm(self, user: User) -> Channel:
        """Return the bot's direct message channel with a user, made the first time it is asked for."""
        if user.id in self.dms:
            return self.dms[user.id]
        channel = Channel(id=self.ids.next(), type=DM_CHANNEL, recipient_ids=[self.app.bot_id, user.id])
        self.channels[channel.id] = self.dms[user.id] = channel
        self.note("dm opened", channel_id=channel.id, user_id=user.id)
        data = payloads.channel(channel, self.anybody, seen_by=self.app.bot_id)
        self.announce("CHANNEL_CREATE", data, user_id=self.app.bot_id)
        return channel

    def create_message(self, channel: Channel, author: User, content: str = "", **traits: Any) -> Message:
        """Say something; with `visible_to` it is ephemeral: that person alone sees it and no event tells of it."""
        message = Message(
            id=self.ids.next(),
            channel_id=channel.id,
            author_id=author.id,
            content=content,
            sent_at=datetime.now(UTC),
            **traits,
        )
        self.messages.setdefault(channel.id, {})[message.id] = message
        self.note("message sent", channel_id=channel.id, message_id=message.id, author_id=author.id)
        if message.visible_to is None:
            channel.last_message_id = message.id
            self._announce_message(channel, "MESSAGE_CREATE", message)
        return message

    def edit_message(self, channel: Channel, message: Message, **traits: Any) -> Message:
        """Change content, embeds, components or flags."""
        for name, value in traits.items():
            setattr(message, name, value)
        message.edited_at = datetime.now(UTC)
        self.note("message edited", channel_id=channel.id, message_id=message.id)
        if message.visible_to is None:
            self._announce_message(channel, "MESSAGE_UPDATE", message)
        return message

    def delete_message(self, channel: Channel, message: Message) -> None:
        """Take a message back."""
        del self.messages[channel.id][message.id]
        self.note("message deleted", channel_id=channel.id, message_id=message.id)
        if message.visible_to is None:
            data = {"id": str(message.id), "channel_id": str(channel.id)}
            self._announce_near(channel, "MESSAGE_DELETE", data)

    def messages_in(self, channel: Channel) -> list[Message]:
        """Return what everybody in the channel can read, oldest first."""
        return [each for each in self.messages.get(channel.id, {}).values() if each.visible_to is None]

    def _announce_message(self, channel: Channel, name: str, message: Message) -> None:
        data = payloads.message(message, self.anybody)
        guild = self.guilds.get(channel.guild_id or 0)
        author = guild.members.get(message.author_id) if guild else None
        if author:
            body = payloads.member(author, self.anybody(author.user_id))
            data["member"] = {key: value for key, value in body.items() if key != "user"}
        self._announce_near(channel, name, data)

    def _announce_near(self, channel: Channel, name: str, data: Json) -> None:
        guild = self.guilds.get(channel.guild_id or 0)
        if guild is None:
            self.announce(name, data, user_id=self.app.bot_id)
        else:
            self.announce_in(guild, name, data | {"guild_id": str(guild.id)})
