"""A gateway session: what a client was sent, so that it can be sent again when it comes back.

The session outlives its socket. That is what makes a dropped connection harmless to a bot that resumes and costly to one that does not.
https://discord.com/developers/docs/events/gateway#resuming
"""

from __future__ import annotations

import json
import time
import zlib
from asyncio import Queue
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiohttp.web import WebSocketResponse

    from bot.sandbox.discord.description.frames import Dialogue

DISPATCH = 0
SENDS_ALLOWED, SENDS_WINDOW_S = 120, 60.0
KEPT_FRAMES = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """Asks the writer of a connection to end it with this code."""

    code: int
    reason: str = ""


class Connection:
    """One socket: a queue of frames out, and a count of frames in."""

    def __init__(
        self,
        socket: WebSocketResponse,
        *,
        compressed: bool,
        cut: Callable[..., None],
        dialogue: Dialogue | None = None,
    ) -> None:
        self._socket = socket
        self.cut = cut
        """End it where it stands, without a close frame; `hard` resets it."""
        self.dialogue = dialogue
        """Listens, where the gateway is held against its documentation."""
        self._deflate = zlib.compressobj() if compressed else None
        self._out: Queue[str | Close] = Queue()
        self._received_at: deque[float] = deque()
        self.closing = False
        self.numb = False
        """Whether it only looks alive: nothing that is sent arrives."""

    def send(
        self, op: int, data: Any = None, *, sequence: int | None = None, name: str | None = None
    ) -> None:
        self.send_text(json.dumps({"op": op, "d": data, "s": sequence, "t": name}))

    def send_text(self, text: str) -> None:
        if not self.closing and not self.numb:
            self._out.put_nowait(text)
            if self.dialogue:
                self.dialogue.sent(text)

    def close(self, code: int, reason: str = "") -> None:
        """End the connection after what is already queued."""
        if not self.closing:
            self.closing = True
            self._out.put_nowait(Close(code=code, reason=reason))

    def too_fast(self) -> bool:
        """Count one frame in; tell whether it is the 121st within a minute."""
        now = time.monotonic()
        self._received_at.append(now)
        while self._received_at[0] < now - SENDS_WINDOW_S:
            self._received_at.popleft()
        return len(self._received_at) > SENDS_ALLOWED

    async def write(self) -> None:
        """Send what is queued until the connection ends."""
        while True:
            item = await self._out.get()
            if isinstance(item, Close):
                await self._socket.close(code=item.code, message=item.reason.encode())
                return
            if self._deflate is None:
                await self._socket.send_str(item)
            else:
                packed = self._deflate.compress(item.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                await self._socket.send_bytes(packed)


@dataclass(slots=True, kw_only=True)
class Losing:
    """How many events more get lost on the way, and of which name."""

    left: int = 0
    name: str | None = None

    def takes(self, name: str) -> bool:
        """Tell whether this event is one of them, and count it."""
        if self.left == 0 or self.name not in {None, name}:
            return False
        self.left -= 1
        return True


@dataclass(slots=True, kw_only=True)
class Session:
    """What one identified client is to be told."""

    id: str
    intents: int
    shard: tuple[int, int] = (0, 1)
    connection: Connection | None = None
    sequence: int = 0
    detached_at: float | None = None
    _frames: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_FRAMES))

    def dispatch(self, name: str, data: Any) -> None:
        """Send an event now, or keep it for when the client resumes."""
        self.sequence += 1
        text = json.dumps({"op": DISPATCH, "d": data, "s": self.sequence, "t": name})
        self._frames.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send_text(text)

    def can_replay(self, after: int) -> bool:
        """Tell whether every event after this sequence number is still here."""
        if after > self.sequence:
            return False
        return after == self.sequence or (bool(self._frames) and self._frames[0][0] <= after + 1)

    def replay(self, after: int) -> None:
        """Send what the client missed to its new connection."""
        if self.connection is not None:
            for sequence, text in self._frames:
                if sequence > after:
                    self.connection.send_text(text)

    def holds(self, guild_id: int | None) -> bool:
        """Tell whether a guild's events go to this shard; those of no guild go to the first."""
        index, count = self.shard
        return index == (0 if guild_id is None else (guild_id >> 22) % count)

    def detach(self) -> None:
        self.connection = None
        self.detached_at = time.monotonic()

    def attach(self, connection: Connection) -> None:
        self.connection = connection
        self.detached_at = None

    def lapsed(self, life_s: float) -> bool:
        """Tell whether the client has been away too long to resume."""
        return self.detached_at is not None and time.monotonic() - self.detached_at > life_s
