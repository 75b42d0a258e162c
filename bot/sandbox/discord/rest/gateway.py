"""Where the gateway is."""

from __future__ import annotations

import math

from bot.sandbox.discord.calls import Call, Reply, RouteTable

TABLE = RouteTable()


@TABLE.route("GET", "/gateway", auth=(None, "Bot"))
def gateway(call: Call) -> Reply:
    """Tell the address."""
    return Reply(body={"url": call.discord.gateway_url})


@TABLE.route("GET", "/gateway/bot")
def gateway_for_bot(call: Call) -> Reply:
    """Tell the address, the shards to open and how many sessions may still be started today."""
    limits, state = call.discord.limits, call.state
    guilds = sum(state.bot_is_in(guild) for guild in state.guilds.values())
    return Reply(
        body={
            "url": call.discord.gateway_url,
            "shards": max(1, math.ceil(guilds / limits.guilds_per_shard)),
            "session_start_limit": limits.session_starts(),
        }
    )
