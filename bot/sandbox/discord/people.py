"""What people do in Discord by hand: open servers, drag roles, join, leave, put each other out.

People obey the same rules as bots (`rules.py`): a moderator cannot hand out a role above their own. Each act is one entry of the journal
beginning with `hand`, so that a change made by a person can be told from one made by the bot.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import errors, rules
from bot.sandbox.discord.invocation import CannotError
from bot.sandbox.discord.model import By
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.discord.model import Channel, Guild, Member, Role


class People(Sight):
    """Everybody but the bot. `by` is who does it; left out, the owner of the guild does."""

    # Accounts and servers

    def create_user(self, name: str, **traits: Any) -> int:
        with self._hand("create_user", None):
            return self._state.create_user(name, **traits).id

    def set_user(self, user: int, **traits: Any) -> None:
        """Set dms_open, guild_limit_reached, joining_limited, deleted, username, global_name, email or locale."""
        with self._hand("set_user", user):
            self._state.set_user(self._state.users[user], **traits)

    def create_guild(self, owner: int, name: str, *, screening: bool = False) -> int:
        with self._hand("create_guild", owner):
            return self._state.create_guild(name, owner, screening=screening).id

    def set_guild(self, guild: int, *, by: int | None = None, **traits: Any) -> None:
        """Set name, screening, preferred_locale or features."""
        found, actor = self._act(guild, by)
        rules.require(found, actor, Permission.MANAGE_GUILD)
        if "features" in traits:
            traits["features"] = set(traits["features"])
        with self._hand("set_guild", actor, guild):
            self._state.update_guild(found, by=By(user_id=actor), **traits)

    def delete_guild(self, guild: int) -> None:
        found = self._state.find_guild(guild)
        with self._hand("delete_guild", found.owner_id, guild):
            self._state.delete_guild(found)

    def transfer(self, guild: int, to: int, by: int | None = None) -> None:
        """Hand the server to another member, which its owner alone can."""
        found, actor = self._act(guild, by)
        if actor != found.owner_id:
            raise errors.missing_permissions()
        self._state.find_member(found, to)
        with self._hand("transfer", actor, guild):
            self._state.update_guild(found, by=By(user_id=actor), owner_id=to)

    def pause_joins(self, guild: int, paused: bool = True, by: int | None = None) -> None:  # noqa: FBT001, FBT002  reads as said: pause_joins(guild, False)
        found, actor = self._act(guild, by)
        rules.require(found, actor, Permission.MANAGE_GUILD)
        with self._hand("pause_joins", actor, guild):
            self._state.update_guild(found, by=By(user_id=actor), invites_disabled=paused)

    def set_available(self, guild: int, available: bool) -> None:  # noqa: FBT001  reads as said: set_available(guild, False)
        """Take the server down, as in an outage, or bring it back."""
        with self._hand("set_available", None, guild):
            self._state.set_available(self._state.find_guild(guild), available=available)

    # Roles

    def create_role(self, guild: int, name: str, *, permissions: int = 0, by: int | None = None) -> int:
        found, actor = self._act(guild, by)
        rules.may_create_role(found, actor, permissions)
        with self._hand("create_role", actor, guild):
            return self._state.create_role(found, name=name, permissions=permissions, by=By(user_id=actor)).id

    def edit_role(
        self,
        guild: int,
        role: int | str,
        *,
        permissions: int | None = None,
        name: str | None = None,
        by: int | None = None,
    ) -> None:
        found, actor = self._act(guild, by)
        target = self._role(found, role)
        rules.may_edit_role(found, actor, target, permissions=permissions)
        traits = {"permissions": permissions, "name": name}
        given = {key: value for key, value in traits.items() if value is not None}
        with self._hand("edit_role", actor, guild):
            self._state.edit_role(found, target, by=By(user_id=actor), **given)

    def move_role(self, guild: int, role: int | str, *, above: int | str, by: int | None = None) -> None:
        """Drag a role to right above another one."""
        found, actor = self._act(guild, by)
        target, below = self._role(found, role), self._role(found, above)
        others = [each for each in found.ladder() if each.id != target.id]
        wanted = {target.id: others.index(below) + 1}
        rules.may_move_roles(self._state, found, actor, wanted)
        with self._hand("move_role", actor, guild):
            self._state.move_roles(found, wanted, by=By(user_id=actor))

    def delete_role(self, guild: int, role: int | str, *, by: int | None = None) -> None:
        found, actor = self._act(guild, by)
        target = self._role(found, role)
        rules.may_delete_role(found, actor, target)
        with self._hand("delete_role", actor, guild):
            self._state.delete_role(found, target, by=By(user_id=actor))

    # Members

    def add_bot(self, guild: int, by: int, permissions: int = 0) -> None:
        """Bring the bot in through its invitation link."""
        found, actor = self._act(guild, by)
        rules.require(found, actor, Permission.MANAGE_GUILD)
        with self._hand("add_bot", actor, guild):
            self._state.add_bot(found, permissions, by=By(user_id=actor))

    def kick_bot(self, guild: int, by: int | None = None) -> None:
        self.kick(guild, self._state.app.bot_id, by)

    def crowd(self, guild: int, size: int, *, role: int | str | None = None) -> list[int]:
        """Many strangers come in through an invite link; their owner gives each of them a role."""
        users = [self.create_user(f"stranger{number}") for number in range(size)]
        for user in users:
            self.join(guild, user)
            if role is not None:
                self.give_role(guild, user, role)
        return users

    def join(self, guild: int, user: int) -> None:
        """Come in through an invite link."""
        found, who = self._state.find_guild(guild), self._state.find_user(user)
        if user in found.members:
            return
        if user in found.bans:
            raise errors.user_banned()
        if found.invites_disabled:
            raise errors.invites_disabled()
        if who.guild_limit_reached:
            raise errors.too_many_guilds()
        if who.joining_limited:
            raise errors.joining_limited()
        with self._hand("join", user, guild):
            self._state.add_member(found, who)

    def leave(self, guild: int, user: int) -> None:
        found = self._state.find_guild(guild)
        self._state.find_member(found, user)
        if user == found.owner_id:
            raise CannotError("the owner has to hand the server over before leaving it")
        with self._hand("leave", user, guild):
            self._state.remove_member(found, user)

    def kick(self, guild: int, user: int, by: int | None = None) -> None:
        found, actor = self._act(guild, by)
        rules.require(found, actor, Permission.KICK_MEMBERS)
        rules.above_member(found, actor, self._state.find_member(found, user))
        with self._hand("kick", actor, guild):
            self._state.remove_member(found, user, by=By(user_id=actor))

    def ban(self, guild: int, user: int, by: int | None = None) -> None:
        found, actor = self._act(guild, by)
        rules.require(found, actor, Permission.BAN_MEMBERS)
        member = found.members.get(user)
        if member is not None:
            rules.above_member(found, actor, member)
        with self._hand("ban", actor, guild):
            self._state.ban(found, self._state.find_user(user), by=By(user_id=actor))

    def unban(self, guild: int, user: int, by: int | None = None) -> None:
        found, actor = self._act(guild, by)
        rules.require(found, actor, Permission.BAN_MEMBERS)
        if user not in found.bans:
            raise errors.unknown_ban()
        with self._hand("unban", actor, guild):
            self._state.unban(found, self._state.find_user(user), by=By(user_id=actor))

    def give_role(self, guild: int, user: int, role: int | str, by: int | None = None) -> None:
        found, actor, member, target = self._assignment(guild, user, role, by)
        with self._hand("give_role", actor, guild):
            self._state.give_role(found, member, target, by=By(user_id=actor))

    def take_role(self, guild: int, user: int, role: int | str, by: int | None = None) -> None:
        found, actor, member, target = self._assignment(guild, user, role, by)
        with self._hand("take_role", actor, guild):
            self._state.take_role(found, member, target, by=By(user_id=actor))

    def accept_screening(self, guild: int, user: int) -> None:
        """Accept the server's rules; the member is pending no more."""
        found = self._state.find_guild(guild)
        member = self._state.find_member(found, user)
        with self._hand("accept_screening", user, guild):
            self._state.edit_member(found, member, pending=False)

    def boost(self, guild: int, user: int, boosting: bool = True) -> None:  # noqa: FBT001, FBT002  reads as said: boost(guild, user, False)
        found = self._state.find_guild(guild)
        since = datetime.now(UTC) if boosting else None
        with self._hand("boost", user, guild):
            self._state.edit_member(found, self._state.find_member(found, user), premium_since=since)

    # Channels

    def overwrite(  # noqa: PLR0913  a channel's settings ask for as much
        self, guild: int, channel: int, whom: int, *, allow: int = 0, deny: int = 0, by: int | None = None
    ) -> None:
        """Allow and deny a role or a member something in one channel alone."""
        found, actor, place = self._in_channel(guild, channel, by)
        rules.may_overwrite(found, place, actor, allow | deny)
        with self._hand("overwrite", actor, guild):
            self._state.overwrite(found, place, whom, allow=allow, deny=deny, by=By(user_id=actor))

    def say(self, guild: int, channel: int, text: str, by: int | None = None) -> int:
        """Write something in a channel; return the message."""
        found, actor, place = self._in_channel(guild, channel, by)
        rules.may_use_channel(found, place, actor, Permission.SEND_MESSAGES)
        with self._hand("say", actor, guild):
            return self._state.create_message(place, self._state.find_user(actor), text).id

    @contextlib.contextmanager
    def _hand(self, act: str, actor: int | None, guild_id: int | None = None) -> Iterator[None]:
        entry = self._state.journal.open(f"hand {act}", actor=actor, guild_id=guild_id)
        with self._state.journal.recording(entry):
            yield

    def _act(self, guild_id: int, by: int | None) -> tuple[Guild, int]:
        guild = self._state.find_guild(guild_id)
        return guild, guild.owner_id if by is None else by

    def _in_channel(self, guild_id: int, channel_id: int, by: int | None) -> tuple[Guild, int, Channel]:
        guild, actor = self._act(guild_id, by)
        if channel_id not in guild.channels:
            raise errors.unknown_channel()
        return guild, actor, guild.channels[channel_id]

    def _role(self, guild: Guild, role: int | str) -> Role:
        found = next((each for each in guild.roles.values() if role in (each.id, each.name)), None)
        if found is None:
            raise errors.unknown_role()
        return found

    def _assignment(
        self, guild_id: int, user: int, role: int | str, by: int | None
    ) -> tuple[Guild, int, Member, Role]:
        found, actor = self._act(guild_id, by)
        target = self._role(found, role)
        member = self._state.find_member(found, user)
        rules.may_assign(found, actor, target)
        return found, actor, member, target
