"""What a person types, chooses or fills in, turned into the data of an interaction.

Discord's client lets a person send only what is registered and shown: a command that does not exist, an option outside its choices or a
sixth value of a menu of five never reaches a bot. https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import components, payloads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.discord.model import Guild
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER = range(1, 11)
_PLAIN: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
}
_SELECTS_OPTIONS = {components.STRING_SELECT, components.RADIO_GROUP, components.CHECKBOX_GROUP}
_SELECTS_PEOPLE = {components.USER_SELECT, components.MENTIONABLE_SELECT}
_SELECTS_ROLES = {components.ROLE_SELECT, components.MENTIONABLE_SELECT}


class CannotError(Exception):
    """Discord's client does not let this person do that; the message says why."""


@dataclass(slots=True, kw_only=True)
class Resolver:
    """Finds the users, roles and channels that a person names, and keeps them for `resolved`."""

    state: State
    guild: Guild | None
    found: Json = field(default_factory=dict)

    def user(self, value: object) -> str | None:
        user_id = _snowflake(value)
        if user_id not in self.state.users or (self.guild and user_id not in self.guild.members):
            return None
        user = self.state.users[user_id]
        self._keep("users", user_id, payloads.user(user))
        if self.guild:
            member = payloads.member(self.guild.members[user_id], user)
            partial = {key: part for key, part in member.items() if key not in {"user", "deaf", "mute"}}
            self._keep("members", user_id, partial | {"permissions": "0"})
        return str(user_id)

    def role(self, value: object) -> str | None:
        roles = self.guild.roles.values() if self.guild else ()
        role = next((each for each in roles if each.id == _snowflake(value) or each.name == value), None)
        if role is None:
            return None
        self._keep("roles", role.id, payloads.role(role))
        return str(role.id)

    def channel(self, value: object) -> str | None:
        channels = self.guild.channels.values() if self.guild else ()
        channel = next(
            (each for each in channels if each.id == _snowflake(value) or each.name == value), None
        )
        if channel is None:
            return None
        body = payloads.channel(channel, self.state.anybody) | {"permissions": "0"}
        self._keep("channels", channel.id, body)
        return str(channel.id)

    def _keep(self, kind: str, snowflake: int, body: Json) -> None:
        self.found.setdefault(kind, {})[str(snowflake)] = body


def command_data(
    command: Json, path: Sequence[str], given: Json, resolver: Resolver, *, focused: str | None = None
) -> Json:
    """Return an interaction's data for a registered command, its subcommands in `path`, and named options."""
    data: Json = {"id": command["id"], "name": command["name"], "type": command.get("type", 1)}
    if command.get("guild_id"):
        data["guild_id"] = command["guild_id"]
    options = _options(command, list(path), given, resolver, focused)
    if options:
        data["options"] = options
    if resolver.found:
        data["resolved"] = resolver.found
    return data


def focused_type(data: Json) -> int | None:
    """Return the type of the option that is being completed."""
    options = data.get("options") or []
    found = (each["type"] if each.get("focused") else focused_type(each) for each in options)
    return next((each for each in found if each is not None), None)


def _options(
    command: Json, path: list[str], given: Json, resolver: Resolver, focused: str | None
) -> list[Json]:
    known = command.get("options") or []
    branches = {each["name"]: each for each in known if each["type"] in {SUBCOMMAND, GROUP}}
    if branches:
        branch = branches.get(path[0]) if path else None
        if branch is None:
            raise CannotError(f"/{command['name']} has to be followed by one of: {', '.join(branches)}")
        inner = _options(branch, path[1:], given, resolver, focused)
        return [{"type": branch["type"], "name": branch["name"], "options": inner}]
    if path:
        raise CannotError(f"/{command['name']} has no subcommand {path[0]!r}")
    return _values(known, given, resolver, focused)


def _values(known: list[Json], given: Json, resolver: Resolver, focused: str | None) -> list[Json]:
    unknown = set(given) - {each["name"] for each in known}
    if unknown:
        raise CannotError(f"no such option: {', '.join(sorted(unknown))}")
    values = []
    for option in known:
        name = option["name"]
        if name not in given:
            if option.get("required") and focused is None:
                raise CannotError(f"the option {name!r} is required")
            continue
        value: Json = {"type": option["type"], "name": name}
        if name == focused:
            values.append(value | {"value": given[name], "focused": True})
        else:
            values.append(value | {"value": _checked(option, given[name], resolver)})
    return values


def _checked(option: Json, value: Any, resolver: Resolver) -> Any:
    kind = option["type"]
    if kind in _PLAIN:
        return _plain(option, value)
    finders = {
        USER: (resolver.user,),
        ROLE: (resolver.role,),
        CHANNEL: (resolver.channel,),
        MENTIONABLE: (resolver.user, resolver.role),
    }[kind]
    found = next((each for each in (find(value) for find in finders) if each), None)
    if found is None:
        raise CannotError(f"{value!r} is nothing that the option {option['name']!r} can name here")
    return found


def _plain(option: Json, value: Any) -> Any:
    name, kind = option["name"], option["type"]
    if not isinstance(value, _PLAIN[kind]) or (isinstance(value, bool) and kind != BOOLEAN):
        raise CannotError(f"{value!r} is not what the option {name!r} takes")
    choices = option.get("choices") or []
    if choices:
        chosen = next((each["value"] for each in choices if value in (each["value"], each["name"])), None)
        if chosen is None:
            raise CannotError(f"{value!r} is not a choice of the option {name!r}")
        return chosen
    size = len(str(value)) if kind == STRING else value
    least, most = ("min_length", "max_length") if kind == STRING else ("min_value", "max_value")
    if kind != BOOLEAN and not (option.get(least, size) <= size <= option.get(most, size)):
        raise CannotError(f"{value!r} is out of bounds for the option {name!r}")
    return value


def select_data(select: Json, chosen: Sequence[str | int], resolver: Resolver) -> Json:
    """Return an interaction's data for a menu and what was chosen in it, by label, name or id."""
    values = [_select_value(select, each, resolver) for each in chosen]
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not least <= len(set(values)) <= most:
        raise CannotError(f"the menu takes {least} to {most} choices, not {len(set(values))}")
    data: Json = {"component_type": select["type"], "custom_id": select["custom_id"], "values": values}
    if resolver.found:
        data["resolved"] = resolver.found
    return data


def _select_value(select: Json, choice: str | int, resolver: Resolver) -> str:
    kind = select["type"]
    found: str | None = None
    if kind in _SELECTS_OPTIONS:
        options = select.get("options") or []
        found = next(
            (each["value"] for each in options if str(choice) in (each["label"], each["value"])), None
        )
    if kind in _SELECTS_PEOPLE:
        found = resolver.user(choice)
    if found is None and kind in _SELECTS_ROLES:
        found = resolver.role(choice)
    if kind == components.CHANNEL_SELECT:
        found = resolver.channel(choice)
    if found is None:
        raise CannotError(f"{choice!r} is not in the menu")
    return found


def modal_data(modal: Json, filled: Json, resolver: Resolver) -> Json:
    """Return an interaction's data for a modal filled in by label or custom id."""
    left = dict(filled)
    parts = [_modal_part(part, left, resolver) for part in modal["components"]]
    if left:
        raise CannotError(f"the form has no field {', '.join(map(repr, left))}")
    data: Json = {"custom_id": modal["custom_id"], "components": parts}
    return data | ({"resolved": resolver.found} if resolver.found else {})


def _modal_part(part: Json, left: Json, resolver: Resolver) -> Json:
    base = {"type": part["type"], "id": part.get("id", 0)}
    if part["type"] == components.ROW:
        return base | {
            "components": [_field(each, each.get("label"), left, resolver) for each in part["components"]]
        }
    if part["type"] == components.LABEL:
        return base | {"component": _field(part["component"], part.get("label"), left, resolver)}
    return base


def _field(part: Json, label: str | None, left: Json, resolver: Resolver) -> Json:
    key = next((each for each in (part["custom_id"], label) if each in left), None)
    given = left.pop(key) if key is not None else None
    base = {"type": part["type"], "id": part.get("id", 0), "custom_id": part["custom_id"]}
    if part["type"] == components.TEXT_INPUT:
        return base | {"value": _text(part, label, given)}
    if part["type"] == components.CHECKBOX:
        return base | {"value": bool(part.get("default") if given is None else given)}
    values = _chosen(part, label, given, resolver)
    if part["type"] == components.RADIO_GROUP:
        return base | {"value": values[0] if values else None}
    return base | {"values": values}


def _text(part: Json, label: str | None, given: str | None) -> str:
    text: str = part.get("value") or "" if given is None else given
    if not text and part.get("required", True):
        raise CannotError(f"the field {label!r} has to be filled in")
    if text and not part.get("min_length", 0) <= len(text) <= part.get("max_length", 4000):
        raise CannotError(f"the field {label!r} does not take {len(text)} characters")
    return text


def _chosen(part: Json, label: str | None, given: Any, resolver: Resolver) -> list[str]:
    """Return what is chosen in a menu, or ticked in a group; files there are none to hand in."""
    if given is None:
        chosen = [each["value"] for each in part.get("options") or [] if each.get("default")]
        chosen += [each["id"] for each in part.get("default_values") or []]
    else:
        chosen = given if isinstance(given, list) else [given]
    values = [_select_value(part, each, resolver) for each in chosen]
    if not values and not part.get("required", True):
        return values
    ticked = part["type"] == components.CHECKBOX_GROUP
    least, most = part.get("min_values", 1), part.get("max_values", len(part["options"]) if ticked else 1)
    if not least <= len(set(values)) <= most:
        raise CannotError(f"the field {label!r} takes {least} to {most} choices, not {len(set(values))}")
    return values


def _snowflake(value: object) -> int:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else 0
