"""The application itself."""

from __future__ import annotations

from bot.sandbox.discord import payloads
from bot.sandbox.discord.calls import Call, Reply, RouteTable

TABLE = RouteTable()


@TABLE.route("GET", "/applications/@me")
@TABLE.route("GET", "/oauth2/applications/@me")
def application(call: Call) -> Reply:
    """Return the caller's application."""
    state = call.state
    count = sum(state.bot_is_in(guild) for guild in state.guilds.values())
    return Reply(body=payloads.application(state.app, state.anybody, guild_count=count))
