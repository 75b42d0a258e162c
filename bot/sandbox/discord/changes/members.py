"""Changes of members: they come, hold roles, are put out, banned; the bot is a member too."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import payloads
from bot.sandbox.discord.audit import Action, changes
from bot.sandbox.discord.changes.roles import RoleChanges
from bot.sandbox.discord.journal import differing
from bot.sandbox.discord.model import NOBODY, Ban, Guild, Json, Member, User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.discord.model import By, Role


class MemberChanges(RoleChanges):
    """What happens to members."""

    def add_member(
        self,
        guild: Guild,
        user: User,
        *,
        role_ids: Iterable[int] = (),
        pending: bool | None = None,
        **traits: Any,
    ) -> Member:
        """Let an account in; where screening is on, a person is pending until they accept the rules."""
        waits = (guild.screening and not user.bot) if pending is None else pending
        member = Member(
            guild_id=guild.id,
            user_id=user.id,
            joined_at=datetime.now(UTC),
            role_ids=set(role_ids),
            pending=waits,
            **traits,
        )
        guild.members[user.id] = member
        self.note(
            "member joined",
            guild_id=guild.id,
            user_id=user.id,
            roles=_texts(member.role_ids),
            pending=waits,
            nick=member.nick,
        )
        if user.id != self.app.bot_id:
            self.announce_in(guild, "GUILD_MEMBER_ADD", self.member_event(member))
        return member

    def remove_member(self, guild: Guild, user_id: int, *, by: By = NOBODY) -> None:
        """See a member off: they left, or `by` kicked them."""
        member = guild.members.pop(user_id)
        self.note("member left", guild_id=guild.id, user_id=user_id, kicked_by_id=by.user_id)
        if user_id == self.app.bot_id:
            self._bot_left(guild, member)
        else:
            data = {"guild_id": str(guild.id), "user": payloads.user(self.anybody(user_id))}
            self.announce_in(guild, "GUILD_MEMBER_REMOVE", data)
        self.audit(guild, Action.MEMBER_KICK, by, user_id)

    def give_role(self, guild: Guild, member: Member, role: Role, *, by: By = NOBODY) -> None:
        """Give one role; nothing happens if it is held already."""
        self.set_roles(guild, member, member.role_ids | {role.id}, by=by)

    def take_role(self, guild: Guild, member: Member, role: Role, *, by: By = NOBODY) -> None:
        """Take one role; nothing happens if it is not held."""
        self.set_roles(guild, member, member.role_ids - {role.id}, by=by)

    def set_roles(self, guild: Guild, member: Member, role_ids: set[int], *, by: By = NOBODY) -> None:
        """Make these the member's roles."""
        added, removed = role_ids - member.role_ids, member.role_ids - role_ids
        if not added and not removed:
            return
        member.role_ids = set(role_ids)
        for role_id in sorted(added):
            self.note("role given", guild_id=guild.id, user_id=member.user_id, role_id=role_id)
        for role_id in sorted(removed):
            self.note("role taken", guild_id=guild.id, user_id=member.user_id, role_id=role_id)
        self.announce_in(guild, "GUILD_MEMBER_UPDATE", self.member_event(member))
        moved = [*_role_change(guild, "$add", added), *_role_change(guild, "$remove", removed)]
        self.audit(guild, Action.MEMBER_ROLE_UPDATE, by, member.user_id, changes=moved)

    def edit_member(self, guild: Guild, member: Member, *, by: By = NOBODY, **traits: Any) -> None:
        """Change a member's nick, pending, premium_since, muted, deafened or timed_out_until."""
        new, before = differing(member, traits), self.member_event(member)
        if not new:
            return
        for name, value in traits.items():
            setattr(member, name, value)
        after = self.member_event(member)
        self.note("member changed", guild_id=guild.id, user_id=member.user_id, **new)
        self.announce_in(guild, "GUILD_MEMBER_UPDATE", after)
        self.audit(guild, Action.MEMBER_UPDATE, by, member.user_id, changes=changes(before, after))

    def ban(self, guild: Guild, user: User, *, by: By = NOBODY) -> None:
        """Ban an account; a member is put out by it, even one who is banned already: a bot can be invited all the same."""
        if user.id not in guild.bans:
            self._note_ban(guild, user, by)
        if user.id in guild.members:
            self.remove_member(guild, user.id)

    def _note_ban(self, guild: Guild, user: User, by: By) -> None:
        guild.bans[user.id] = Ban(user_id=user.id, reason=by.reason)
        self.note("member banned", guild_id=guild.id, user_id=user.id, by_id=by.user_id, reason=by.reason)
        data = {"guild_id": str(guild.id), "user": payloads.user(user)}
        self.announce_in(guild, "GUILD_BAN_ADD", data)
        self.audit(guild, Action.MEMBER_BAN_ADD, by, user.id)

    def unban(self, guild: Guild, user: User, *, by: By = NOBODY) -> None:
        """Lift a ban."""
        del guild.bans[user.id]
        self.note("ban lifted", guild_id=guild.id, user_id=user.id, by_id=by.user_id)
        data = {"guild_id": str(guild.id), "user": payloads.user(user)}
        self.announce_in(guild, "GUILD_BAN_REMOVE", data)
        self.audit(guild, Action.MEMBER_BAN_REMOVE, by, user.id)

    def add_bot(self, guild: Guild, permissions: int, *, by: By = NOBODY) -> Member:
        """Bring the bot in with its managed role, lowest of all; there already, only the permissions change."""
        bot = self.users[self.app.bot_id]
        present = guild.members.get(bot.id)
        if present:
            self.edit_role(guild, self.bot_role(guild), permissions=permissions)
            return present
        role = self.create_role(
            guild, name=self.app.name, permissions=permissions, managed=True, tags={"bot_id": str(bot.id)}
        )
        member = self.add_member(guild, bot, role_ids=[role.id])
        self.audit(guild, Action.BOT_ADD, by, bot.id)
        # A guild that is new to the bot comes without `unavailable`: that is how clients tell joining from coming up.
        data = payloads.guild_create(guild, self.anybody, seen_by=bot.id)
        self.announce("GUILD_CREATE", data, guild_id=guild.id)
        return member

    def bot_role(self, guild: Guild) -> Role:
        """Return the bot's managed role."""
        return next(filter(self.is_bot_role, guild.roles.values()))

    def is_bot_role(self, role: Role) -> bool:
        """Tell whether a role is the bot's managed one."""
        return role.tags.get("bot_id") == str(self.app.bot_id)

    def member_event(self, member: Member) -> Json:
        """Return a member as gateway events carry it."""
        return payloads.member(member, self.anybody(member.user_id)) | {"guild_id": str(member.guild_id)}

    def _bot_left(self, guild: Guild, member: Member) -> None:
        """Its managed role goes with it; it hears of nothing but its leaving."""
        for role_id in member.role_ids:
            role = guild.roles.get(role_id)
            if role and self.is_bot_role(role):
                self.delete_role(guild, role)
        self.commands.pop(guild.id, None)
        self.announce("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id)


def _texts(ids: set[int]) -> list[str]:
    return [str(each) for each in sorted(ids)]


def _role_change(guild: Guild, key: str, role_ids: set[int]) -> list[Json]:
    named = [
        {"id": str(each), "name": guild.roles[each].name} for each in sorted(role_ids) if each in guild.roles
    ]
    return [{"key": key, "new_value": named}] if named else []
