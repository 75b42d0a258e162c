"""Whose ends the brake keeps from happening, integration by integration.

A hold is a member's, and a server may be several creators': whoever decides about one through their integration sees
only what ended there. A release lets everything of the member's end, so where something ends through another
creator's integration as well, the hold is *shared* and for neither of them to decide. Nothing is decided here that a
pass does not decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched

from bot.access.brake import SURENESS
from bot.access.changes import Depart, PutOut, Take
from bot.access.desired import EndCause
from bot.access.facts import FactsReader
from bot.access.view import View, last_seen, view
from bot.ids import AccountId, GuildId, IntegrationId
from models import Hold

PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldEnd:
    """What is held of one member's, through one integration."""

    hold_id: int
    account_id: AccountId
    cause: EndCause
    """Why it ended through this integration."""
    since: datetime
    shared: bool
    """Something of theirs ends through another creator's integration too."""


class HeldEnds:
    def __init__(self, facts: FactsReader) -> None:
        self._facts = facts

    async def through(self, integration_id: IntegrationId, guild_id: GuildId) -> list[HeldEnd]:
        """Oldest first."""
        holds = await Hold.filter(guild_id=guild_id, released_at__isnull=True).order_by("id")
        found: list[HeldEnd] = []
        for part in batched(holds, PAGE):
            members = await self._facts.about_many(guild_id, [AccountId(hold.account_id) for hold in part])
            for hold, facts in zip(part, members, strict=True):
                seen = view(facts, last_seen(facts))
                cause = _end_through(integration_id, seen)
                if cause and _keeps(hold, cause):
                    found.append(_held(hold, cause, shared=_ends_through_another(integration_id, seen)))
        return found


def _held(hold: Hold, cause: EndCause, *, shared: bool) -> HeldEnd:
    return HeldEnd(
        hold_id=hold.id,
        account_id=AccountId(hold.account_id),
        cause=cause,
        since=hold.created_at,
        shared=shared,
    )


def _keeps(hold: Hold, cause: EndCause) -> bool:
    """A hold keeps what is no surer than itself (``bot/access/holds.py``)."""
    return cause in SURENESS[: SURENESS.index(EndCause(hold.cause)) + 1]


def _end_through(integration_id: IntegrationId, seen: View) -> EndCause | None:
    """Why something that the integration gave would be taken now, the brake aside; None: nothing would."""
    return next((cause for through, cause in _ends(seen) if through == integration_id), None)


def _ends_through_another(integration_id: IntegrationId, seen: View) -> bool:
    """Whether the brake stands before an end that another creator's integration is the reason for."""
    creators = {each.id: each.creator_id for each in seen.facts.integrations}
    mine = creators[integration_id]
    return any(cause in SURENESS and creators.get(through, mine) != mine for through, cause in _ends(seen))


def _ends(seen: View) -> Iterator[tuple[IntegrationId, EndCause]]:
    for change in seen.plan.changes:
        match change:
            case Take(because=because, cause=EndCause() as cause):
                yield from ((each.integration_id, cause) for each in because)
            case Depart(integration_id=integration_id, cause=cause):
                yield integration_id, cause
            case PutOut(integration_id=integration_id, cause=cause):
                yield integration_id, cause
