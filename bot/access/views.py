"""What pages show of access: a fan's integrations with the one next step.

Read-only, from the same facts, decision and plan as the engine; the words are for the doors to render.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.access.changes import TroubleKind
from bot.access.desired import FOREVER, Facts, IntegrationFact, Reason
from bot.access.facts import FactsReader
from bot.access.view import View, last_seen, view
from bot.access.way_back import WayBack, way_back
from bot.ids import FanId, GuildId, IntegrationId, RoleId
from models import Attachment, Creator, Membership, Tier
from models.access import StayState
from models.fans import SeatState
from models.integrations import IntegrationState
from models.memberships import MembershipStatus


class NextStep(StrEnum):
    """What the fan has to do; each is one button or one sentence."""

    CONNECT = "connect"
    """Press Connect (which also links or asks for a token where that is missing)."""
    REJOIN = "rejoin"
    ACCEPT_RULES = "accept_rules"
    """Accept the server's rules in Discord."""
    WAIT = "wait"
    """Nothing: it is on its way, or its creator has to mend something."""
    NOTHING = "nothing"


class FanState(StrEnum):
    CONNECTED = "connected"
    NOT_CONNECTED = "not_connected"
    ONE_STEP_LEFT = "one_step_left"
    WAITING = "waiting"
    NEEDS_ATTENTION = "needs_attention"
    LEFT = "left"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationView:
    """One integration as its fan sees it."""

    integration_id: IntegrationId
    name: str
    creator_name: str
    guild_id: GuildId
    guild_name: str
    tiers: tuple[str, ...]
    """Names of the fan's tiers that lead here: those that give access, or else those that did."""
    gives_access: bool
    until: datetime | None
    """When the last of them ends by what is known now; None: without an end, or ended."""
    ends_for_good: bool
    """Nothing will renew it: the fan canceled."""
    seat: SeatState
    stay: StayState | None
    roles_due: tuple[str, ...]
    roles_seen: tuple[str, ...]
    trouble: str | None
    state: FanState
    next_step: NextStep
    way_back: WayBack | None = None
    """Where it ended: what would bring them back."""


class Views:
    def __init__(self, facts: FactsReader) -> None:
        self._facts = facts

    async def of_fan(self, fan_id: FanId) -> list[IntegrationView]:
        """Every integration that a membership of this fan leads to, by creator and name."""
        tier_ids = await Membership.filter(fan_id=fan_id).values_list("tier_id", flat=True)
        attached = Attachment.filter(tier_id__in=[str(tier_id) for tier_id in tier_ids])
        guilds = await attached.distinct().values_list("integration__guild_id", flat=True)
        found: list[IntegrationView] = []
        for guild_id in sorted(GuildId(int(str(guild))) for guild in guilds if guild is not None):
            facts = await self._facts.about_fan(fan_id, guild_id)
            found += await _of_guild(facts)
        return sorted(found, key=lambda item: (item.creator_name, item.name, item.integration_id))


async def _of_guild(facts: Facts) -> list[IntegrationView]:
    seen = view(facts, last_seen(facts))
    reasons = [*seen.desired.live, *seen.desired.ended]
    tier_ids = [str(reason.tier_id) for reason in reasons]
    tiers = {tier.id: tier.name for tier in await Tier.filter(id__in=tier_ids)}
    creator_ids = [str(integration.creator_id) for integration in facts.integrations]
    creators = {creator.id: creator.display_name for creator in await Creator.filter(id__in=creator_ids)}
    return [
        _one(seen, integration, creators.get(integration.creator_id, ""), tiers)
        for integration in facts.integrations
        if any(reason.because.integration_id == integration.id for reason in reasons)
        and integration.state is not IntegrationState.CLOSED
    ]


def _one(
    seen: View, integration: IntegrationFact, creator_name: str, tiers: Mapping[str, str]
) -> IntegrationView:
    live = _of(seen.desired.live, integration)
    shown = live or _of(seen.desired.ended, integration)
    due = frozenset(role_id for reason in live for role_id in reason.role_ids)
    trouble = _trouble(seen, due)
    state, step = _state(seen, integration, due, trouble) if live else (FanState.ENDED, NextStep.NOTHING)
    last = max((reason.until for reason in live), default=FOREVER)
    status = {m.id: m.status for m in seen.facts.memberships}
    return IntegrationView(
        integration_id=integration.id,
        name=integration.name,
        creator_name=creator_name,
        guild_id=seen.facts.guild.id,
        guild_name=seen.facts.guild.name,
        tiers=tuple(sorted({tiers.get(reason.tier_id, reason.tier_id) for reason in shown})),
        gives_access=bool(live),
        until=None if last == FOREVER else last,
        ends_for_good=bool(live)
        and all(status[r.because.membership_id] is MembershipStatus.CANCELED for r in live),
        seat=integration.seat,
        stay=seen.facts.stay.state,
        roles_due=_names(seen, due),
        roles_seen=_names(seen, due & seen.observed.roles) if seen.observed.present else (),
        trouble=trouble,
        state=state,
        next_step=step,
        way_back=None if live else way_back(seen.facts, shown),
    )


def _of(reasons: Iterable[Reason], integration: IntegrationFact) -> list[Reason]:
    return [reason for reason in reasons if reason.because.integration_id == integration.id]


def _trouble(seen: View, due: frozenset[RoleId]) -> str | None:
    """What stands in the way of this integration, as one word."""
    if seen.facts.set_aside_until:
        return "set_aside"
    ours = [t for t in seen.plan.troubles if t.role_id is None or t.role_id in due]
    return next((t.detail or str(t.kind) for t in ours), seen.facts.stay.trouble)


def _state(
    seen: View, integration: IntegrationFact, due: frozenset[RoleId], trouble: str | None
) -> tuple[FanState, NextStep]:
    if integration.seat is SeatState.DECLINED or seen.member.account_id == 0:
        return FanState.NOT_CONNECTED, NextStep.CONNECT
    return _inside(seen, due, trouble) if seen.observed.present else _outside(seen, integration, trouble)


def _inside(seen: View, due: frozenset[RoleId], trouble: str | None) -> tuple[FanState, NextStep]:
    if trouble:
        return FanState.NEEDS_ATTENTION, NextStep.WAIT
    if not due <= seen.observed.roles:
        return FanState.WAITING, NextStep.WAIT
    if seen.observed.state is StayState.PENDING:
        return FanState.ONE_STEP_LEFT, NextStep.ACCEPT_RULES
    return FanState.CONNECTED, NextStep.NOTHING


def _outside(seen: View, integration: IntegrationFact, trouble: str | None) -> tuple[FanState, NextStep]:
    if trouble == TroubleKind.LEFT:
        return FanState.LEFT, NextStep.REJOIN
    if trouble == TroubleKind.NO_TOKEN:
        return FanState.NOT_CONNECTED, NextStep.CONNECT
    if trouble:
        mine = trouble in THEIRS_TO_MEND
        return FanState.NEEDS_ATTENTION, NextStep.CONNECT if mine else NextStep.WAIT
    never_looked = seen.facts.stay.state is None
    if never_looked or integration.seat is SeatState.WANTED or seen.facts.stay.put_out:
        return FanState.WAITING, NextStep.WAIT
    return FanState.NOT_CONNECTED, NextStep.CONNECT


THEIRS_TO_MEND = frozenset({"too_many_servers", "joins_limited"})
"""Refusals that the fan can mend, and then press again."""


def _names(seen: View, role_ids: Iterable[RoleId]) -> tuple[str, ...]:
    roles = seen.facts.guild.roles
    return tuple(roles[role_id].name for role_id in sorted(role_ids) if role_id in roles)
