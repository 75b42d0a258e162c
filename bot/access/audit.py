"""The record of every grant and removal: who, which role, because of what, when, what Discord said.

Written beside the change it tells of, in the same transaction; read by ``explain`` and shown to people.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bot.access.desired import Because
from bot.clock import Clock
from bot.discord.outcomes import Absent, AlreadySo, Applied, NeedsPerson, Outcome, RetryAfter
from bot.ids import FanId, Member, RoleId
from models import Audit as Row

SEEN = "seen"
"""The outcome of what was not done but observed."""


class Audit:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def write(  # noqa: PLR0913 - the columns of one record, each by name
        self,
        member: Member,
        action: str,
        *,
        outcome: Outcome | None = None,
        role_id: RoleId | None = None,
        because: Iterable[Because] = (),
        fan_id: FanId | None = None,
        detail: str | None = None,
    ) -> None:
        """Record one act; without ``outcome`` it is something that was seen or decided, not done."""
        await Row.create(
            at=self._clock(),
            guild_id=member.guild_id,
            account_id=member.account_id,
            fan_id=fan_id,
            action=action,
            role_id=role_id,
            because=stored(because),
            outcome=word(outcome) if outcome else SEEN,
            code=getattr(outcome, "code", None),
            detail=detail or getattr(outcome, "why", None),
        )

    async def last(self, member: Member, *, limit: int = 10) -> list[Row]:
        """The newest records about this member, newest first."""
        rows = Row.filter(guild_id=member.guild_id, account_id=member.account_id)
        return await rows.order_by("-id").limit(limit)

    async def purge(self, kept: timedelta) -> int:
        return await Row.filter(at__lt=self._clock() - kept).delete()


def stored(because: Iterable[Because]) -> list[dict[str, Any]]:
    """Reasons as JSON; ``facts.reasons_of`` reads them back."""
    return [
        {
            "membership_id": str(item.membership_id),
            "integration_id": int(item.integration_id),
            "tier_id": str(item.tier_id),
        }
        for item in sorted(because)
    ]


def word(outcome: Outcome) -> str:
    match outcome:
        case Applied():
            return "applied"
        case AlreadySo():
            return "already_so"
        case Absent():
            return "absent"
        case RetryAfter():
            return "retry_after"
        case NeedsPerson():
            return "needs_a_person"
