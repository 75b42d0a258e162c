"""How the bot stands: read from its rooms when it is asked, in figures for machines and in sentences for people.

``lacking`` is what keeps it from doing its work now; ``attention`` is what waits for a person while it goes on working.
Both say what to do, because whoever reads them was woken by an alarm.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bot.access.holds import Holds
from bot.access.ledger import Ledger
from bot.access.refusals import Refusals
from bot.access.work import Work
from bot.clock import Clock
from bot.discord.client import Client
from bot.discord.invalid_requests import BAN_AT
from bot.integrations.health import Health
from bot.memberships.asking import Asking
from bot.memberships.inbox import Inbox
from bot.memberships.outbox import Outbox
from bot.memberships.silence import TOLD_AFTER
from bot.schedule import JobHealth, Schedule

log = structlog.get_logger()

DOWN_FOR_LONG = timedelta(minutes=3)
SEEN_WITHIN = timedelta(hours=1)
"""Every grant is to be seen within an hour of its write (DESIGN §6.4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    name: str
    meaning: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Everything that was looked at, at one instant."""

    gateway_down: timedelta
    """Nothing while it is connected."""
    jobs: list[JobHealth]
    refused_requests: int
    work_due: int
    work_waits: timedelta
    webhooks_parked: int
    webhooks_waiting: int
    webhooks_wait: timedelta
    events_to_tell: int
    events_wait: timedelta
    platform_silent: timedelta
    awaiting_word: int
    memberships_missing: int
    holds: int
    guilds_set_aside: int
    integrations_in_trouble: int
    grants_unseen: int
    grants_unseen_for: timedelta

    @property
    def lacking(self) -> list[str]:
        """One word for each part that the bot cannot work without and has not."""
        overdue = [job.name for job in self.jobs if job.overdue]
        return [*(["gateway"] if self.gateway_down else []), *overdue]

    @property
    def attention(self) -> list[str]:
        return list(_attention(self))

    @property
    def figures(self) -> list[Figure]:
        return list(_figures(self))


class Vitals:
    def __init__(  # noqa: PLR0913 - the rooms it looks into
        self,
        *,
        clock: Clock,
        client: Client,
        schedule: Schedule,
        work: Work,
        inbox: Inbox,
        outbox: Outbox,
        asking: Asking,
        holds: Holds,
        refusals: Refusals,
        health: Health,
        ledger: Ledger,
    ) -> None:
        self._clock = clock
        self._client = client
        self._schedule = schedule
        self._work = work
        self._inbox = inbox
        self._outbox = outbox
        self._asking = asking
        self._holds = holds
        self._refusals = refusals
        self._health = health
        self._ledger = ledger
        self._heard_at = clock()
        self._alarmed = False

    async def read(self) -> Reading:
        due, due_since = await self._work.backlog()
        unseen, unseen_since = await self._ledger.unseen()
        inbox = await self._inbox.backlog()
        return Reading(
            gateway_down=self._gateway_down(),
            jobs=self._schedule.health(),
            refused_requests=self._client.invalid_requests,
            work_due=due,
            work_waits=self._since(due_since),
            webhooks_parked=inbox.parked,
            webhooks_waiting=inbox.waiting,
            webhooks_wait=self._since(inbox.waiting_since),
            events_to_tell=await self._outbox.waiting(),
            events_wait=self._since(await self._outbox.waiting_since()),
            platform_silent=await self._asking.silence.lasted(),
            awaiting_word=await self._asking.questions.awaiting_word(),
            memberships_missing=await self._asking.questions.count_missing(),
            holds=await self._holds.count(),
            guilds_set_aside=await self._refusals.count(),
            integrations_in_trouble=await self._health.troubled(),
            grants_unseen=unseen,
            grants_unseen_for=self._since(unseen_since),
        )

    async def watch(self) -> None:
        """Log it once when the gateway has been away for minutes, and once when it is back; call it often."""
        down = self._gateway_down()
        if not self._alarmed and down > DOWN_FOR_LONG:
            self._alarmed = True
            log.error("gateway_down", seconds=round(down.total_seconds()))
        elif self._alarmed and not down:
            self._alarmed = False
            log.info("gateway_back")

    def _gateway_down(self) -> timedelta:
        now = self._clock()
        if self._client.listening:
            self._heard_at = now
            return timedelta(0)
        return max(now - self._heard_at, timedelta(milliseconds=1))

    def _since(self, instant: datetime | None) -> timedelta:
        return max(self._clock() - instant, timedelta(0)) if instant else timedelta(0)


def _attention(reading: Reading) -> Iterator[str]:
    """Sentences, the most pressing first."""
    if reading.gateway_down > DOWN_FOR_LONG:
        yield "Discord has not been heard for minutes. Look at https://discordstatus.com and the log."
    for job in reading.jobs:
        if job.overdue:
            minutes = round(job.idle.total_seconds() / 60)
            yield f"The job '{job.name}' has not succeeded for {minutes} minutes. Look at the log."
    if reading.webhooks_parked:
        yield f"{reading.webhooks_parked} webhooks are parked. See: python -m bot inbox list"
    yield from _about_the_platform(reading)
    if reading.holds:
        yield f"{reading.holds} ends of access are held by the brake. See: python -m bot holds list"
    if reading.grants_unseen_for > SEEN_WITHIN:
        yield "A role given more than an hour ago was not seen yet. Look for refusals in the log."
    if reading.refused_requests > BAN_AT / 10:
        yield f"Discord refused {reading.refused_requests} requests in 10 minutes; at {BAN_AT} it bans the address."
    if reading.guilds_set_aside:
        yield f"{reading.guilds_set_aside} servers refuse the bot and are set aside. See: python -m bot doctor"
    if reading.integrations_in_trouble:
        yield f"{reading.integrations_in_trouble} integrations need their creator. See: python -m bot doctor"


def _about_the_platform(reading: Reading) -> Iterator[str]:
    if reading.platform_silent > TOLD_AFTER:
        yield "The platform has not answered for a day. Check MEMBERSHIP_API_URL and MEMBERSHIP_API_TOKEN."
    if reading.memberships_missing:
        yield f"The platform does not know {reading.memberships_missing} memberships; they go on. Ask it about those in the log."


def _figures(reading: Reading) -> Iterator[Figure]:
    for name, meaning in _MEANINGS.items():
        value = getattr(reading, name.removesuffix("_seconds"))
        yield Figure(
            name=name,
            meaning=meaning,
            value=value.total_seconds() if isinstance(value, timedelta) else value,
        )
    yield Figure(
        name="gateway_up", meaning="1 while the gateway is connected", value=not reading.gateway_down
    )
    for job in reading.jobs:
        yield Figure(
            name="job_idle_seconds",
            meaning="How long ago each scheduled job last succeeded",
            value=job.idle.total_seconds(),
            labels={"job": job.name},
        )
        yield Figure(
            name="job_overdue",
            meaning="1 while a job has not succeeded for several of its periods",
            value=job.overdue,
            labels={"job": job.name},
        )


_MEANINGS = {
    "gateway_down_seconds": "How long the gateway has been away; 0 while it is connected",
    "refused_requests": "Answers of 401, 403 and 429 (not shared) by Discord in the last 10 minutes; 10000 are a ban",
    "work_due": "Members whose Discord state may be out of date and whose time has come",
    "work_waits_seconds": "How long the longest waiting of them has been due",
    "webhooks_parked": "Webhooks that were verified but could not be applied; they wait for an operator",
    "webhooks_waiting": "Webhooks that are stored and not applied yet",
    "webhooks_wait_seconds": "How long the oldest of them has waited",
    "events_to_tell": "Events for the platform that were not delivered yet",
    "events_wait_seconds": "How long the oldest of them has waited",
    "platform_silent_seconds": "How long the platform has not answered when asked; 0 if it answered last",
    "awaiting_word": "Active memberships that ran out by the clock and go on until the platform says that they ended",
    "memberships_missing": "Memberships that the platform, asked, did not know",
    "holds": "Members whose end of access the brake holds back; they wait for an operator",
    "guilds_set_aside": "Servers that refused the bot and are left alone for a day",
    "integrations_in_trouble": "Integrations that need their creator",
    "grants_unseen": "Roles that were given, or are to be, and not seen on their member yet",
    "grants_unseen_for_seconds": "How long the oldest of them has waited",
}
