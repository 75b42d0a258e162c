"""The bot as a process of its own: started, killed and asked the way an operator does it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

STARTS_WITHIN_S = 20.0
STOPS_WITHIN_S = 15.0
BOT = (sys.executable, "-m", "bot", "--env-file", os.devnull)
"""Without the .env of whoever plays: the settings are the sandbox's alone."""


class DidNotStartError(Exception):
    """The bot ended, or was not ready in time; the message holds the end of what it logged."""


class Bot(Protocol):
    """A bot that can be played with, wherever it runs."""

    async def start(self) -> None: ...

    async def kill(self) -> None: ...

    async def stop(self) -> int | None: ...

    async def why(self, guild: int, account: int) -> dict[str, Any]: ...

    async def command(self, *words: str) -> str: ...

    def last_words(self) -> str: ...


class BotProcess:
    """``python -m bot run`` with the given settings and none of the surroundings'."""

    def __init__(
        self, settings: Mapping[str, str], *, log: Path, is_ready: Callable[[], Awaitable[bool]]
    ) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self._environment = {**kept, **settings}
        self._log = log
        self._is_ready = is_ready
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it serves people."""
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *BOT, "run", env=self._environment, stdout=out, stderr=out
            )
        ends = asyncio.get_running_loop().time() + STARTS_WITHIN_S
        while not await self._is_ready():
            if self._process.returncode is not None or asyncio.get_running_loop().time() > ends:
                raise DidNotStartError(self.last_words())
            await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """SIGKILL: no goodbye, nothing put in order."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    async def stop(self) -> int | None:
        """SIGTERM, and SIGKILL if it does not end in time; returns the exit code."""
        if self._process is None or self._process.returncode is not None:
            return None
        self._process.send_signal(signal.SIGTERM)
        try:
            return await asyncio.wait_for(self._process.wait(), STOPS_WITHIN_S)
        except TimeoutError:
            await self.kill()
            return None

    async def ended(self) -> int | None:
        """Wait until it ends by itself; returns the exit code."""
        return None if self._process is None else await self._process.wait()

    async def why(self, guild: int, account: int) -> dict[str, Any]:
        """``python -m bot why``: what the bot believes about a member, and why."""
        told = await self.command("why", "--json", "--guild", str(guild), "--account", str(account))
        answer: dict[str, Any] = json.loads(told)
        return answer

    async def command(self, *words: str) -> str:
        """``python -m bot …``, as an operator types it beside the running bot; returns what it prints."""
        asked = await asyncio.create_subprocess_exec(
            *(*BOT, *words),
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asked.communicate()
        if asked.returncode:
            raise DidNotStartError(f"{' '.join(words)} ended with {asked.returncode}: {err.decode()}")
        return out.decode()

    def last_words(self, most: int = 3000) -> str:
        return self._log.read_text(errors="replace")[-most:] if self._log.exists() else ""
