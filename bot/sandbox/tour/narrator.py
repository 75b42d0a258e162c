"""Tells the story as it is played: what was asked, and what was *seen* of it.

Nothing counts because it was requested. Every line with a tick was looked at, on the sandbox or on a page, until it
was so or its time was up; one that did not hold makes the tour fail, and the story goes on with the next scene.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, TextIO

PATIENCE_S = 12.0
POLL_S = 0.05


class NotSeenError(Exception):
    """What should have been seen was not; the scene cannot go on."""


class Narrator:
    def __init__(self, out: TextIO = sys.stdout) -> None:
        self._out = out
        self._began = time.monotonic()
        self.held = 0
        self.missed: list[str] = []

    def scene(self, title: str) -> None:
        self._say(f"\n{self._elapsed()}  {title}")

    def asked(self, sentence: str) -> None:
        self._say(f"         · {sentence}")

    async def seen[T](
        self, sentence: str, look: Callable[[], Awaitable[T]], expected: T, *, within_s: float = PATIENCE_S
    ) -> None:
        """Look until what is seen equals ``expected``; raises NotSeenError when the time is up."""
        await self.seen_that(
            sentence, look, lambda value: value == expected, f"{expected!r}", within_s=within_s
        )

    async def seen_that[T](
        self,
        sentence: str,
        look: Callable[[], Awaitable[T]],
        holds: Callable[[T], bool],
        expected: str,
        *,
        within_s: float = PATIENCE_S,
    ) -> T:
        """Look until what is seen ``holds``; returns it."""
        ends = time.monotonic() + within_s
        while True:
            value = await look()
            if holds(value):
                self._tick(sentence)
                return value
            if time.monotonic() > ends:
                self._miss(f"{sentence} (expected {expected}, saw {_short(value)})")
            await asyncio.sleep(POLL_S)

    async def stays[T](
        self, sentence: str, look: Callable[[], Awaitable[T]], expected: T, *, for_s: float
    ) -> None:
        """Look again and again for a while: it must be ``expected`` all the time."""
        ends = time.monotonic() + for_s
        while time.monotonic() < ends:
            value = await look()
            if value != expected:
                self._miss(f"{sentence} (expected {expected!r} all along, saw {_short(value)})")
            await asyncio.sleep(POLL_S)
        self._tick(sentence)

    def check(self, sentence: str, *, holds: bool, saw: Any = "") -> None:
        """One look was enough: a value that cannot change any more."""
        if not holds:
            self._miss(f"{sentence} (saw {_short(saw)})")
        self._tick(sentence)

    def broke(self, error: Exception) -> None:
        """A scene could not be played to its end."""
        if not isinstance(error, NotSeenError):
            self.missed.append(f"{type(error).__name__}: {error}")
            self._say(f"         ✗ {type(error).__name__}: {error}")

    def quote(self, title: str, text: str) -> None:
        self._say(f"\n{title}:\n{text}")

    def close(self) -> int:
        """Say how it went; returns the exit code."""
        self._say(f"\n{self._elapsed()}  {self.held} things seen, {len(self.missed)} not.")
        for sentence in self.missed:
            self._say(f"         ✗ {sentence}")
        return 1 if self.missed or not self.held else 0

    def _tick(self, sentence: str) -> None:
        self.held += 1
        self._say(f"         ✓ {sentence}")

    def _miss(self, sentence: str) -> None:
        self.missed.append(sentence)
        self._say(f"         ✗ {sentence}")
        raise NotSeenError(sentence)

    def _elapsed(self) -> str:
        return f"{time.monotonic() - self._began:5.1f} s"

    def _say(self, line: str) -> None:
        self._out.write(line + "\n")
        self._out.flush()


def _short(value: object, most: int = 600) -> str:
    text = repr(value)
    return text if len(text) <= most else text[:most] + "…"
