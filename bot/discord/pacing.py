"""Whose turn it is to ask Discord: the more urgent, then whoever came first; nobody before it is allowed.

nextcord knows no priorities (an urgent call waited 9.7 s behind 500 others). Here every call stands in the line of its
bucket; whenever the global allowance has a place, the first of all lines that are open gets it. A place is taken only by
a call that goes at once, never by one that still waits for its bucket. Nobody is overtaken for ever: who has waited for as
long as their urgency can bear goes before the more urgent who come later.
"""

import asyncio
import heapq
import math
from collections.abc import Mapping
from datetime import timedelta
from itertools import count

import nextcord

from bot.discord.allowances import PER_SECOND, Allowance, GlobalAllowance
from bot.discord.invalid_requests import InvalidRequests
from models.access import Urgency

PATIENCE_S = 60.0
"""Who is told to wait longer comes back later instead of standing in line."""
_BEARS_S = {Urgency.PERSON: 0.0, Urgency.EVENT: 60.0, Urgency.LOOK: 120.0, Urgency.BULK: 240.0}
"""For how long others may overtake a call; all of it fits into one pass of the worker."""
_MANY = 512
BUCKET = "X-RateLimit-Bucket"


class NotNowError(nextcord.DiscordException):
    """Discord wants to be left alone for ``after``: longer than a call may stand in line."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(f"Discord wants to be left alone for {after}")
        self.after = after


class Turn:
    """One call, from the end of the line to its answer; repeated, it keeps its place."""

    def __init__(self, *, number: int, route: str, resource: str, urgency: Urgency) -> None:
        self.number = number
        self.goes_by = asyncio.get_running_loop().time() + _BEARS_S[urgency]
        self.route = route
        self.resource = resource
        self.urgency = urgency
        self.line: Line | None = None
        self.go: asyncio.Future[None] | None = None
        self.place = 0

    def __lt__(self, other: "Turn") -> bool:
        return (self.goes_by, self.number) < (other.goes_by, other.number)

    @property
    def is_waiting(self) -> bool:
        return self.go is not None and not self.go.done()


class Line:
    """Who waits for one bucket of one top-level resource."""

    def __init__(self) -> None:
        self.allowance = Allowance()
        self.waiting: list[Turn] = []

    def first(self) -> Turn | None:
        while self.waiting and not self.waiting[0].is_waiting:
            heapq.heappop(self.waiting)
        return self.waiting[0] if self.waiting else None

    def dismiss(self, error: NotNowError) -> None:
        for turn in self.waiting:
            if turn.is_waiting and turn.go is not None:
                turn.go.set_exception(error)
        self.waiting.clear()


class Pacing:
    def __init__(self, *, invalid: InvalidRequests, per_second: int = PER_SECOND) -> None:
        self.invalid = invalid
        self._everything = GlobalAllowance(per_second)
        self._numbers = count(1)
        self._buckets: dict[str, str] = {}
        self._lines: dict[tuple[str, str], Line] = {}
        self._open: set[Line] = set()
        self._timer: asyncio.Handle | None = None
        self._last_unhurried_at = -math.inf

    def turn(self, route: str, resource: str, *, urgency: Urgency) -> Turn:
        """A place in the line of ``route`` (method and template), whose allowance is that of one ``resource``."""
        return Turn(number=next(self._numbers), route=route, resource=resource, urgency=urgency)

    async def wait(self, turn: Turn) -> None:
        """Stand in line until ``turn`` may go. Raises NotNowError."""
        turn.line, turn.go = self._line(turn), asyncio.get_running_loop().create_future()
        heapq.heappush(turn.line.waiting, turn)
        self._open.add(turn.line)
        self._look_soon()
        try:
            await turn.go
        except asyncio.CancelledError:
            if not turn.go.cancelled() and turn.go.exception() is None:
                self.ended(turn)
            raise

    def answered(self, turn: Turn, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer; every turn that went is answered or :meth:`ended`, once."""
        assert turn.line is not None  # noqa: S101 - it went
        now = asyncio.get_running_loop().time()
        self._everything.answered(turn.place, now)
        turn.line.allowance.put_back()
        named = self._named(turn, headers)
        if BUCKET in headers and "X-RateLimit-Remaining" in headers:
            named.allowance.learn(headers, now)
        elif status < 400:
            named.allowance.learn_unlimited()
        self._look_soon()

    def ended(self, turn: Turn) -> None:
        """Without an answer."""
        assert turn.line is not None  # noqa: S101 - it went
        turn.line.allowance.put_back()
        self._look_soon()

    def block(self, turn: Turn, after_s: float, *, everything: bool) -> None:
        """A 429 said how long to wait: for this bucket of this resource, or for all."""
        assert turn.line is not None  # noqa: S101 - it went
        until = asyncio.get_running_loop().time() + after_s
        (self._everything if everything else self._line(turn).allowance).block(until)
        self._look_soon()

    # --- lines ---------------------------------------------------------------------------------------

    def _line(self, turn: Turn) -> Line:
        key = (self._buckets.get(turn.route, turn.route), turn.resource)
        if key not in self._lines:
            self._forget_idle()
            self._lines[key] = Line()
        return self._lines[key]

    def _named(self, turn: Turn, headers: Mapping[str, str]) -> Line:
        """The line of the bucket that Discord names: routes that share a bucket share the line."""
        went, bucket = turn.line, headers.get(BUCKET)
        assert went is not None  # noqa: S101 - it went
        if bucket is None or went.allowance.bucket == bucket:
            return went
        self._buckets[turn.route] = bucket
        if went.allowance.bucket is None:
            self._lines.pop((turn.route, turn.resource), None)
            named = self._lines.setdefault((bucket, turn.resource), went)
            named.allowance.bucket = bucket
            self._move(went, named)
            return named
        return self._line(turn)

    def _move(self, old: Line, new: Line) -> None:
        if old is new:
            return
        for turn in old.waiting:
            turn.line = new
            heapq.heappush(new.waiting, turn)
        old.waiting.clear()
        self._open.add(new)

    def _forget_idle(self) -> None:
        """Of guilds not asked about for a while nothing need be known."""
        if len(self._lines) < _MANY or len(self._lines) % _MANY:
            return
        now = asyncio.get_running_loop().time()
        for key, line in list(self._lines.items()):
            if line.allowance.is_idle and not line.waiting and line.allowance.opens_at(now) == now:
                del self._lines[key]

    # --- who goes ------------------------------------------------------------------------------------

    def _look_soon(self) -> None:
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_soon(self._look)

    def _look_at(self, when: float) -> None:
        self._stop_timer()
        if when < math.inf:
            self._timer = asyncio.get_running_loop().call_at(when, self._look)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def _look(self) -> None:
        """Let go whoever may, the first of each open line and the first of these before the others."""
        self._timer = None
        now = asyncio.get_running_loop().time()
        firsts, wake = self._firsts(now)
        while firsts:
            gate = self._everything.opens_at(now)
            if gate > now:
                self._look_at(gate)
                return
            turn = heapq.heappop(firsts)
            careful_until = self._last_unhurried_at + self.invalid.pause_s
            if turn.urgency is not Urgency.PERSON and careful_until > now:
                wake = min(wake, careful_until)
                continue
            line = self._let_go(turn, now)
            following = line.first()
            if following is not None and (opens := line.allowance.opens_at(now)) is not None:
                if opens <= now:
                    heapq.heappush(firsts, following)
                else:
                    wake = min(wake, opens)
        self._look_at(wake)

    def _firsts(self, now: float) -> tuple[list[Turn], float]:
        """The first of each line that is open, as a heap, and when the next line opens."""
        firsts, wake = list[Turn](), math.inf
        for line in list(self._open):
            first, opens = line.first(), line.allowance.opens_at(now)
            if first is None:
                self._open.discard(line)
            elif opens is not None and max(opens, self._everything.opens_at(now)) - now > PATIENCE_S:
                line.dismiss(NotNowError(timedelta(seconds=max(opens, self._everything.opens_at(now)) - now)))
            elif opens is not None and opens <= now:
                heapq.heappush(firsts, first)
            elif opens is not None:
                wake = min(wake, opens)
        return firsts, wake

    def _let_go(self, turn: Turn, now: float) -> Line:
        line = turn.line
        assert line is not None and turn.go is not None  # noqa: S101, PT018 - it stands in line
        heapq.heappop(line.waiting)
        line.allowance.take()
        turn.place = self._everything.take(now)
        if turn.urgency is not Urgency.PERSON:
            self._last_unhurried_at = now
        turn.go.set_result(None)
        return line
