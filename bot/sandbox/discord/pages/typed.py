"""What is typed into the command box, read as Discord's client reads it: the command, then `option:value` pairs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord.invocation import BOOLEAN, GROUP, INTEGER, NUMBER, SUBCOMMAND, USER, CannotError

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Guild
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]

_OPTION = re.compile(r'(?:^|\s)([\w-]+):("[^"]*"|\S+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A command that can be typed: its whole name, what it is for, and its options."""

    name: str
    description: str
    options: tuple[Json, ...]

    @property
    def needs_more(self) -> bool:
        return any(each.get("required") for each in self.options)

    @property
    def usage(self) -> str:
        return " ".join([f"/{self.name}", *(f"{each['name']}:…" for each in self.options)])


def leaves(state: State, guild: Guild | None) -> list[Leaf]:
    """Return every command that is registered here, its subcommands one by one."""
    places = [None] if guild is None else [None, guild.id]
    return [leaf for at in places for each in state.commands_in(at) for leaf in _below(each, each["name"])]


def _below(command: Json, name: str) -> list[Leaf]:
    options = command.get("options") or []
    branches = [each for each in options if each["type"] in {SUBCOMMAND, GROUP}]
    if branches:
        return [leaf for each in branches for leaf in _below(each, f"{name} {each['name']}")]
    return [Leaf(name=name, description=command.get("description", ""), options=tuple(options))]


def parse(line: str, state: State, guild: Guild | None) -> tuple[str, Json]:
    """Return the command's name and its options; raises CannotError for what Discord would not send."""
    words = line.strip().removeprefix("/")
    found = next((m for m in leaves(state, guild) if re.match(rf"{re.escape(m.name)}(\s|$)", words)), None)
    if found is None:
        raise CannotError(f"There is no command /{words} here")
    rest = words[len(found.name) :]
    if _OPTION.sub("", rest).strip():
        raise CannotError(f"Discord would not send that. Type {found.usage}")
    kinds = {each["name"]: each["type"] for each in found.options}
    given = {name: value.strip('"') for name, value in _OPTION.findall(rest)}
    return found.name, {name: _value(kinds.get(name), value, state) for name, value in given.items()}


def _value(kind: int | None, value: str, state: State) -> Any:
    try:
        if kind in {INTEGER, NUMBER}:
            return int(value) if kind == INTEGER else float(value)
    except ValueError:
        raise CannotError(f"{value} is no number") from None
    if kind == BOOLEAN:
        return value.lower() in {"true", "yes"}
    if kind == USER:
        named = (str(u.id) for u in state.users.values() if u.username == value.removeprefix("@"))
        return next(named, value)
    return value
