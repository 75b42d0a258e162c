"""Measures the bot as its users meet it: over the wire, as a process of its own, on the sandbox.

It only measures: nothing here passes or fails. What counts is when something is *seen* in Discord, or applied, not when
a request was answered. The table goes to the screen and the figures to ``build/bench.json``.
"""

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from functools import partial
from io import StringIO
from pathlib import Path
from statistics import median

from bot.sandbox.tour import acts
from bot.sandbox.tour.narrator import Narrator
from bot.sandbox.tour.stage import Person, Stage, raise_curtain

FANS, EVENTS = 20, 300
OUT = Path("build/bench.json")
LONGEST_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    what: str
    value: float
    unit: str


def main() -> int:
    """Measure everything once; returns 0 when all of it could be measured."""
    figures = asyncio.run(_measure())
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n")
    for figure in figures:
        sys.stdout.write(f"{figure.what:<58}{figure.value:>10.2f} {figure.unit}\n")
    return 0


async def _measure() -> list[Figure]:
    async with raise_curtain(Narrator(StringIO())) as stage:
        started = await _seconds(stage.bot.start)
        ana = await stage.owner("Ana")
        await acts.open_server(stage, ana, "Ana's Studio", ("Gold", "Silver"))
        await acts.sell(stage, "Gold", "Silver")
        await acts.set_up(stage, ana, "VIP rooms", {"Gold": ("Gold",), "Silver": ("Silver",)})
        fans = [await acts.buys_and_connects(stage, f"Fan{number}", "Silver") for number in range(FANS)]
        for fan, _ in fans:
            await _until(partial(_has, stage, fan, {"Silver"}))
        return [
            Figure(what="start until it serves people", value=started, unit="s"),
            *await _one_by_one(stage, fans),
            *await _all_at_once(stage, fans),
            *await _intake(stage),
        ]


async def _one_by_one(stage: Stage, fans: list[tuple[Person, str]]) -> list[Figure]:
    """One upgrade after the other: how long a fan who paid waits for the new role."""
    waits = []
    for fan, membership in fans:
        await stage.platform.upgrade(membership, stage.tiers["Gold"])
        waits.append(await _seconds(partial(_until, partial(_has, stage, fan, {"Gold"}))))
    return [
        Figure(what="an upgrade until the role is seen in Discord, median", value=median(waits), unit="s"),
        Figure(what="an upgrade until the role is seen in Discord, slowest", value=max(waits), unit="s"),
    ]


async def _all_at_once(stage: Stage, fans: list[tuple[Person, str]]) -> list[Figure]:
    """Everybody goes back at once: two requests each, at Discord's pace for one server."""

    async def everybody() -> None:
        for _, membership in fans:
            await stage.platform.upgrade(membership, stage.tiers["Silver"])
        for fan, _ in fans:
            await _until(partial(_has, stage, fan, {"Silver"}))

    return [Figure(what=f"{FANS} changes at once in one server", value=await _seconds(everybody), unit="s")]


async def _intake(stage: Stage) -> list[Figure]:
    """Purchases of people without a linked account: until each webhook is answered, which is after it was applied."""
    buyers = [await stage.platform.create_fan(f"Buyer {number}") for number in range(EVENTS)]
    await stage.platform.settled(timeout_s=LONGEST_S)
    await stage.platform.pause_webhooks()
    for buyer in buyers:
        await stage.platform.buy(buyer, stage.tiers["Gold"])

    async def taken() -> None:
        await stage.platform.resume_webhooks()
        await stage.platform.settled(timeout_s=LONGEST_S)

    return [
        Figure(what="webhooks stored and applied", value=EVENTS / await _seconds(taken), unit="per second")
    ]


async def _has(stage: Stage, fan: Person, roles: set[str]) -> bool:
    return await stage.roles(fan) == roles


async def _until(look: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(LONGEST_S):
        while not await look():  # noqa: ASYNC110 - a look is a request; nobody tells us
            await asyncio.sleep(0.005)


async def _seconds(act: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await act()
    return time.perf_counter() - began
