"""One server: its ladder of roles, its members, and everything people do there by hand.

Every act is done as the account you are, and Discord's rules hold for it: only a try shows who may do what.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.discord import permissions
from bot.sandbox.discord.invocation import CannotError
from bot.sandbox.discord.pages.room import see_other, snowflake
from bot.sandbox.discord.pages.typed import leaves
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.site import text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.sandbox.discord.model import Guild, Role, User
    from bot.sandbox.discord.pages.room import Room

type Fields = Mapping[str, Any]
type Act = Callable[[Guild, int, Fields], None]

INVITATION = int(Permission.MANAGE_ROLES | Permission.CREATE_INSTANT_INVITE | Permission.KICK_MEMBERS)

_ON_THE_LADDER = ("create-role", "move-role", "delete-role", "power")
_AMONG_MEMBERS = ("give", "take", "kick", "ban", "unban", "transfer")
_PLACES = dict.fromkeys(_ON_THE_LADDER, "#ladder") | dict.fromkeys(_AMONG_MEMBERS, "#members")


class Servers:
    """Servers, roles and members."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._people = people = room.people
        room.site.filters["bits"] = lambda held, name: bool(held & Permission[name])
        self._acts: dict[str, Act] = {
            "create-role": self._create_role,
            "move-role": self._move_role,
            "delete-role": lambda g, by, f: people.delete_role(g.id, _id(f, "role"), by=by),
            "power": self._power,
            "give": lambda g, by, f: people.give_role(g.id, _id(f, "user"), _id(f, "role"), by),
            "take": lambda g, by, f: people.take_role(g.id, _id(f, "user"), _id(f, "role"), by),
            "kick": lambda g, by, f: people.kick(g.id, _id(f, "user"), by),
            "ban": lambda g, by, f: people.ban(g.id, _id(f, "user"), by),
            "unban": lambda g, by, f: people.unban(g.id, _id(f, "user"), by),
            "transfer": self._transfer,
            "join": lambda g, by, _: people.join(g.id, by),
            "leave": lambda g, by, _: people.leave(g.id, by),
            "accept-rules": lambda g, by, _: people.accept_screening(g.id, by),
            "pause-joins": lambda g, by, f: people.pause_joins(g.id, "on" in f, by),
            "screening": lambda g, by, f: people.set_guild(g.id, by=by, screening="on" in f),
        }

    def routes(self) -> list[web.RouteDef]:
        guarded = self._room.guarded
        return [
            web.get("/servers/{guild}", guarded(self.show)),
            web.post("/servers/{guild}/{act}", guarded(self.act)),
        ]

    async def show(self, request: web.Request) -> web.Response:
        guild, you = self._room.guild(request), self._room.looking(request)
        return self._room.show(
            request,
            "server.html",
            guild=guild,
            people=self._members(guild),
            users=self._room.state.users,
            bot_id=self._room.state.app.bot_id,
            app_id=self._room.state.app.id,
            ladder=self._ladder(guild),
            inside=bool(you and you.id in guild.members),
            bot_inside=self._room.state.bot_is_in(guild),
            commands=leaves(self._room.state, guild),
            said=self._said(guild, you),
            invitation=INVITATION,
            powers=POWERS,
        )

    async def act(self, request: web.Request) -> web.Response:
        guild, you = self._room.guild(request), self._room.acting(request)
        act = self._acts.get(request.match_info["act"])
        if act is None:
            raise CannotError("There is no such thing to do here")
        act(guild, you.id, await request.post())
        return see_other(f"/servers/{guild.id}{_PLACES.get(request.match_info['act'], '')}")

    def _ladder(self, guild: Guild) -> list[tuple[Role, str]]:
        """Return the roles from the highest on, each with what the bot can do about it."""
        bot = guild.members.get(self._room.state.app.bot_id)
        top = permissions.top_rank(guild, bot) if bot else (0, 0)
        return [(role, self._reach(guild, role, top)) for role in reversed(guild.ladder())]

    def _reach(self, guild: Guild, role: Role, top: permissions.Rank) -> str:
        if self._room.state.is_bot_role(role):
            return "bot"
        if role.id == guild.id or role.managed:
            return "fixed"
        return "reach" if permissions.rank(role) < top else "high"

    def _members(self, guild: Guild) -> list[tuple[User, list[Role]]]:
        found = [(self._room.state.anybody(each.user_id), each) for each in guild.members.values()]
        return [
            (user, sorted(permissions.roles_of(guild, member), key=permissions.rank, reverse=True))
            for user, member in found
        ]

    def _said(self, guild: Guild, you: User | None) -> list[Any]:
        """Return what the bot has said last where you can read it, newest first."""
        state = self._room.state
        readable = [
            message
            for channel in guild.channels
            for message in state.messages.get(channel, {}).values()
            if you and message.visible_to in (None, you.id)
        ]
        return sorted(readable, key=lambda each: each.id, reverse=True)[:3]

    def _create_role(self, guild: Guild, by: int, form: Fields) -> None:
        name = text(form, "name").strip()
        if not 1 <= len(name) <= 100:
            raise CannotError("A role's name has 1 to 100 characters")
        self._people.create_role(guild.id, name, by=by)

    def _move_role(self, guild: Guild, by: int, form: Fields) -> None:
        """One rung up or down, or above all others."""
        ladder = [role.id for role in guild.ladder()]
        role = _id(form, "role")
        place = ladder.index(role) if role in ladder else 0
        if not place:
            raise CannotError("This role cannot be moved")
        above = {"up": place + 1, "down": place - 2, "top": len(ladder) - 1}.get(text(form, "to"), -1)
        if 0 <= above < len(ladder) and ladder[above] != role:
            self._people.move_role(guild.id, role, above=ladder[above], by=by)

    def _power(self, guild: Guild, by: int, form: Fields) -> None:
        """Give a role a permission, or take it."""
        role = self._room.state.find_role(guild, _id(form, "role"))
        bit = Permission[text(form, "permission")] if text(form, "permission") in POWERS else Permission(0)
        self._people.edit_role(guild.id, role.id, permissions=role.permissions ^ bit, by=by)

    def _transfer(self, guild: Guild, by: int, form: Fields) -> None:
        if by != guild.owner_id:
            raise CannotError("Only the owner hands a server over")
        self._people.transfer(guild.id, _id(form, "user"), by)


POWERS = {
    "ADMINISTRATOR": "Administrator",
    "BAN_MEMBERS": "Ban Members",
    "MANAGE_GUILD": "Manage Server",
    "MANAGE_ROLES": "Manage Roles",
    "KICK_MEMBERS": "Kick Members",
    "CREATE_INSTANT_INVITE": "Create Invite",
}


def _id(form: Fields, name: str) -> int:
    return snowflake(text(form, name))
