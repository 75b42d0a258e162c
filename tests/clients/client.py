"""A client as a process: where each is installed, how it is started, and what it tells in lines of JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import tempfile
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.discord.server import Discord

type Json = dict[str, Any]

NAMES = ("discordpy", "hikari", "discordjs")
FOLDER = Path(__file__).parent
INSTALLED = FOLDER.parent.parent / "build" / "clients"


class Client:
    """What a running client has told so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[Json] = []
        self._unread = 0
        self._came = asyncio.Event()

    async def listen(self) -> None:
        assert self._process.stdout
        async for line in self._process.stdout:
            self.lines.append(json.loads(line))
            self._came.set()

    async def saw(self, what: str, **more: Any) -> Json:
        """Wait until it tells of this, from where the last waiting ended; return the line."""
        async with asyncio.timeout(20):
            while True:
                while self._unread < len(self.lines):
                    line = self.lines[self._unread]
                    self._unread += 1
                    if line["saw"] == what and line.items() >= more.items():
                        return line
                self._came.clear()
                await self._came.wait()

    def all_of(self, what: str) -> list[Json]:
        """Return what it told of this, without its name."""
        return [
            {key: value for key, value in line.items() if key != "saw"}
            for line in self.lines
            if line["saw"] == what
        ]


def command(name: str) -> list[str]:
    """Return how a client is started."""
    if name == "discordjs":
        return ["node", str(FOLDER / name / "client.js")]
    return [str(INSTALLED / name / "bin" / "python"), "-O", str(FOLDER / name / "client.py")]


@contextlib.asynccontextmanager
async def running(name: str, discord: Discord) -> AsyncIterator[Client]:
    """Start a client against this sandbox; let it end by itself when the test does."""
    environment = os.environ | {
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
        "DISCORD_TOKEN": discord.state.app.token,
        "NODE_PATH": str(INSTALLED / name / "node_modules"),
    }
    with tempfile.TemporaryFile("w+") as said:
        process = await asyncio.create_subprocess_exec(
            *command(name), env=environment, stdin=PIPE, stdout=PIPE, stderr=said
        )
        client = Client(process)
        listening = asyncio.create_task(client.listen())
        try:
            yield client
            assert process.stdin
            process.stdin.close()
            async with asyncio.timeout(10):
                assert await process.wait() == 0
        except BaseException as error:
            said.seek(0)
            error.add_note(f"It saw {client.lines}\nIt said {said.read()[-6000:]}")
            raise
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            await listening
