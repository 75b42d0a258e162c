"""Where the bot is killed: one server that is set up, and for each time it is killed somebody who lives through it.

The people are patient: what did not work because the bot was gone, they do again when it is back.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import pytest
from aiohttp import ClientError

from bot.access.audit import Audit
from bot.access.explain import Explain, Explanation
from bot.access.facts import FactsReader
from bot.clock import system_clock
from bot.config import load
from bot.ids import AccountId, GuildId, Member
from bot.sandbox.browser import NotOnPageError
from bot.sandbox.discord.driver import Cannot, DidNotRespond, NeverFinished
from bot.sandbox.tour.narrator import Narrator
from bot.sandbox.tour.stage import Person, Stage
from models import FanOut, Grant, Work
from tests.system.killed.warm import WarmBot

GIVES = {"Gold": ("Gold", "Lounge"), "Silver": ("Silver", "Lounge")}
PATIENCE_S = 15.0
QUIET_S = 0.5
_TRIES_AGAIN = (ClientError, NotOnPageError, Cannot, DidNotRespond, NeverFinished, TimeoutError)

type Moment = Literal["before", "after"]
type Look = Callable[[], Awaitable[bool]]
type Act = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True, order=True)
class Request:
    """One request of a scene: its route, and the how-manieth of that route it is."""

    route: str
    nth: int

    def __str__(self) -> str:
        return f"{self.route} (no. {self.nth})"

    @property
    def only_reads(self) -> bool:
        return self.route.startswith("GET ")


@dataclass(slots=True, kw_only=True)
class Ground(Stage):
    """A stage on which the bot can be killed at a request, and people who go on all the same."""

    bot: WarmBot
    settings: dict[str, str]
    tell: Narrator = field(default_factory=Narrator)
    died: asyncio.Event = field(default_factory=asyncio.Event)

    async def requests_of(self, play: Act) -> list[Request]:
        """Play undisturbed; returns every request that the bot made, in order."""
        self.died.clear()
        await self.is_quiet()
        before = await self.place()
        await play()
        await self.is_quiet()
        seen: dict[str, int] = {}
        found = []
        for entry in await self.discord.journal(before):
            if _is_the_bots(entry):
                seen[entry["route"]] = seen.get(entry["route"], 0) + 1
                found.append(Request(entry["route"], seen[entry["route"]]))
        return found

    async def is_quiet(self) -> None:
        """Nothing is asked any more: looking again and telling people, after what they see, belongs to the scene."""
        place, since = -1, asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() < since + QUIET_S:
            await asyncio.sleep(0.05)
            if place != (place := await self.place()):
                since = asyncio.get_running_loop().time()

    async def killed_at(self, request: Request, moment: Moment, play: Act) -> None:
        """Play, with the bot killed at this request and started again."""
        fault = await self.discord.fault(do=f"hold_{moment}", route=request.route, nth=request.nth)
        held = partial(self.discord.held, fault, timeout_s=PATIENCE_S)
        let_go = partial(self.discord.release, fault)
        await self.killed_when(held, f"{request}, {moment} its effect", play, let_go=let_go)

    async def killed_when(self, held: Act, where: str, play: Act, *, let_go: Act) -> None:
        """Play, with the bot killed as soon as its request is held; then the request is let go, and the bot started."""
        self.died.clear()
        async with asyncio.TaskGroup() as both:
            both.create_task(self._kill_when(held, where, let_go))
            both.create_task(self._played(play, where))

    async def _kill_when(self, held: Act, where: str, let_go: Act) -> None:
        try:
            await held()
        except TimeoutError:
            raise AssertionError(f"the bot never came to {where}") from None
        await self.bot.kill()
        self.died.set()
        await let_go()
        self.bot.launch()

    async def _played(self, play: Act, where: str) -> None:
        try:
            await play()
        except Exception as error:
            raise AssertionError(f"killed at {where}: {error!r}; {self.bot.last_words()}") from error

    async def begins(self) -> None:
        """The bot is started, and serves people: in its second life, if it dies in the first."""
        self.bot.launch()
        await self.died.wait()
        await self.bot.serves()

    async def until(self, look: Look, what: str, *, act: Act | None = None) -> None:
        """A person does something until it is so: once with a bot that lives, and anew when it died meanwhile.

        Whoever is only slow to see it does not do it again: that would be requests of another scene.
        """
        ends = asyncio.get_running_loop().time() + PATIENCE_S
        done = False
        while not await look():
            if asyncio.get_running_loop().time() > ends:
                raise AssertionError(f"not seen: {what}")
            if act and (self.died.is_set() or not done):
                done = await self._try(act)
            await self._a_while(look)

    async def _try(self, act: Act) -> bool:
        """Whether it was done. Whoever sees the bot die does not wait for its answer, but for its return."""
        if self.died.is_set():
            await self.bot.serves()
        doing = asyncio.ensure_future(act())
        dying = asyncio.ensure_future(self.died.wait())
        alive = not self.died.is_set()
        await asyncio.wait({doing, dying} if alive else {doing}, return_when=asyncio.FIRST_COMPLETED)
        for each in (doing, dying):
            each.cancel()
        with suppress(asyncio.CancelledError, *_TRIES_AGAIN):
            await doing
            return True
        return False

    async def _a_while(self, look: Look) -> None:
        for _ in range(20):
            if await look():
                return
            await asyncio.sleep(0.02)

    async def has(self, fan: Person, roles: Collection[str]) -> bool:
        member = await self.discord.member(self.guild, fan.account)
        return member is not None and set(member["roles"]) == set(roles)

    async def is_decided(self, fan: Person, tier: str) -> bool:
        """The bot knows that the fan holds this tier, and has done what it may about it."""
        why = await self._why(fan)
        return await self.is_idle() and any(each.live and each.tier == tier for each in why.reasons)

    async def is_idle(self) -> bool:
        """Nobody is to be looked at now."""
        return not (await FanOut.exists() or await Work.exists(due_at__lte=system_clock()))

    async def place(self) -> int:
        journal = await self.discord.journal()
        return int(journal[-1]["n"]) if journal else 0

    async def has_settled(self, fan: Person) -> None:
        """What was done was looked at once more."""

        async def settled() -> bool:
            (end,) = await self._ends_of([fan])
            return _is_settled(end)

        await self.until(settled, f"everything done for {fan.name}")

    async def ends_alike(
        self, undisturbed: Person, others: Sequence[Person], requests: Sequence[object]
    ) -> None:
        """It ended for each of them, soon, as for the one who was not disturbed; says at which request it did not."""
        strange: dict[str, Any] = {}

        async def alike() -> bool:
            first, *rest = await self._ends_of([undisturbed, *others])
            strange.clear()
            strange.update(
                {
                    str(request): {key: (first[key], end[key]) for key in first if first[key] != end[key]}
                    for request, end in zip(requests, rest, strict=True)
                    if end != first
                }
            )
            return _is_settled(first) and not strange

        try:
            await self.until(alike, "the same end for all")
        except AssertionError:
            pytest.fail(f"ended otherwise than undisturbed: {strange}")

    async def _ends_of(self, fans: Collection[Person]) -> list[dict[str, Any]]:
        """How it ended for each: what Discord shows, and what the bot answers for and still wants to do."""
        return [await self._end_of(fan) for fan in fans]

    async def _why(self, fan: Person) -> Explanation:
        explain = Explain(FactsReader(system_clock, load(self.settings)), Audit(system_clock))
        return await explain.member(Member(GuildId(self.guild), AccountId(fan.account)))

    async def _end_of(self, fan: Person) -> dict[str, Any]:
        shown = await self.discord.member(self.guild, fan.account)
        why = await self._why(fan)
        states = await Grant.filter(account_id=fan.account).values_list("state", flat=True)
        return {
            "shown": sorted(shown["roles"]) if shown else None,
            "stay": why.stay,
            "begun_by_us": why.begun_by_us,
            "roles": sorted((role.name, role.due, role.seen, role.granted) for role in why.roles),
            "grants": sorted(map(str, states)),
            "reasons": sorted((reason.tier, reason.live) for reason in why.reasons),
            "planned": why.planned,
            "troubles": why.troubles,
            "departure": why.departure,
        }


def _is_settled(end: dict[str, Any]) -> bool:
    """Nothing is planned, and every grant was seen."""
    return not end["planned"] and set(end["grants"]) <= {"seen"}


def _is_the_bots(entry: dict[str, Any]) -> bool:
    """Requests that belong to the scene: an answer that came too late for Discord is one of a slow machine only."""
    if entry["route"].endswith("/callback") and entry["status"] == 404:
        return False
    return entry["method"] is not None
