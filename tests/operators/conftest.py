"""The sandbox, a bot at work on it, and the command line as an operator meets it: a process and its sentences."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot import app
from bot.assembly import House
from bot.config import Config, load
from bot.sandbox.discord.driver import Driver
from bot.sandbox.run import Sandbox, sandbox
from bot.sandbox.tour.addresses import free_address
from tests.waiting import until

ROOT = Path(__file__).parents[2]
HURRIED = {"SWEEP_EVERY": "200ms", "CONFIRM_AFTER": "1s"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    status: int | None
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where a bot can run: a sandbox, settings that name it, and a database of its own."""

    sandbox: Sandbox
    driver: Driver
    settings: Mapping[str, str]

    def config(self, **changes: str) -> Config:
        return load({**self.settings, **changes})

    @asynccontextmanager
    async def bot(self, **changes: str) -> AsyncIterator[House]:
        """The bot at work, in this process, heard by Discord."""
        async with app.running(self.config(**changes)) as house:
            await until(lambda: house.client.listening, "the gateway listening")
            yield house

    async def command(self, *arguments: str, **changes: str) -> Ended:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "--env-file", os.devnull, *arguments),
            cwd=ROOT,
            env={**self.settings, **changes},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Ended(status=process.returncode, out=out.decode(), err=err.decode())

    async def readyz(self) -> tuple[int, dict[str, Any]]:
        async with ClientSession() as http, http.get(f"http://{self.settings['OPS_BIND']}/readyz") as answer:
            return answer.status, await answer.json()

    async def metrics(self) -> dict[str, float]:
        async with ClientSession() as http, http.get(f"http://{self.settings['OPS_BIND']}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return {
            name: float(value) for name, value in (line.split() for line in lines if not line.startswith("#"))
        }


@pytest.fixture
async def ground(database_url: str) -> AsyncIterator[Ground]:
    bind = free_address()
    async with sandbox(bot_url=f"http://{bind}") as served, Driver(served.discord.url) as driver:
        served.discord.limits.enabled = False
        settings = served.environment(ops_bind=free_address(), database_url=database_url)
        yield Ground(sandbox=served, driver=driver, settings=settings | HURRIED)
