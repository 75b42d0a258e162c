"""Takes the platform's webhooks: durable first, then applied, and one odd event never stops the rest.

The answer follows from what became of the message, because a platform acts on it: 2xx means that we have it for good,
503 that it is to come again, 4xx that sending it again is of no use. What is genuine but does not fit the contract is
kept and answered 202: platforms switch off endpoints that keep failing. The row is written in one transaction and
applied in the next, so that a crash between the two leaves an event that ``apply_pending`` finds.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from tortoise.exceptions import IntegrityError

from bot.clock import Clock
from bot.database import STORAGE_ERRORS, transaction
from bot.memberships.apply import Snapshots, Verdict
from bot.memberships.contract import (
    EVENT_TYPES,
    Envelope,
    Problem,
    date_problem,
    fan_of,
    read_envelope,
    read_snapshot,
)
from bot.memberships.reading import read_json
from bot.memberships.rows import is_erased
from bot.memberships.signature import Signatures
from models import InboxEvent
from models.memberships import InboxState

log = structlog.get_logger()

RETRY_AFTER = timedelta(seconds=10)
PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the platform is answered."""

    status: HTTPStatus
    problem: Problem | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An event in the inbox, as an operator sees it."""

    webhook_id: str
    type: str
    state: InboxState
    reason: str | None
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    parked: int
    """Wait for an operator."""
    waiting: int
    """Durable, not yet applied: normally none, for longer than a moment."""
    waiting_since: datetime | None


class Inbox:
    def __init__(self, *, clock: Clock, signatures: Signatures, snapshots: Snapshots) -> None:
        self._clock = clock
        self._signatures = signatures
        self._snapshots = snapshots

    async def receive(self, headers: Mapping[str, str], body: bytes) -> Receipt:
        """Verify, store and apply one delivery; never raises for what a sender or the database did."""
        webhook_id = self._signatures.verified(headers, body)
        if webhook_id is None:
            return Receipt(status=HTTPStatus.UNAUTHORIZED)
        envelope = read_envelope(body)
        if isinstance(envelope, Problem):
            return Receipt(status=HTTPStatus.BAD_REQUEST, problem=envelope)
        try:
            event = await self._store(webhook_id, envelope, body)
        except Exception:  # whatever kept it from being durable, the platform must send it again
            log.exception("webhook_not_stored", webhook_id=webhook_id)
            return Receipt(status=HTTPStatus.SERVICE_UNAVAILABLE, retry_after=RETRY_AFTER)
        if event is None:
            return Receipt(status=HTTPStatus.OK)
        if event.state is InboxState.PARKED:
            await self._alarm(event)
        elif event.state is InboxState.RECEIVED:
            await self._settle(webhook_id)
        return Receipt(status=HTTPStatus.ACCEPTED)

    async def apply_pending(self) -> int:
        """Apply, in order of arrival, what a crash or a busy database left unapplied; say how much there was."""
        settled = 0
        while True:
            waiting = InboxEvent.filter(state=InboxState.RECEIVED).order_by("received_at", "webhook_id")
            webhook_ids = await waiting.limit(PAGE).values_list("webhook_id", flat=True)
            if not webhook_ids:
                return settled
            for webhook_id in webhook_ids:
                if not await self._settle(str(webhook_id)):
                    return settled
                settled += 1

    async def listed(self, state: InboxState, *, newest: int | None = None) -> list[Entry]:
        """Everything in this state, in order of arrival; of many only the ``newest``."""
        found = InboxEvent.filter(state=state)
        if newest is None:
            return [_entry(event) for event in await found.order_by("received_at", "webhook_id")]
        latest = await found.order_by("-received_at", "-webhook_id").limit(newest)
        return [_entry(event) for event in reversed(latest)]

    async def backlog(self) -> Backlog:
        waiting = InboxEvent.filter(state=InboxState.RECEIVED)
        oldest = await waiting.order_by("received_at").first()
        return Backlog(
            parked=await InboxEvent.filter(state=InboxState.PARKED).count(),
            waiting=await waiting.count(),
            waiting_since=oldest.received_at if oldest else None,
        )

    async def take_back(self, webhook_id: str) -> Entry | None:
        """Delete an event that was ignored, such as one that only tried the way; None: none of this id is there."""
        event = await InboxEvent.get_or_none(webhook_id=webhook_id)
        await InboxEvent.filter(webhook_id=webhook_id, state=InboxState.IGNORED).delete()
        return _entry(event) if event else None

    async def replay(self, webhook_id: str, *, confirmed: bool = False) -> Entry | None:
        """Try a parked or ignored event once more; ``confirmed`` is the operator's yes. None: no such event.

        An event in any other state, or one whose fan has been erased, is left as it is.
        """
        again = InboxEvent.filter(
            webhook_id=webhook_id, state__in=(InboxState.PARKED, InboxState.IGNORED)
        ).exclude(body="")
        if await again.update(state=InboxState.RECEIVED, reason=None, settled_at=None):
            await self._settle(webhook_id, confirmed=confirmed)
        event = await InboxEvent.get_or_none(webhook_id=webhook_id)
        return _entry(event) if event else None

    async def purge(self, before: datetime) -> int:
        """Delete, in pages, what was settled and received before ``before``; parked events go too, and are named."""
        old = InboxEvent.filter(received_at__lt=before).exclude(state=InboxState.RECEIVED)
        purged = 0
        while events := await old.limit(PAGE):
            for event in events:
                if event.state is InboxState.PARKED:
                    log.warning("parked_webhook_purged", webhook_id=event.webhook_id, reason=event.reason)
            purged += await InboxEvent.filter(webhook_id__in=[event.webhook_id for event in events]).delete()
        return purged

    async def _store(self, webhook_id: str, envelope: Envelope, body: bytes) -> InboxEvent | None:
        """Make an event durable; None: one with this id is there already."""
        verdict = _first_look(envelope)
        now = self._clock()
        fan_id = fan_of(envelope.type, envelope.data)
        try:
            async with transaction():
                await InboxEvent.create(
                    webhook_id=webhook_id,
                    type=envelope.type.replace("\0", "")[:64],
                    body=body.decode(),
                    fan_id=fan_id,
                    received_at=now,
                    state=verdict.state,
                    reason=verdict.reason,
                    settled_at=None if verdict.state is InboxState.RECEIVED else now,
                )
                if verdict.state is InboxState.PARKED and await is_erased(fan_id):
                    await forget(fan_id)
                return await InboxEvent.get(webhook_id=webhook_id)
        except IntegrityError:
            return None

    async def _settle(self, webhook_id: str, *, confirmed: bool = False) -> bool:
        """Apply one received event; False: the database cannot take it now, and it waits."""
        try:
            event = await self._apply_or_park(webhook_id, confirmed=confirmed)
        except STORAGE_ERRORS:
            log.exception("webhook_not_applied", webhook_id=webhook_id)
            return False
        if event and event.state is InboxState.PARKED:
            await self._alarm(event)
        return True

    async def _apply_or_park(self, webhook_id: str, *, confirmed: bool) -> InboxEvent | None:
        """Park what a mistake of ours keeps from being applied: it must not be tried for ever, before all others."""
        try:
            return await self._apply(webhook_id, confirmed=confirmed)
        except STORAGE_ERRORS:
            raise
        except Exception as error:
            log.exception("webhook_not_applicable", webhook_id=webhook_id)
            return await self._park(webhook_id, f"applying it failed: {type(error).__name__}")

    async def _apply(self, webhook_id: str, *, confirmed: bool) -> InboxEvent | None:
        """Claim, apply and settle in one transaction; None: somebody else did."""
        async with transaction():
            waiting = InboxEvent.filter(webhook_id=webhook_id, state=InboxState.RECEIVED)
            if not await waiting.update(state=InboxState.APPLIED, settled_at=self._clock()):
                return None
            event = await InboxEvent.get(webhook_id=webhook_id)
            verdict = await self._judge(read_json(event.body), confirmed=confirmed)
            await InboxEvent.filter(webhook_id=webhook_id).update(state=verdict.state, reason=verdict.reason)
            if await is_erased(event.fan_id):
                await forget(event.fan_id)
            return await InboxEvent.get(webhook_id=webhook_id)

    async def _judge(self, message: dict[str, Any], *, confirmed: bool) -> Verdict:
        envelope = msgspec.convert(message, type=Envelope)
        doubt = _first_look(envelope)
        if doubt.state is not InboxState.RECEIVED:
            return doubt
        kind, _, change = envelope.type.partition(".")
        snapshot = read_snapshot(kind, envelope.data)
        if isinstance(snapshot, Problem):
            return Verdict(state=InboxState.PARKED, reason=str(snapshot))
        return await self._snapshots.apply(snapshot, deleted=change == "deleted", confirmed=confirmed)

    async def _park(self, webhook_id: str, reason: str) -> InboxEvent | None:
        async with transaction():
            await InboxEvent.filter(webhook_id=webhook_id, state=InboxState.RECEIVED).update(
                state=InboxState.PARKED, reason=reason, settled_at=self._clock()
            )
            return await InboxEvent.get_or_none(webhook_id=webhook_id)

    async def _alarm(self, event: InboxEvent) -> None:
        parked = None
        with suppress(*STORAGE_ERRORS):  # the alarm is worth more than the number in it
            parked = await InboxEvent.filter(state=InboxState.PARKED).count()
        log.error(
            "webhook_parked", webhook_id=event.webhook_id, type=event.type, reason=event.reason, parked=parked
        )


async def forget(fan_id: str | None) -> None:
    """Blank what a fan's events said; what is not yet applied follows when it is.

    Not deleted: the id still has to answer a repetition.
    """
    told = InboxEvent.filter(fan_id=fan_id)
    await told.filter(state=InboxState.PARKED).update(state=InboxState.STALE, reason="its fan was erased")
    await told.exclude(state=InboxState.RECEIVED).update(body="", fan_id=None)


def _first_look(envelope: Envelope) -> Verdict:
    """Say what an event is before any row is looked at: to be applied, ignored, or parked."""
    if envelope.type not in EVENT_TYPES:
        return Verdict(state=InboxState.IGNORED, reason="its type is not known here")
    problem = date_problem("timestamp", envelope.timestamp)
    if problem is None:
        snapshot = read_snapshot(envelope.type.partition(".")[0], envelope.data)
        problem = snapshot if isinstance(snapshot, Problem) else None
    if problem:
        return Verdict(state=InboxState.PARKED, reason=str(problem))
    return Verdict(state=InboxState.RECEIVED)


def _entry(event: InboxEvent) -> Entry:
    return Entry(
        webhook_id=event.webhook_id,
        type=event.type,
        state=event.state,
        reason=event.reason,
        received_at=event.received_at,
    )
