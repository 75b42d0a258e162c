"""Holds what goes over the gateway against its documentation: frame by frame, and in order.

A client that breaks the protocol has to be closed for it with one of Discord's codes; the sandbox never may break it.
https://discord.com/developers/docs/events/gateway, https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord.description.payloads import SENT_BY_CLIENTS, SENT_BY_DISCORD, dispatched

if TYPE_CHECKING:
    from bot.sandbox.discord.description.ledger import Ledger
    from bot.sandbox.discord.description.schemas import Schemas

type Json = dict[str, Any]

_DISPATCH, _HEARTBEAT, _IDENTIFY, _RESUME, _HELLO = 0, 1, 2, 6, 10
_MOST_BYTES = 4096
_CLOSES = frozenset(range(4000, 4015)) - {4006}
"""The documented close codes; 4006 was removed."""
_FRAME = {"op", "d", "s", "t"}
_NO_FIT = "gateway: a frame that is none"


class Frames:
    """The shapes of all frames; shared by the connections of a process."""

    def __init__(self, schemas: Schemas, ledger: Ledger) -> None:
        self.schemas = schemas
        self.ledger = ledger
        self.events = dispatched(schemas)

    def connection(self, *, by_hand: bool, guest: bool = False) -> Dialogue:
        """Return what listens to one connection; of a `guest`, a library that is not ours, only to what it is told."""
        return Dialogue(self, by_hand=by_hand, guest=guest)


class Dialogue:
    """One gateway connection, listened to."""

    def __init__(self, frames: Frames, *, by_hand: bool, guest: bool) -> None:
        self._frames = frames
        self._guest = guest
        self._by_hand = by_hand
        self._greeted = False
        self._begun = False
        self._sequence: int | None = None

    def received(self, frame: str | bytes, closed_with: int | None) -> None:
        """Note a client's frame, and with which code the connection was closed for it, if it was."""
        name, faults = self._heard(frame)
        if self._guest:
            faults = []
        if closed_with is None:
            counted = [f"let through: {fault}" for fault in faults]
        else:
            counted = [] if self._by_hand else [f"asked: {fault}" for fault in faults]
            if closed_with not in _CLOSES:
                counted.append(f"closed with {closed_with}, which is not documented")
        self._frames.ledger.note(name, counted)

    def sent(self, text: str) -> None:
        """Note a frame of the sandbox's."""
        frame: Json = json.loads(text)
        faults = [] if frame.keys() == _FRAME else [f"a frame has op, d, s and t, not {', '.join(frame)}"]
        faults += self._in_order(frame)
        if frame["op"] == _DISPATCH:
            name, schema = f"gateway event {frame['t']}", self._frames.events.get(frame["t"])
        else:
            what, schema = SENT_BY_DISCORD.get(frame["op"], (f"opcode {frame['op']}", None))
            name = f"gateway receive {what}"
        if schema is None:
            faults.append("is not one that is documented here")
        else:
            faults += self._frames.schemas.faults(schema, frame["d"])
        self._frames.ledger.note(name, [f"sent: {fault}" for fault in faults])

    def crashed(self, error: Exception) -> None:
        """Note that the sandbox fell over a client's frame."""
        self._frames.ledger.note(_NO_FIT, [f"crashed: {error!r}"])

    def _heard(self, raw: str | bytes) -> tuple[str, list[str]]:
        size = len(raw.encode() if isinstance(raw, str) else raw)
        if size > _MOST_BYTES:
            return _NO_FIT, [f"{size} bytes; 4096 are allowed"]
        try:
            frame = json.loads(raw)
        except ValueError:
            return _NO_FIT, ["it is not JSON"]
        if not isinstance(frame, dict) or frame.get("op") not in SENT_BY_CLIENTS:
            return _NO_FIT, ["it has no opcode that clients send"]
        what, schema = SENT_BY_CLIENTS[frame["op"]]
        faults = [*self._timely(frame["op"]), *self._frames.schemas.faults(schema, frame.get("d"))]
        return f"gateway send {what}", faults

    def _timely(self, op: int) -> list[str]:
        if op in {_IDENTIFY, _RESUME}:
            again, self._begun = self._begun, True
            return ["it comes once per connection"] if again and op == _IDENTIFY else []
        return [] if self._begun or op == _HEARTBEAT else ["it comes before Identify"]

    def _in_order(self, frame: Json) -> list[str]:
        faults = []
        if (frame["op"] == _HELLO) == self._greeted:
            faults.append("Hello comes first, and once")
        self._greeted = True
        if frame["op"] != _DISPATCH:
            numbered = frame.get("s") is not None or frame.get("t") is not None
            return [*faults, "s and t are null"] if numbered else faults
        expected = None if self._sequence is None else self._sequence + 1
        if expected is not None and frame["s"] != expected:
            faults.append(f"the sequence number is {frame['s']}, and should be {expected}")
        self._sequence = frame["s"]
        return faults
