"""A guild's roles and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import payloads, rules
from bot.sandbox.discord.calls import NO_CONTENT, Call, Reply, RouteTable
from bot.sandbox.discord.forms import Form, listed

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Guild, Json

TABLE = RouteTable()


def _guild(call: Call) -> Guild:
    return rules.guild_of(call.state, call.id("guild_id"), call.actor)


def _listed(guild: Guild) -> list[Json]:
    return [payloads.role(role) for role in guild.ladder()]


def _traits(form: Form) -> dict[str, Any]:
    """Read a role's fields; null means Discord's default."""
    traits = form.given(
        name=lambda name: form.text(name, least=1, most=100),
        permissions=form.permissions,
        color=lambda name: form.number(name, most=0xFFFFFF),
        hoist=form.flag,
        mentionable=form.flag,
    )
    if form.body.get("colors") is not None:
        colors = form.inner("colors", form.body["colors"])
        traits["color"] = colors.number("primary_color", most=0xFFFFFF)
    form.done()
    defaults = {"name": "new role", "permissions": 0, "color": 0, "hoist": False, "mentionable": False}
    return {name: defaults[name] if value is None else value for name, value in traits.items()}


@TABLE.route("GET", "/guilds/{guild_id}/roles")
def roles(call: Call) -> Reply:
    """List the roles."""
    return Reply(body=_listed(_guild(call)))


@TABLE.route("GET", "/guilds/{guild_id}/roles/member-counts")
def member_counts(call: Call) -> Reply:
    """Count who holds each role; @everyone is left out."""
    guild = _guild(call)
    counts = {str(role_id): 0 for role_id in guild.roles if role_id != guild.id}
    for member in guild.members.values():
        for role_id in member.role_ids:
            counts[str(role_id)] += 1
    return Reply(body=counts)


@TABLE.route("GET", "/guilds/{guild_id}/roles/{role_id}")
def role(call: Call) -> Reply:
    """Return one role."""
    return Reply(body=payloads.role(call.state.find_role(_guild(call), call.id("role_id"))))


@TABLE.route("POST", "/guilds/{guild_id}/roles")
def create_role(call: Call) -> Reply:
    """Add a role; without permissions named it gets those of @everyone."""
    guild = _guild(call)
    traits = {
        "permissions": guild.everyone.permissions,
        **_traits(Form({} if call.json is None else call.form())),
    }
    rules.may_create_role(guild, call.actor.id, traits["permissions"])
    return Reply(body=payloads.role(call.state.create_role(guild, by=call.by, **traits)))


@TABLE.route("PATCH", "/guilds/{guild_id}/roles")
def move_roles(call: Call) -> Reply:
    """Put roles at other positions."""
    guild = _guild(call)
    form, items = listed(call.json)
    wanted: dict[int, int] = {}
    for each in items:
        role_id, position = each.snowflake("id", needed=True), each.number("position")
        if role_id is not None and position is not None:
            wanted[role_id] = position
    form.done()
    rules.may_move_roles(call.state, guild, call.actor.id, wanted)
    call.state.move_roles(guild, wanted, by=call.by)
    return Reply(body=_listed(guild))


@TABLE.route("PATCH", "/guilds/{guild_id}/roles/{role_id}")
def edit_role(call: Call) -> Reply:
    """Change a role."""
    guild = _guild(call)
    found = call.state.find_role(guild, call.id("role_id"))
    traits = _traits(Form(call.form()))
    rules.may_edit_role(guild, call.actor.id, found, permissions=traits.get("permissions"))
    return Reply(body=payloads.role(call.state.edit_role(guild, found, by=call.by, **traits)))


@TABLE.route("DELETE", "/guilds/{guild_id}/roles/{role_id}")
def delete_role(call: Call) -> Reply:
    """Delete a role."""
    guild = _guild(call)
    found = call.state.find_role(guild, call.id("role_id"))
    rules.may_delete_role(guild, call.actor.id, found)
    call.state.delete_role(guild, found, by=call.by)
    return NO_CONTENT
