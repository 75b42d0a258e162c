"""The room under test, built as ``bot/app.py`` builds it, with ports that keep a list of what they were asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from bot.ids import CreatorId, FanId, IntegrationId, TierId
from bot.integrations.openings import Opening
from bot.memberships.announce import Announcements
from bot.memberships.apply import Snapshots
from bot.memberships.delivery import Delivery
from bot.memberships.erase import Erasure
from bot.memberships.inbox import Inbox
from bot.memberships.outbox import Outbox
from bot.memberships.signature import Signatures
from tests.clock import ManualClock

SECRET = "whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHMsIG9uZQ=="
NEW_SECRET = "whsec_dGhlIHNlY3JldCBvZiB0aGUgdGVzdHMsIHR3bw=="
START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SLACK = timedelta(hours=24)
CLUB = Opening(integration_id=IntegrationId(7), name="Club", guild_name="Ana's place", roles=("Gold",))


@dataclass
class Marks:
    """The port to access: who was marked, how urgently."""

    fans: list[tuple[str, bool]] = field(default_factory=list)
    fan_outs: list[tuple[str, str]] = field(default_factory=list)
    error: Exception | None = None

    async def mark_fan(self, fan_id: FanId, *, urgent: bool = False) -> None:
        if self.error:
            raise self.error
        self.fans.append((fan_id, urgent))

    async def fan_out(self, kind: Literal["creator"], subject: str) -> None:
        self.fan_outs.append((kind, subject))


@dataclass
class Hub:
    """The port to integrations: which a tier opens, whose were closed."""

    opened_by: dict[str, list[Opening]] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)

    async def of_tier(self, tier_id: TierId) -> Sequence[Opening]:
        return self.opened_by.get(tier_id, [])

    async def of_attachment(self, integration_id: IntegrationId, tier_id: TierId) -> Opening | None:
        opened = self.opened_by.get(tier_id, [])
        return next((each for each in opened if each.integration_id == integration_id), None)

    async def close_all(self, creator_id: CreatorId) -> None:
        self.closed.append(creator_id)


@dataclass
class Others:
    """The port to what other rooms hold about fans."""

    have_access: set[str] = field(default_factory=set)
    forgotten: list[str] = field(default_factory=list)

    async def anything_left_of(self, fan_id: FanId) -> bool:
        return fan_id in self.have_access

    async def forget_fan(self, fan_id: FanId) -> None:
        self.forgotten.append(fan_id)


class Room:
    """``events_url``: where the platform listens; None: it does not want to be told. ``asks_first``: it can be asked."""

    def __init__(
        self,
        *,
        events_url: str | None = None,
        secrets: tuple[str, ...] = (SECRET,),
        hub: Hub | None = None,
        asks_first: bool = False,
    ) -> None:
        self.clock = ManualClock(START)
        self.marks, self.hub, self.others = Marks(), hub or Hub(), Others()
        signatures = Signatures(secrets, self.clock)
        delivery = Delivery(url=events_url, signatures=signatures, timeout_s=2) if events_url else None
        self.outbox = Outbox(clock=self.clock, delivery=delivery)
        self.snapshots = Snapshots(
            clock=self.clock,
            work=self.marks,
            closing=self.hub,
            announcements=Announcements(clock=self.clock, outbox=self.outbox, openings=self.hub),
            slack=SLACK,
            asks_first=asks_first,
        )
        self.inbox = Inbox(clock=self.clock, signatures=signatures, snapshots=self.snapshots)
        self.erasure = Erasure(
            clock=self.clock, outbox=self.outbox, remains=self.others, forgets=[self.others.forget_fan]
        )
