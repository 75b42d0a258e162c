"""Application commands, global and of one guild."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import errors, rules
from bot.sandbox.discord.calls import NO_CONTENT, Call, Reply, RouteTable
from bot.sandbox.discord.commands import checked, checked_all

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Json

TABLE = RouteTable()
GLOBAL = "/applications/{application_id}/commands"
OF_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
MOST_OF_TYPE = {1: 100, 2: 15, 3: 15, 4: 1}


def _place(call: Call) -> int | None:
    """Return the guild of the path, None for the global commands; the application must be the caller's."""
    if call.id("application_id") != call.state.app.id:
        raise errors.not_your_application()
    if "guild_id" not in call.params:
        return None
    return rules.guild_of(call.state, call.id("guild_id"), call.actor).id


def _found(call: Call, place: int | None) -> Json:
    command_id = str(call.id("command_id"))
    for command in call.state.commands_in(place):
        if command["id"] == command_id:
            return command
    raise errors.unknown_command()


def _registered(call: Call, place: int | None, body: Json, *, same_as: Json | None = None) -> Json:
    """Return a command as it is kept: the id stays with the name, the version changes with the content."""
    fresh = {
        "id": same_as["id"] if same_as else str(call.state.ids.next()),
        "application_id": str(call.state.app.id),
        "version": str(call.state.ids.next()),
        **body,
    }
    if place is not None:
        fresh["guild_id"] = str(place)
    unchanged = same_as and all(same_as.get(key) == value for key, value in body.items())
    return fresh | {"version": same_as["version"]} if same_as and unchanged else fresh


def _same(commands: list[Json], body: Json) -> Json | None:
    key = (body["type"], body["name"])
    return next((each for each in commands if (each["type"], each["name"]) == key), None)


def _check_count(commands: list[Json]) -> None:
    """Raise 30032 where there are too many commands of one type in one place."""
    for kind, count in Counter(each["type"] for each in commands).items():
        if count > MOST_OF_TYPE[kind]:
            raise errors.too_many_commands(MOST_OF_TYPE[kind])


@TABLE.route("GET", GLOBAL)
@TABLE.route("GET", OF_GUILD)
def commands(call: Call) -> Reply:
    """List them."""
    return Reply(body=call.state.commands_in(_place(call)))


@TABLE.route("PUT", GLOBAL)
@TABLE.route("PUT", OF_GUILD)
def replace(call: Call) -> Reply:
    """Make these the commands; whatever is not among them is gone."""
    place = _place(call)
    bodies = checked_all(call.json, of_guild=place is not None)
    _check_count(bodies)
    known = call.state.commands_in(place)
    kept = [_registered(call, place, body, same_as=_same(known, body)) for body in bodies]
    return Reply(body=call.state.set_commands(place, kept))


@TABLE.route("POST", GLOBAL)
@TABLE.route("POST", OF_GUILD)
def create(call: Call) -> Reply:
    """Add a command (201), or overwrite the one of that name and type (200)."""
    place = _place(call)
    body = checked(call.form(), of_guild=place is not None)
    known = call.state.commands_in(place)
    old = _same(known, body)
    fresh = _registered(call, place, body, same_as=old)
    kept = [*(each for each in known if each is not old), fresh]
    _check_count(kept)
    call.state.set_commands(place, kept)
    return Reply(status=200 if old else 201, body=fresh)


@TABLE.route("GET", GLOBAL + "/{command_id}")
@TABLE.route("GET", OF_GUILD + "/{command_id}")
def command(call: Call) -> Reply:
    """Return one."""
    return Reply(body=_found(call, _place(call)))


@TABLE.route("PATCH", GLOBAL + "/{command_id}")
@TABLE.route("PATCH", OF_GUILD + "/{command_id}")
def edit(call: Call) -> Reply:
    """Change one."""
    place = _place(call)
    old = _found(call, place)
    body = checked({**_writable(old), **call.form()}, of_guild=place is not None)
    fresh = _registered(call, place, body, same_as=old)
    known = call.state.commands_in(place)
    call.state.set_commands(place, [fresh if each is old else each for each in known])
    return Reply(body=fresh)


@TABLE.route("DELETE", GLOBAL + "/{command_id}")
@TABLE.route("DELETE", OF_GUILD + "/{command_id}")
def delete(call: Call) -> Reply:
    """Take one away."""
    place = _place(call)
    old = _found(call, place)
    call.state.set_commands(place, [each for each in call.state.commands_in(place) if each is not old])
    return NO_CONTENT


def _writable(command: Json) -> dict[str, Any]:
    return {
        key: value
        for key, value in command.items()
        if key not in {"id", "application_id", "version", "guild_id"}
    }
