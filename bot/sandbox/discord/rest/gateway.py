"""Where the gateway is."""

from __future__ import annotations

from bot.sandbox.discord.calls import Call, Reply, RouteTable

TABLE = RouteTable()


@TABLE.route("GET", "/gateway", auth=(None, "Bot"))
def gateway(call: Call) -> Reply:
    """Tell the address."""
    return Reply(body={"url": call.discord.gateway_url})


@TABLE.route("GET", "/gateway/bot")
def gateway_for_bot(call: Call) -> Reply:
    """Tell the address, the shards to open and how many sessions may still be started today."""
    starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return Reply(body={"url": call.discord.gateway_url, "shards": 1, "session_start_limit": starts})
