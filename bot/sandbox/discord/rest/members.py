"""A guild's members: read, brought in, changed, given and relieved of single roles, put out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord import errors, payloads, rules
from bot.sandbox.discord.calls import NO_CONTENT, Call, Reply, RouteTable
from bot.sandbox.discord.forms import Form
from bot.sandbox.discord.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Guild, Json, Member, Role

TABLE = RouteTable()


def _guild(call: Call) -> Guild:
    return rules.guild_of(call.state, call.id("guild_id"), call.actor)


def _member(call: Call, guild: Guild) -> Member:
    return call.state.find_member(guild, call.id("user_id"))


def _shown(call: Call, member: Member) -> Json:
    return payloads.member(member, call.state.anybody(member.user_id))


@TABLE.route("GET", "/guilds/{guild_id}/members")
def members(call: Call) -> Reply:
    """List members by id, in pages; needs the privileged members intent."""
    guild = _guild(call)
    if not call.state.app.privileged_intents:
        raise errors.missing_access()
    form = Form(call.query, query=True)
    limit, after = form.number("limit", least=1, most=1000) or 1, form.snowflake("after") or 0
    form.done()
    page = sorted(user_id for user_id in guild.members if user_id > after)[:limit]
    return Reply(body=[_shown(call, guild.members[user_id]) for user_id in page])


@TABLE.route("GET", "/guilds/{guild_id}/members/search")
def search_members(call: Call) -> Reply:
    """Find members whose name or nickname starts with `query`."""
    guild = _guild(call)
    form = Form(call.query, query=True)
    start = (form.text("query", most=100, needed=True) or "").lower()
    limit = form.number("limit", least=1, most=1000) or 1
    form.done()
    found = [each for each in guild.members.values() if _named(call, each, start)]
    return Reply(body=[_shown(call, each) for each in found[:limit]])


def _named(call: Call, member: Member, start: str) -> bool:
    user = call.state.anybody(member.user_id)
    return any(
        (name or "").lower().startswith(start) for name in (user.username, user.global_name, member.nick)
    )


@TABLE.route("GET", "/guilds/{guild_id}/members/{user_id}")
def member(call: Call) -> Reply:
    """Return one member."""
    return Reply(body=_shown(call, _member(call, _guild(call))))


@TABLE.route("PUT", "/guilds/{guild_id}/members/{user_id}")
def add_member(call: Call) -> Reply:
    """Bring somebody in with their own token: 201 and the member, or 204 for one who is there already."""
    guild = _guild(call)
    user = call.state.find_user(call.id("user_id"))
    form = Form(call.form())
    token = form.text("access_token", most=10240, needed=True)
    nick, role_ids = form.text("nick", most=32), set(form.snowflakes("roles") or ())
    form.done()
    rules.require(guild, call.actor.id, Permission.CREATE_INSTANT_INVITE)
    _check_token(call, token or "", user.id)
    if user.id in guild.members:
        return NO_CONTENT
    rules.may_join(guild, user)
    if role_ids:
        rules.may_set_roles(call.state, guild, call.actor.id, set(), role_ids)
    if nick:
        rules.require(guild, call.actor.id, Permission.MANAGE_NICKNAMES)
    joined = call.state.add_member(guild, user, role_ids=role_ids, nick=nick)
    return Reply(status=201, body=_shown(call, joined))


def _check_token(call: Call, token: str, user_id: int) -> None:
    """The token is alive, its owner is the user of the path, and it was granted `guilds.join`; else 50025 or 50026."""
    try:
        owner, scopes = call.discord.identify(token)
    except errors.DiscordError:
        raise errors.invalid_oauth_token() from None
    if owner.id != user_id:
        raise errors.invalid_oauth_token()
    if "guilds.join" not in scopes:
        raise errors.missing_oauth_scope()


@TABLE.route("PATCH", "/guilds/{guild_id}/members/@me")
def edit_me(call: Call) -> Reply:
    """Change the bot's own nickname."""
    guild = _guild(call)
    form = Form(call.form())
    nick = form.text("nick", most=32)
    form.done()
    rules.require(guild, call.actor.id, Permission.CHANGE_NICKNAME)
    mine = guild.members[call.actor.id]
    call.state.edit_member(guild, mine, by=call.by, nick=nick)
    return Reply(body=_shown(call, mine))


@TABLE.route("PATCH", "/guilds/{guild_id}/members/{user_id}")
def edit_member(call: Call) -> Reply:
    """Change a member: nickname, whole list of roles, mute, deaf, time-out."""
    guild = _guild(call)
    found = _member(call, guild)
    form = Form(call.form())
    traits = form.given(nick=lambda name: form.text(name, most=32), mute=form.flag, deaf=form.flag)
    until, role_ids = form.time("communication_disabled_until"), form.snowflakes("roles")
    form.done()
    wanted = None if "roles" not in form else set(role_ids or ())
    _check_edit(call, guild, found, form, wanted)
    if wanted is not None:
        call.state.set_roles(guild, found, wanted, by=call.by)
    renamed = {"mute": "muted", "deaf": "deafened"}
    changes = {renamed.get(name, name): value for name, value in traits.items()}
    if "communication_disabled_until" in form:
        changes["timed_out_until"] = until
    call.state.edit_member(guild, found, by=call.by, **changes)
    return Reply(body=_shown(call, found))


_NEEDED = {
    "nick": Permission.MANAGE_NICKNAMES,
    "mute": Permission.MUTE_MEMBERS,
    "deaf": Permission.DEAFEN_MEMBERS,
    "communication_disabled_until": Permission.MODERATE_MEMBERS,
}


def _check_edit(call: Call, guild: Guild, found: Member, form: Form, wanted: set[int] | None) -> None:
    for name, permission in _NEEDED.items():
        if name in form:
            rules.require(guild, call.actor.id, permission)
    if found.user_id != call.actor.id and {"nick", "communication_disabled_until"} & form.body.keys():
        rules.above_member(guild, call.actor.id, found)
    if wanted is not None:
        rules.may_set_roles(call.state, guild, call.actor.id, found.role_ids, wanted)


def _assignable(call: Call) -> tuple[Guild, Member, Role]:
    guild = _guild(call)
    found = _member(call, guild)
    role = call.state.find_role(guild, call.id("role_id"))
    rules.may_assign(guild, call.actor.id, role)
    return guild, found, role


@TABLE.route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def give_role(call: Call) -> Reply:
    """Give one role."""
    guild, found, role = _assignable(call)
    call.state.give_role(guild, found, role, by=call.by)
    return NO_CONTENT


@TABLE.route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def take_role(call: Call) -> Reply:
    """Take one role."""
    guild, found, role = _assignable(call)
    call.state.take_role(guild, found, role, by=call.by)
    return NO_CONTENT


@TABLE.route("DELETE", "/guilds/{guild_id}/members/{user_id}")
def kick(call: Call) -> Reply:
    """Put somebody out."""
    guild = _guild(call)
    found = _member(call, guild)
    rules.may_kick(guild, call.actor.id, found)
    call.state.remove_member(guild, found.user_id, by=call.by)
    return NO_CONTENT
