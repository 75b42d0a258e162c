"""Things that go wrong on demand: refused, slow, cut off before or after the effect, held still, or answered without the effect.

A client can only be trusted to survive the moment between Discord's effect and its own record if that moment can be produced at will:
`hold_after` and `drop_after` are that moment. `ghost` is a complaint from Discord's own tracker: 204, and nothing happened.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.discord.journal import Entry

Do = Literal[
    "status",
    "cloudflare",
    "delay",
    "reset_before",
    "drop_after",
    "half_body",
    "hold_before",
    "hold_after",
    "ghost",
]
Scope = Literal["user", "global", "shared"]
Page = Literal["html", "plain"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong, where, and how often; where several are due, one strikes and the others wait for the next request.

    `route` is `METHOD /template` or `*`; `nth` counts the matching requests from when the fault was set (1 is the next one), None is each
    of them; `times` is how often it strikes, None for ever. `do="status"` answers `status` with `code` and `message`; with 429 also
    `retry_after_s` and `scope`. `do="cloudflare"` answers `status` as Cloudflare does, which stands before Discord: a `page` and none of
    Discord's headers; 429 in `plain` is its `error code: 1015`. `half_body` does what was asked, promises a whole answer, sends half of
    it and cuts; where there is no body, nothing is left out. aiohttp's client repeats GET, PUT and DELETE once by itself after a cut: to reach the code that asked,
    `reset_before` and `drop_after` need `times=2` there.
    """

    do: Do
    route: str = "*"
    method: str | None = None
    guild_id: int | None = None
    nth: int | None = None
    times: int | None = 1
    status: int = 500
    code: int = 0
    message: str | None = None
    delay_s: float = 0.0
    retry_after_s: float = 1.0
    scope: Scope = "user"
    page: Page = "html"

    def concerns(self, entry: Entry) -> bool:
        """Tell whether a request is of the kind that this fault waits for."""
        return (
            self.route in {"*", entry.route}
            and self.method in {None, entry.method}
            and self.guild_id in {None, entry.guild_id}
        )


@dataclass(slots=True)
class _Set:
    fault: Fault
    seen: int = 0
    struck: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def is_due(self, entry: Entry) -> bool:
        """Count a request; tell whether it should be hit."""
        if not self.fault.concerns(entry):
            return False
        self.seen += 1
        spent = self.fault.times is not None and self.struck >= self.fault.times
        return self.seen >= (self.fault.nth or 1) and not spent

    def strike(self) -> Strike:
        """Hit it."""
        self.struck += 1
        return Strike(fault=self.fault, set_as=self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One request hit by one fault."""

    fault: Fault
    set_as: _Set | None = None

    async def hold(self) -> None:
        """Say that the request is here, and wait until it is let go."""
        if self.set_as:
            self.set_as.arrived.set()
            await self.set_as.released.wait()


class Faults:
    """The faults that are set."""

    def __init__(self) -> None:
        self._set: dict[int, _Set] = {}
        self._last_id = 0
        self._hooks: list[Callable[[Entry], Fault | None]] = []

    def add(self, fault: Fault) -> int:
        """Set a fault; return its number."""
        self._last_id += 1
        self._set[self._last_id] = _Set(fault)
        return self._last_id

    def hook(self, callback: Callable[[Entry], Fault | None]) -> None:
        """Ask `callback` about each request before it is looked at; it may return a fault for this one."""
        self._hooks.append(callback)

    def match(self, entry: Entry) -> Strike | None:
        """Count a request with every fault; return the first that strikes."""
        asked = [callback(entry) for callback in self._hooks]
        due = [each for each in self._set.values() if each.is_due(entry)]
        hooked = next((Strike(fault=fault) for fault in asked if fault), None)
        return hooked or (due[0].strike() if due else None)

    async def held(self, fault_id: int, *, timeout_s: float = 10.0) -> None:
        """Wait until a request stands at a `hold_…`; raises TimeoutError if none comes."""
        async with asyncio.timeout(timeout_s):
            await self._set[fault_id].arrived.wait()

    def release(self, fault_id: int) -> None:
        """Let the held request, and those that come after it, go on."""
        self._set[fault_id].released.set()

    def remove(self, fault_id: int) -> None:
        """Take one fault away, if it is still set, and let go what it holds."""
        gone = self._set.pop(fault_id, None)
        if gone:
            gone.released.set()

    def clear(self) -> None:
        """Take all faults away and let go whatever they hold."""
        for each in self._set.values():
            each.released.set()
        self._set.clear()
        self._hooks.clear()
