"""Users: the caller, their servers, their direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord import errors, payloads, rules
from bot.sandbox.discord.calls import NO_CONTENT, Call, Reply, RouteTable
from bot.sandbox.discord.forms import Form

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Json

TABLE = RouteTable()


def _needs(call: Call, scope: str) -> None:
    if call.auth == "Bearer" and scope not in call.scopes:
        raise errors.missing_access()


@TABLE.route("GET", "/users/@me", auth=("Bot", "Bearer"))
def me(call: Call) -> Reply:
    """Return the bot, or the user whose token it is; the address only with the scope `email`."""
    _needs(call, "identify")
    return Reply(body=payloads.private_user(call.actor, email="email" in call.scopes))


@TABLE.route("GET", "/users/@me/guilds", auth=("Bot", "Bearer"))
def my_guilds(call: Call) -> Reply:
    """List the servers of the caller, in pages of at most 200, with what they may do there."""
    _needs(call, "guilds")
    form = Form(call.query, query=True)
    limit = form.number("limit", least=1, most=200) or 200
    after, before = form.snowflake("after"), form.snowflake("before")
    form.done()
    mine = sorted(guild.id for guild in call.state.guilds.values() if call.actor.id in guild.members)
    page = [guild_id for guild_id in mine if guild_id > (after or 0) and guild_id < (before or 1 << 63)]
    page = page[-limit:] if before and not after else page[:limit]
    return Reply(body=[_my_guild(call, guild_id) for guild_id in page])


def _my_guild(call: Call, guild_id: int) -> Json:
    guild = call.state.guilds[guild_id]
    body = payloads.my_guild(
        guild,
        owner=guild.owner_id == call.actor.id,
        permissions=rules.permissions_of(guild, call.actor.id),
    )
    if call.query.get("with_counts", "").lower() == "true":
        body |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return body


@TABLE.route("GET", "/users/@me/guilds/{guild_id}/member", auth=("Bearer",))
def my_member(call: Call) -> Reply:
    """Return the caller as a member; a server they are not in is unknown to them."""
    _needs(call, "guilds.members.read")
    guild = call.state.find_guild(call.id("guild_id"))
    member = guild.members.get(call.actor.id)
    if member is None:
        raise errors.unknown_guild()
    body = payloads.member(member, call.actor)
    return Reply(body=body | {"permissions": str(rules.permissions_of(guild, call.actor.id))})


@TABLE.route("DELETE", "/users/@me/guilds/{guild_id}")
def leave_guild(call: Call) -> Reply:
    """Let the bot leave a server."""
    guild = call.state.find_guild(call.id("guild_id"))
    if call.actor.id not in guild.members:
        raise errors.unknown_guild()
    call.state.remove_member(guild, call.actor.id)
    return NO_CONTENT


@TABLE.route("POST", "/users/@me/channels")
def open_dm(call: Call) -> Reply:
    """Open a direct message; who takes none is found out only when writing."""
    form = Form(call.form())
    recipient_id = form.snowflake("recipient_id", needed=True)
    form.done()
    recipient = call.state.find_user(recipient_id or 0)
    if recipient.id == call.actor.id:
        raise errors.dms_closed()
    channel = call.state.open_dm(recipient)
    return Reply(body=payloads.channel(channel, call.state.anybody, seen_by=call.actor.id))


@TABLE.route("GET", "/users/{user_id}")
def user(call: Call) -> Reply:
    """Return any user."""
    return Reply(body=payloads.user(call.state.find_user(call.id("user_id"))))
