"""Users: the caller, their servers, their direct messages."""

from __future__ import annotations

from bot.sandbox.discord import errors, payloads, permissions
from bot.sandbox.discord.transport import NO_CONTENT, Call, Reply, RouteTable, snowflake

TABLE = RouteTable()


@TABLE.route("GET", "/users/@me", auth=("Bot", "Bearer"))
def me(call: Call) -> Reply:
    """Return the bot, or the user whose token it is."""
    if call.auth == "Bearer" and "identify" not in call.scopes:
        raise errors.missing_oauth_scope()
    email = call.auth == "Bearer" and "email" in call.scopes
    return Reply(body=payloads.private_user(call.actor, email=email))
