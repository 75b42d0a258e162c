"""The life of a membership: bought, renewed, failing, ended; each step is one new snapshot.

Which step is possible from which status is written down once, so that a story told in a test that no
platform could tell is refused instead of believed.
"""

from datetime import datetime, timedelta
from typing import Any

from .records import MONTH, Creator, Fan, Json, Membership, Tier
from .state import RefusedError, State

LIVING = frozenset({"active", "canceled", "past_due", "paused"})
ENDED = frozenset({"expired", "refunded", "disputed"})
ANY = LIVING | ENDED

POSSIBLE_FROM = {
    "upgrade": LIVING,
    "cancel": frozenset({"active", "past_due"}),
    "resume": frozenset({"canceled", "paused"}),
    "fail_payment": frozenset({"active"}),
    "recover": frozenset({"past_due", "expired"}),
    "renew": frozenset({"active"}),
    "refund": ANY,
    "dispute": ANY,
    "pause": frozenset({"active"}),
    "expire": LIVING,
}


class Sales:
    def __init__(self, state: State) -> None:
        self.state = state

    def buy(self, fan: str, tier: str, period_s: float | None = None, *, endless: bool = False) -> Json:
        """Sell a tier: active at once, paid until the end of the period (30 days if not told otherwise)."""
        offer = self.state.living(Tier, tier)
        self.state.living(Creator, offer.creator_id)
        if not offer.active:
            raise RefusedError(f"the tier {tier!r} is no longer sold")
        period = MONTH if period_s is None else timedelta(seconds=period_s)
        now = self.state.now()
        bought = Membership(
            id=self.state.next_id("membership"),
            fan_id=self.state.living(Fan, fan).id,
            tier_id=offer.id,
            status="active",
            paid_until=None if endless else now + period,
            period=period,
            updated_at=now,
        )
        return self.state.snapshot(self.state.save(bought))

    def buy_again(self, membership: str, period_s: float | None = None) -> Json:
        """The same fan buys the same tier once more: another membership, with another id."""
        before = self.state.get(Membership, membership)
        return self.buy(before.fan_id, before.tier_id, period_s or before.period.total_seconds())

    def upgrade(self, membership: str, tier: str) -> Json:
        """Another tier of the same creator under the same membership id; the period goes on."""
        before = self._before("upgrade", membership)
        offer = self.state.living(Tier, tier)
        if offer.creator_id != self.state.get(Tier, before.tier_id).creator_id:
            raise RefusedError("a membership can only move to a tier of the same creator")
        return self._save(before, tier_id=offer.id)

    def cancel(self, membership: str) -> Json:
        before = self._before("cancel", membership)
        return self._save(before, status="canceled", paid_until=self._end(before))

    def resume(self, membership: str) -> Json:
        return self._save(self._before("resume", membership), status="active")

    def fail_payment(self, membership: str) -> Json:
        """A renewal that could not be charged; what was paid stays paid, so `paid_until` does not move."""
        before = self._before("fail_payment", membership)
        return self._save(before, status="past_due", paid_until=self._end(before))

    def recover(self, membership: str, period_s: float | None = None) -> Json:
        """The late payment came in: active, and a new period from now."""
        return self._extend(self._before("recover", membership), period_s)

    def renew(self, membership: str, period_s: float | None = None) -> Json:
        return self._extend(self._before("renew", membership), period_s)

    def refund(self, membership: str) -> Json:
        return self._end_as("refunded", self._before("refund", membership))

    def dispute(self, membership: str) -> Json:
        return self._end_as("disputed", self._before("dispute", membership))

    def pause(self, membership: str) -> Json:
        return self._end_as("paused", self._before("pause", membership))

    def expire(self, membership: str) -> Json:
        return self._end_as("expired", self._before("expire", membership))

    def set_membership(
        self, membership: str, status: str | None = None, paid_until: str | None = None
    ) -> Json:
        """Any status and any paid instant (ISO 8601): what the steps above do not reach."""
        before = self.state.living(Membership, membership)
        instant = datetime.fromisoformat(paid_until) if paid_until else before.paid_until
        return self._save(before, status=status or before.status, paid_until=instant)

    def _before(self, step: str, membership: str) -> Membership:
        found = self.state.living(Membership, membership)
        if found.status not in POSSIBLE_FROM[step]:
            raise RefusedError(f"{step} is not possible: {membership!r} is {found.status}")
        return found

    def _end(self, membership: Membership) -> datetime:
        return membership.paid_until or self.state.now()

    def _end_as(self, status: str, before: Membership) -> Json:
        return self._save(before, status=status, paid_until=self._end(before))

    def _extend(self, before: Membership, period_s: float | None) -> Json:
        period = before.period if period_s is None else timedelta(seconds=period_s)
        start = max(self._end(before), self.state.now())
        endless = before.status == "active" and before.paid_until is None
        return self._save(
            before, status="active", paid_until=None if endless else start + period, period=period
        )

    def _save(self, before: Membership, **changes: Any) -> Json:
        saved = self.state.save(before, updated_at=self.state.now(), **changes)
        return self.state.snapshot(saved)
