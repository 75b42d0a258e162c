"""A guild's bans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord import errors, payloads, rules
from bot.sandbox.discord.calls import NO_CONTENT, Call, Reply, RouteTable
from bot.sandbox.discord.forms import Form
from bot.sandbox.discord.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Ban, Guild, Json

TABLE = RouteTable()


def _guild(call: Call) -> Guild:
    guild = rules.guild_of(call.state, call.id("guild_id"), call.actor)
    rules.require(guild, call.actor.id, Permission.BAN_MEMBERS)
    return guild


def _found(call: Call, guild: Guild) -> Ban:
    ban = guild.bans.get(call.id("user_id"))
    if ban is None:
        raise errors.unknown_ban()
    return ban


def _shown(call: Call, ban: Ban) -> Json:
    return payloads.ban(ban, call.state.anybody(ban.user_id))


@TABLE.route("GET", "/guilds/{guild_id}/bans")
def bans(call: Call) -> Reply:
    """List bans by user id, in pages."""
    guild = _guild(call)
    form = Form(call.query, query=True)
    limit = form.number("limit", least=1, most=1000) or 1000
    before, after = form.snowflake("before"), form.snowflake("after")
    form.done()
    banned = [each for each in sorted(guild.bans) if (after or 0) < each < (before or 1 << 63)]
    page = banned[-limit:] if before else banned[:limit]
    return Reply(body=[_shown(call, guild.bans[each]) for each in page])


@TABLE.route("GET", "/guilds/{guild_id}/bans/{user_id}")
def ban(call: Call) -> Reply:
    """Return one ban."""
    return Reply(body=_shown(call, _found(call, _guild(call))))


@TABLE.route("PUT", "/guilds/{guild_id}/bans/{user_id}")
def create_ban(call: Call) -> Reply:
    """Ban somebody, member or not."""
    guild = _guild(call)
    user = call.state.find_user(call.id("user_id"))
    rules.may_ban(guild, call.actor.id, user.id)
    call.state.ban(guild, user, by=call.by)
    return NO_CONTENT


@TABLE.route("DELETE", "/guilds/{guild_id}/bans/{user_id}")
def remove_ban(call: Call) -> Reply:
    """Lift a ban."""
    guild = _guild(call)
    call.state.unban(guild, call.state.anybody(_found(call, guild).user_id), by=call.by)
    return NO_CONTENT
