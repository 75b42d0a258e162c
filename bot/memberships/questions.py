"""Asks the platform about ``active`` memberships that were paid until now, before they run out by the clock.

A renewal's event may be late, or lost: an hour after ``paid_until`` the platform is asked, again at growing distances,
and once more when the slack is over. Only an answer from then, that the same snapshot still stands, lets the end
happen (``unpaid_at``; the decision is ``bot/access/desired.py``'s). An unknown membership and silence prove nothing:
access goes on, and it is reported. The questions that are open are rows with ``ask_at``; applying a snapshot writes it.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from tortoise.queryset import QuerySet

from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.ids import FanId, MembershipId
from bot.memberships.apply import Snapshots
from bot.memberships.contract import MembershipSnapshot
from bot.memberships.ports import Work
from bot.memberships.silence import Silence
from bot.memberships.truth import Silent, Truth, Unknown
from models import Membership
from models.memberships import MembershipStatus

log = structlog.get_logger()

AT_ONCE = 8
AT_MOST = timedelta(minutes=1)
"""How long one call goes on; what is still due then is the next one's."""
AGAIN = timedelta(hours=1)
"""After an answer that could not be used, while others could."""
DAY = timedelta(days=1)


class Questions:
    """``truth`` None: the platform cannot be asked, and nothing is."""

    def __init__(  # noqa: PLR0913 - the rooms it stands between
        self,
        *,
        clock: Clock,
        config: Config,
        truth: Truth | None,
        snapshots: Snapshots,
        silence: Silence,
        work: Work,
    ) -> None:
        self._clock = clock
        self._slack = config.slack
        self._truth = truth
        self._snapshots = snapshots
        self._silence = silence
        self._work = work
        self._looked_back = False

    async def ask_due(self) -> int:
        """Ask what is due, a few at once; stop when nobody answers. Say how many answers came."""
        answered = 0
        if self._truth is None or self._silence.rests:
            return answered
        if not self._looked_back:
            await self._look_back()
            self._looked_back = True
        pause_at = asyncio.get_running_loop().time() + AT_MOST.total_seconds()
        while asyncio.get_running_loop().time() < pause_at and (rows := await self._due()):
            asked_at = self._clock()
            answers = await _all_at_once(self._truth, rows)
            silent = [answer for answer in answers if isinstance(answer, Silent)]
            if len(silent) == len(answers):
                await self._silence.kept(silent[0])
                break
            await self._silence.heard()
            answered += len(answers) - len(silent)
            for row, answer in zip(rows, answers, strict=True):
                await self._settle(row, answer, asked_at)
        return answered

    async def awaiting_word(self) -> int:
        """How many memberships ran out by the clock and go on because nobody said that they ended."""
        if self._truth is None:
            return 0
        late = self._clock() - self._slack
        return await _active().filter(ask_at__isnull=False, paid_until__lte=late).count()

    async def missing(self) -> list[MembershipId]:
        """The memberships that the platform, asked, did not know, the longest missing first."""
        ids = Membership.filter(missing_since__isnull=False).order_by("missing_since", "id")
        return [MembershipId(str(found)) for found in await ids.values_list("id", flat=True)]

    async def count_missing(self) -> int:
        return await Membership.filter(missing_since__isnull=False).count()

    async def _due(self) -> list[Membership]:
        return await _active().filter(ask_at__lte=self._clock()).order_by("ask_at", "id").limit(AT_ONCE)

    async def _look_back(self) -> None:
        """Open again what was answered before the slack was set longer, or stored before there were questions."""
        now = self._clock()
        closed = (
            await _active()
            .filter(ask_at__isnull=True, paid_until__lte=now)
            .only("id", "paid_until", "unpaid_at")
        )
        for row in closed:
            if row.paid_until and (row.unpaid_at is None or row.unpaid_at < row.paid_until + self._slack):
                await _active().filter(id=row.id, ask_at__isnull=True).update(ask_at=now)

    async def _settle(
        self, row: Membership, answer: MembershipSnapshot | Unknown | Silent, asked_at: datetime
    ) -> None:
        same = Membership.filter(id=row.id, version=row.version)
        match answer:
            case Silent(why=why):
                log.warning("truth_unusable", membership_id=row.id, why=why)
                await same.update(ask_at=asked_at + AGAIN)
            case Unknown():
                if row.missing_since is None:
                    log.warning("membership_unknown_to_platform", membership_id=row.id)
                again = self._next(row, asked_at) or asked_at + DAY
                await same.update(ask_at=again, missing_since=row.missing_since or asked_at)
            case MembershipSnapshot():
                await self._answered(row, answer, asked_at)

    async def _answered(self, row: Membership, answer: MembershipSnapshot, asked_at: datetime) -> None:
        async with transaction():
            await self._snapshots.apply(answer)
            same = _active().filter(id=row.id, version=row.version)
            if not await same.exists():  # renewed, ended, or changed meanwhile: its snapshot says the rest
                return
            if not _still_stands(row, answer):
                log.warning("truth_contradicts_its_version", membership_id=row.id, version=answer.version)
                await same.update(ask_at=asked_at + AGAIN)
                return
            again = self._next(row, asked_at)
            await same.update(unpaid_at=asked_at, ask_at=again, missing_since=None)
            if again is None:
                await self._work.mark_fan(FanId(row.fan_id))

    def _next(self, row: Membership, asked_at: datetime) -> datetime | None:
        """When to ask again: twice as long after ``paid_until``, and when the slack is over; None: it is over."""
        assert row.paid_until is not None  # noqa: S101 - what has no end has no question
        over_at = row.paid_until + self._slack
        if asked_at >= over_at:
            return None
        return min(asked_at + (asked_at - row.paid_until), over_at)


async def _all_at_once(truth: Truth, rows: list[Membership]) -> list[MembershipSnapshot | Unknown | Silent]:
    async with asyncio.TaskGroup() as owner:
        asking = [owner.create_task(truth.membership(MembershipId(row.id))) for row in rows]
    return [task.result() for task in asking]


def _still_stands(row: Membership, answer: MembershipSnapshot) -> bool:
    """Whether the platform says just what is stored; an older version is a copy that lags behind."""
    return (answer.version, answer.status, answer.paid_until) == (
        row.version,
        row.status.value,
        row.paid_until,
    )


def _active() -> QuerySet[Membership]:
    return Membership.filter(status=MembershipStatus.ACTIVE)
