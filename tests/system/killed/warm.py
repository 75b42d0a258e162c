"""The bot as a process of its own that starts in a moment: forked from a server in which it is imported already.

It is the same bot that ``python -m bot run`` starts, on its own database and sockets, and SIGKILL ends it as it would
end that one; only the second of importing is spent once instead of at every start.
"""

import asyncio
import multiprocessing
import multiprocessing.process
import os
import signal
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bot import app
from bot.config import load
from bot.telemetry import configure_logging

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.system.killed.warm"])

STARTS_WITHIN_S = 20.0
STOPS_WITHIN_S = 15.0


class WarmBot:
    """A bot that can be killed at every request: starting it again costs next to nothing."""

    def __init__(
        self, settings: Mapping[str, str], *, log: Path, is_ready: Callable[[], Awaitable[bool]]
    ) -> None:
        self._settings = dict(settings)
        self._log = log
        self._is_ready = is_ready
        self._process: multiprocessing.process.BaseProcess | None = None

    def launch(self) -> None:
        """Start it, without waiting until it serves people."""
        self._process = _CONTEXT.Process(target=_run, args=(self._settings, str(self._log)), daemon=True)
        self._process.start()

    async def start(self) -> None:
        self.launch()
        await self.serves()

    async def serves(self) -> None:
        """Wait until it serves people."""
        async with asyncio.timeout(STARTS_WITHIN_S):
            while not await self._is_ready():  # noqa: ASYNC110 - it happens in another process
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """SIGKILL: no goodbye, nothing put in order."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int | None:
        return await self._end(signal.SIGTERM)

    async def why(self, guild: int, account: int) -> dict[str, Any]:
        raise AssertionError(f"ask the database of this bot yourself about {account} in {guild}")

    async def command(self, *words: str) -> str:
        raise AssertionError(f"nobody types {words} here")

    def last_words(self, most: int = 3000) -> str:
        return self._log.read_text(errors="replace")[-most:] if self._log.exists() else ""

    async def _end(self, how: signal.Signals) -> int | None:
        process, self._process = self._process, None
        if process is None or process.pid is None:
            return None
        if process.is_alive():
            os.kill(process.pid, how)
        async with asyncio.timeout(STOPS_WITHIN_S):
            while process.exitcode is None:  # noqa: ASYNC110 - nor can its end be awaited
                await asyncio.sleep(0.005)
        code = process.exitcode
        process.close()
        return code


def _run(settings: Mapping[str, str], log: str) -> None:
    """What the new process does; its output goes to a file, as a service's does."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    config = load(settings)
    configure_logging(config)
    asyncio.run(app.run(config))
