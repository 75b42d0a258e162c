"""Guilds as wholes, and their channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord import errors, payloads, rules
from bot.sandbox.discord.calls import Call, Reply, RouteTable
from bot.sandbox.discord.forms import Form
from bot.sandbox.discord.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Guild

TABLE = RouteTable()


def _mine(call: Call) -> Guild:
    """Return the guild; one that the caller is not in is as good as unknown here."""
    guild = call.state.find_guild(call.id("guild_id"))
    if call.actor.id not in guild.members:
        raise errors.unknown_guild()
    return guild


@TABLE.route("GET", "/guilds/{guild_id}")
def guild(call: Call) -> Reply:
    """Return a guild, with counts if asked."""
    found = _mine(call)
    body = payloads.guild(found)
    if call.query.get("with_counts", "").lower() == "true":
        body |= {"approximate_member_count": len(found.members), "approximate_presence_count": 1}
    return Reply(body=body)


@TABLE.route("PATCH", "/guilds/{guild_id}")
def edit_guild(call: Call) -> Reply:
    """Rename a guild, or pause joins through its features."""
    found = _mine(call)
    rules.require(found, call.actor.id, Permission.MANAGE_GUILD)
    form = Form(call.form())
    name = form.text("name", least=2, most=100)
    features = form.array("features", most=100)
    form.done()
    if name:
        call.state.update_guild(found, by=call.by, name=name)
    if features is not None:
        call.state.update_guild(found, by=call.by, invites_disabled="INVITES_DISABLED" in features)
    return Reply(body=payloads.guild(found))


@TABLE.route("GET", "/guilds/{guild_id}/channels")
def channels(call: Call) -> Reply:
    """List a guild's channels."""
    found = rules.guild_of(call.state, call.id("guild_id"), call.actor)
    return Reply(body=[payloads.channel(each, call.state.anybody) for each in found.channels.values()])


@TABLE.route("GET", "/guilds/{guild_id}/audit-logs")
def audit_log(call: Call) -> Reply:
    """Return the newest lines of the audit log, narrowed by who did it and what was done."""
    found = rules.guild_of(call.state, call.id("guild_id"), call.actor)
    rules.require(found, call.actor.id, Permission.VIEW_AUDIT_LOG)
    form = Form(call.query, query=True)
    user_id, action = form.snowflake("user_id"), form.number("action_type")
    before, after = form.snowflake("before"), form.snowflake("after")
    limit = form.number("limit", least=1, most=100) or 50
    form.done()
    entries = [
        entry
        for entry in found.audit
        if (user_id is None or entry.user_id == user_id)
        and (not action or entry.action == action)
        and (before is None or entry.id < before)
        and (after is None or entry.id > after)
    ]
    page = entries[:limit] if after else entries[::-1][:limit]
    named = {each for entry in page for each in (entry.user_id, entry.target_id)} & call.state.users.keys()
    return Reply(
        body={
            "audit_log_entries": [payloads.audit_entry(entry) for entry in page],
            "users": [payloads.user(call.state.anybody(each)) for each in sorted(filter(None, named))],
            "integrations": [],
            "webhooks": [],
            "guild_scheduled_events": [],
            "threads": [],
            "application_commands": [],
            "auto_moderation_rules": [],
        }
    )
