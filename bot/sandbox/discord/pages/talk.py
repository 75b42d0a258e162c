"""Talking with the bot: a command is typed, and its answer is a page whose buttons, menus and forms work.

An answer has an address of its own, because an interaction keeps what came of it: it can be reloaded and come back to,
as a message in Discord can.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.discord.answers import Answer, from_message, from_sight
from bot.sandbox.discord.envelopes import find_message
from bot.sandbox.discord.invocation import CannotError
from bot.sandbox.discord.pages.room import see_other, snowflake
from bot.sandbox.discord.pages.typed import leaves, parse
from bot.sandbox.site import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.discord.interactions import Interaction
    from bot.sandbox.discord.model import Guild
    from bot.sandbox.discord.pages.room import Room

type Json = dict[str, Any]


class Talk:
    """Commands, answers and direct messages."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[web.RouteDef]:
        guarded = self._room.guarded
        return [
            web.get("/dm", guarded(self.direct)),
            web.post("/commands", guarded(self.command)),
            web.get("/answers/{interaction}", guarded(self.answer)),
            web.post("/answers/{interaction}", guarded(self.fill)),
            web.get("/messages/{message}", guarded(self.message)),
            web.post("/messages/{message}/press", guarded(self.press)),
            web.post("/messages/{message}/choose", guarded(self.choose)),
        ]

    async def direct(self, request: web.Request) -> web.Response:
        """Show what the bot and you have written to each other, the newest first."""
        you = self._room.looking(request)
        said = self._room.people.dms(you.id) if you else []
        return self._room.show(
            request,
            "dm.html",
            answers=[from_message(each) for each in reversed(said)],
            commands=leaves(self._room.state, None),
            choices=self._choices(None),
        )

    async def command(self, request: web.Request) -> web.Response:
        you, form = self._room.acting(request), await request.post()
        guild = self._room.state.guilds.get(snowflake(text(form, "guild")))
        name, options = parse(text(form, "line"), self._room.state, guild)
        sight = await self._room.play.command(
            you.id, name, guild=guild.id if guild else None, options=options
        )
        return _to(sight)

    async def answer(self, request: web.Request) -> web.Response:
        """Show what an act has brought: a form to fill in, or every message of it that is still there."""
        interaction = self._interaction(request)
        guild = self._room.state.guilds.get(interaction.act.channel.guild_id or 0)
        first = from_sight(self._room.interactions.sight(interaction))
        more = [] if first.kind == "modal" else self._others(interaction, first)
        return self._room.show(
            request,
            "answer.html",
            command=interaction.act.name,
            guild=guild,
            answers=[first, *more],
            choices=self._choices(guild),
        )

    async def message(self, request: web.Request) -> web.Response:
        """Show one message once more, with what can be pressed on it."""
        you = self._room.acting(request)
        channel, found = find_message(self._room.state, you, snowflake(request.match_info["message"]))
        guild = self._room.state.guilds.get(channel.guild_id or 0)
        body = self._room.interactions.rendered(found) or {}
        return self._room.show(
            request,
            "answer.html",
            command="",
            guild=guild,
            answers=[from_message(body)],
            choices=self._choices(guild),
        )

    async def press(self, request: web.Request) -> web.Response:
        you, form = self._room.acting(request), await request.post()
        message = snowflake(request.match_info["message"])
        return _to(await self._room.play.press(you.id, message, custom_id=text(form, "custom_id")))

    async def choose(self, request: web.Request) -> web.Response:
        you, form = self._room.acting(request), await request.post()
        message = snowflake(request.match_info["message"])
        chosen = [str(each) for each in form.getall("value", [])]
        return _to(await self._room.play.choose(you.id, message, chosen, custom_id=text(form, "custom_id")))

    async def fill(self, request: web.Request) -> web.Response:
        """Send the form in; a browser ends lines with two characters, Discord's client with one."""
        you, form = self._room.acting(request), await request.post()
        fields = _filled(form)
        return _to(await self._room.play.fill(you.id, self._interaction(request).id, fields))

    def _interaction(self, request: web.Request) -> Interaction:
        you = self._room.acting(request)
        try:
            found = self._room.interactions.find(snowflake(request.match_info["interaction"]))
        except KeyError:
            raise CannotError("This answer is no longer there") from None
        if found.act.user.id != you.id:
            raise CannotError(
                f"Only {found.act.user.username} can see this answer, and you are {you.username}"
            )
        return found

    def _others(self, interaction: Interaction, first: Answer) -> list[Answer]:
        shown = (self._room.interactions.rendered(each) for each in interaction.shown)
        others = [from_message(each, interaction_id=interaction.id) for each in shown if each]
        return [each for each in others if each.message_id != first.message_id]

    def _choices(self, guild: Guild | None) -> dict[str, list[tuple[str, str]]]:
        """Return what Discord's own menus offer here: value and label."""
        roles = [r for r in reversed(guild.ladder()) if r.id != guild.id] if guild else []
        members = guild.members if guild else {}
        named = {
            "role_select": [(str(role.id), role.name) for role in roles],
            "user_select": [(str(each), self._room.state.anybody(each).username) for each in members],
            "channel_select": [(str(c.id), c.name or "") for c in guild.channels.values()] if guild else [],
        }
        return named | {"mentionable_select": named["user_select"] + named["role_select"]}


def _to(sight: Json) -> web.Response:
    return see_other(f"/answers/{sight['interaction_id']}")


def _filled(form: Mapping[str, Any]) -> dict[str, str]:
    return {name: text(form, name).replace("\r\n", "\n") for name in form}
