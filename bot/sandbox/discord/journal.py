"""What was asked and what it did, in order: the state can be explained as the fold of these entries.

A request, an act of a person and a gateway command are each one entry; the effects that happen while it is being carried out are
noted in it. Which entry is current is a context variable, so that requests handled at the same time do not mix.
"""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Entry:
    """One act: `route` is `METHOD /template` for a request, `hand …` or `gateway …` otherwise."""

    n: int
    at: datetime
    route: str
    method: str | None = None
    path: str | None = None
    guild_id: int | None = None
    auth: str | None = None
    actor: int | None = None
    body: Any = None
    reason: str | None = None
    status: int | None = None
    code: int | None = None
    effects: list[Json] = field(default_factory=list)
    fault: str | None = None

    def as_json(self) -> Json:
        """Return the entry with ids as strings and the time as ISO 8601."""
        return {
            "n": self.n,
            "at": self.at.isoformat(),
            "route": self.route,
            "method": self.method,
            "path": self.path,
            "guild_id": str(self.guild_id) if self.guild_id else None,
            "auth": self.auth,
            "actor": str(self.actor) if self.actor else None,
            "body": self.body,
            "reason": self.reason,
            "status": self.status,
            "code": self.code,
            "effects": list(self.effects),
            "fault": self.fault,
        }


class Journal:
    """The entries of one sandbox, in the order in which they began."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._current: ContextVar[Entry | None] = ContextVar("current_entry", default=None)

    def open(self, route: str, **known: Any) -> Entry:
        """Begin an entry."""
        entry = Entry(n=len(self.entries) + 1, at=datetime.now(UTC), route=route, **known)
        self.entries.append(entry)
        return entry

    @contextlib.contextmanager
    def recording(self, entry: Entry) -> Iterator[Entry]:
        """Note the effects that happen inside in `entry`."""
        token = self._current.set(entry)
        try:
            yield entry
        finally:
            self._current.reset(token)

    def note(self, effect: Json) -> None:
        """Add an effect to the current entry, or to one of its own where nobody opened one."""
        entry = self._current.get() or self.open("hand")
        entry.effects.append(effect)

    def since(self, n: int = 0, *, route: str | None = None) -> list[Entry]:
        """Return the entries after number `n`, of one route if it is given."""
        return [entry for entry in self.entries[n:] if route is None or entry.route == route]


def differing(record: object, traits: Json) -> Json:
    """Return those of the traits that a record does not have yet, as a journal can hold them."""
    return {name: _plain(value) for name, value in traits.items() if getattr(record, name) != value}


def _plain(value: Any) -> Any:
    """Ids and permissions go as strings, sets as lists, times as text."""
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, bool) or value is None or isinstance(value, str | list | dict):
        return value
    if isinstance(value, int) and value < 1 << 31:
        return value
    return str(value)
