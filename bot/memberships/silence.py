"""How long the platform has not answered, when it was asked for the truth; and that its operator is told.

Whoever asks notes what came of it here. While there is silence, questions rest, longer and longer: a platform that is
down is not helped by ours, and each of them may take as long as its time-out. That ``active`` memberships go on
meanwhile follows from the facts (``bot/access/desired.py``); after a day somebody should know.
"""

from datetime import datetime, timedelta
from http import HTTPStatus

import structlog

from bot.clock import Clock
from bot.memberships.truth import CLOSED, Silent
from models import Silence as Row

log = structlog.get_logger()

FIRST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=10)
TOLD_AFTER = timedelta(hours=24)
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_KEY = 1


class Silence:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rest = FIRST_REST
        self._rests_until: datetime | None = None
        self._heard: bool | None = None
        """What the last answer was, so that an answer after an answer costs no query; None: not known yet."""

    @property
    def rests(self) -> bool:
        """Too early to ask again."""
        return self._rests_until is not None and self._clock() < self._rests_until

    async def heard(self) -> None:
        """The platform answered."""
        self._rest, self._rests_until = FIRST_REST, None
        if self._heard:
            return
        row = await Row.get_or_none(id=_KEY)
        if row:
            await row.delete()
            log.info("platform_answers_again", since=row.since.isoformat())
        self._heard = True

    async def kept(self, silent: Silent) -> None:
        """The platform did not answer; the operator is told after a day, or at once if it refuses our token."""
        if silent.why == CLOSED:
            return
        now = self._clock()
        self._rests_until = now + self._rest
        self._rest = min(2 * self._rest, LONGEST_REST)
        self._heard = False
        row, _ = await Row.get_or_create(defaults={"since": now, "why": silent.why[:64]}, id=_KEY)
        log.info("platform_silent", why=silent.why, since=row.since.isoformat())
        is_time = now >= row.since + TOLD_AFTER or silent.status in _REFUSED
        if is_time and (row.told_at is None or now >= row.told_at + TOLD_AFTER):
            await Row.filter(id=_KEY).update(told_at=now, why=silent.why[:64])
            log.error(
                "platform_gives_no_answers",
                why=silent.why,
                since=row.since.isoformat(),
                meaning="Memberships that are active go on, others end by the clock. Check MEMBERSHIP_API_URL and MEMBERSHIP_API_TOKEN.",
            )

    async def lasted(self) -> timedelta:
        """How long it has been silent; nothing, if it answered last."""
        row = await Row.get_or_none(id=_KEY)
        return self._clock() - row.since if row else timedelta(0)
