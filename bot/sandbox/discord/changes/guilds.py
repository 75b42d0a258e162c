"""Changes of users and guilds: made, renamed, handed over, gone for a while, gone for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import payloads
from bot.sandbox.discord.audit import Action, changes
from bot.sandbox.discord.changes.members import MemberChanges
from bot.sandbox.discord.journal import differing
from bot.sandbox.discord.model import NOBODY, Channel, Guild, Role, User
from bot.sandbox.discord.permissions import EVERYONE_BY_DEFAULT

if TYPE_CHECKING:
    from bot.sandbox.discord.model import By


class GuildChanges(MemberChanges):
    """What happens to users and guilds as wholes."""

    def create_user(self, username: str, *, bot: bool = False, **traits: Any) -> User:
        """Open an account; `traits` are fields of `User`."""
        traits.setdefault("global_name", None if bot else username)
        traits.setdefault("email", None if bot else f"{username.lower()}@example.test")
        user = User(id=self.ids.next(), username=username, bot=bot, **traits)
        self.users[user.id] = user
        self.note("user created", user_id=user.id, username=username)
        return user

    def set_user(self, user: User, **traits: Any) -> User:
        """Change an account's traits."""
        for name, value in traits.items():
            setattr(user, name, value)
        self.note("user changed", user_id=user.id, **traits)
        return user

    def create_guild(self, name: str, owner_id: int, *, screening: bool = False) -> Guild:
        """Open a guild with its owner, @everyone and one text channel in it."""
        owner = self.find_user(owner_id)
        guild = Guild(id=self.ids.next(), name=name, owner_id=owner.id, screening=screening)
        guild.roles[guild.id] = Role(
            id=guild.id, guild_id=guild.id, name="@everyone", position=0, permissions=EVERYONE_BY_DEFAULT
        )
        self.guilds[guild.id] = guild
        self.note(
            "guild created",
            guild_id=guild.id,
            name=name,
            owner_id=owner.id,
            screening=screening,
            permissions=EVERYONE_BY_DEFAULT,
        )
        self.create_channel(guild, "general")
        self.add_member(guild, owner)
        return guild

    def create_channel(self, guild: Guild, name: str, *, by: By = NOBODY, **traits: Any) -> Channel:
        """Add a text channel."""
        channel = Channel(
            id=self.ids.next(), guild_id=guild.id, name=name, position=len(guild.channels), **traits
        )
        guild.channels[channel.id] = channel
        self.channels[channel.id] = channel
        self.note("channel created", guild_id=guild.id, channel_id=channel.id, name=name)
        self.announce_in(guild, "CHANNEL_CREATE", payloads.channel(channel, self.anybody))
        self.audit(guild, Action.CHANNEL_CREATE, by, channel.id)
        return channel

    def overwrite(  # noqa: PLR0913  what an overwrite consists of
        self, guild: Guild, channel: Channel, whom: int, *, allow: int = 0, deny: int = 0, by: By = NOBODY
    ) -> None:
        """Allow and deny a role or a member something in one channel; what was said of them there before is replaced."""
        before = next((each for each in channel.overwrites if each["id"] == str(whom)), None)
        others = [each for each in channel.overwrites if each is not before]
        kind, said = int(whom not in guild.roles), {"allow": str(int(allow)), "deny": str(int(deny))}
        made = {"id": str(whom), "type": kind, **said}
        channel.overwrites = [*others, made]
        self.note("overwrite set", guild_id=guild.id, channel_id=channel.id, target_id=whom, **said)
        self.announce_in(guild, "CHANNEL_UPDATE", payloads.channel(channel, self.anybody))
        action = Action.CHANNEL_OVERWRITE_UPDATE if before else Action.CHANNEL_OVERWRITE_CREATE
        told = [
            {"key": key, "new_value": value} | ({"old_value": before[key]} if before else {})
            for key, value in said.items()
        ]
        options = {"id": made["id"], "type": str(kind)}
        if whom in guild.roles:
            options["role_name"] = guild.roles[whom].name
        self.audit(guild, action, by, channel.id, changes=told, options=options)

    def update_guild(self, guild: Guild, *, by: By = NOBODY, **traits: Any) -> Guild:
        """Change the guild: name, owner_id, features, screening, invites_disabled, preferred_locale."""
        new, before = differing(guild, traits), payloads.guild(guild)
        for name, value in traits.items():
            setattr(guild, name, value)
        after = payloads.guild(guild)
        self.note("guild changed", guild_id=guild.id, **new)
        self.announce_in(guild, "GUILD_UPDATE", after)
        self.audit(guild, Action.GUILD_UPDATE, by, guild.id, changes=changes(before, after))
        return guild

    def set_available(self, guild: Guild, *, available: bool) -> None:
        """Take a guild down, as in an outage, or bring it back."""
        if guild.unavailable is not available:
            return
        guild.unavailable = not available
        self.note("guild available" if available else "guild unavailable", guild_id=guild.id)
        if not self.bot_is_in(guild):
            return
        if available:
            self.announce("GUILD_CREATE", self.guild_as_seen(guild), guild_id=guild.id)
        else:
            self.announce("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, guild_id=guild.id)

    def delete_guild(self, guild: Guild) -> None:
        """Delete a guild with all in it."""
        del self.guilds[guild.id]
        for channel_id in guild.channels:
            del self.channels[channel_id]
            self.messages.pop(channel_id, None)
        self.note("guild deleted", guild_id=guild.id)
        if self.bot_is_in(guild):
            self.announce("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id)

    def guild_as_seen(self, guild: Guild) -> dict[str, Any]:
        """Return what GUILD_CREATE tells the bot of a guild that it was in already."""
        known = payloads.guild_create(guild, self.anybody, seen_by=self.app.bot_id)
        return known | {"unavailable": False}
