"""What a member should have, and why: stored facts in, one value out.

Pure: no I/O, no clock, no logging. Two rules carry the rest. *Union*: a role, or the seat itself, stands while at
least one membership through at least one attachment gives it; what one reason ends, another may still hold.
*Time is an argument*: every reason carries the instant it ends, so that the same facts explain today and the day the
fan is put out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.ids import AccountId, CreatorId, FanId, GuildId, IntegrationId, Member, MembershipId, RoleId, TierId
from models.access import StayState
from models.fans import SeatState
from models.integrations import EndPolicy, IntegrationState
from models.memberships import MembershipStatus

FOREVER = datetime.max.replace(tzinfo=UTC)
"""The end of an ``active`` membership without ``paid_until``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFact:
    id: RoleId
    name: str
    position: int
    permissions: int = 0
    managed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildFact:
    """A guild as last seen; ``roles`` are all that exist, ``@everyone`` (whose id is the guild's) among them."""

    id: GuildId
    name: str
    owner_id: AccountId
    roles: Mapping[RoleId, RoleFact]
    bot_present: bool = True
    bot_permissions: int = 0
    bot_top_position: int = 0
    joins_paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedRole:
    role_id: RoleId
    confirmed_powers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentFact:
    tier_id: TierId
    roles: tuple[AttachedRole, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationFact:
    id: IntegrationId
    creator_id: CreatorId
    name: str
    state: IntegrationState = IntegrationState.CONNECTED
    policy: EndPolicy = EndPolicy.ADDED
    """The one in force: the closing policy while closing."""
    grace: timedelta = timedelta(days=3)
    attachments: tuple[AttachmentFact, ...] = ()
    seat: SeatState = SeatState.NOT_YET
    seat_changed_at: datetime | None = None
    waits: bool = False
    """The bot was gone, and its creator is not known to manage the server still: nothing new is given through it."""

    @property
    def is_over(self) -> bool:
        """It gives access no more."""
        return self.state not in {IntegrationState.CONNECTED, IntegrationState.NEEDS_ATTENTION}


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipFact:
    id: MembershipId
    tier_id: TierId
    status: MembershipStatus
    paid_until: datetime | None
    updated_at: datetime
    unpaid_at: datetime | None = None
    """When the platform, asked, last answered that this is still all that was paid."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Because:
    """The address of a reason, as grants and the audit keep it."""

    membership_id: MembershipId
    integration_id: IntegrationId
    tier_id: TierId
    """What the membership was of: if it is of another tier later, the platform said so, and nobody here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantFact:
    role_id: RoleId
    because: frozenset[Because] = frozenset()
    seen: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureFact:
    """A first decision to put the member out."""

    decide_at: datetime
    spared: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFact:
    """The brake keeps the member's end from happening."""

    since: datetime
    released: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StayFact:
    state: StayState | None = None
    roles: frozenset[RoleId] = frozenset()
    """As last seen, whoever gave them."""
    boosting: bool = False
    begun_by_us: bool = False
    left_at: datetime | None = None
    put_out: bool = False
    """The bot put them out: they are fetched back when they pay again."""
    last_integration_id: IntegrationId | None = None
    trouble: str | None = None
    trouble_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything stored that bears on one member, read at ``now``."""

    now: datetime
    member: Member
    guild: GuildFact
    slack: timedelta
    asks_first: bool = False
    """The platform can be asked: no ``active`` membership runs out without its word."""
    fan_id: FanId | None = None
    """Whom the account is linked to; None: nobody, so nothing is due to it."""
    integrations: tuple[IntegrationFact, ...] = ()
    """All on this guild, of every creator."""
    memberships: tuple[MembershipFact, ...] = ()
    """All of the linked fan's."""
    grants: tuple[GrantFact, ...] = ()
    stay: StayFact = StayFact()
    departure: DepartureFact | None = None
    hold: HoldFact | None = None
    set_aside_until: datetime | None = None
    """The guild refuses us and is left alone until then."""


class EndCause(StrEnum):
    """Why access ended, which decides how far the brake trusts it."""

    INFERRED = "inferred"
    """An ``active`` membership ran out by the clock: the renewal's event may only be lost."""
    STATED = "stated"
    """The platform said so."""
    OWN_ACT = "own_act"
    """A person's own act, or one confirmed on a preview: unlinked, declined, detached, disconnected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One membership through one integration, while (or until) it gives access."""

    because: Because
    tier_id: TierId
    role_ids: frozenset[RoleId]
    until: datetime
    cause: EndCause
    """How it ends (or ended) at ``until``."""
    awaits_word: bool = False
    """By the clock it ran out, but the platform has not said so: it goes on until it does."""
    broken: bool = False
    """All the roles it gave were deleted: it needs attention; it holds the seat but brings nobody in."""
    waits: bool = False
    """It holds what was given, and gives nothing new."""
    declined: bool = False
    """The fan does not want what it gives: it holds the seat only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What the member should have: inside or not, which roles, and every reason, live or ended."""

    inside: bool
    """Some reason gives access now."""
    joins: bool
    """Some reason that is not broken, and does not wait, gives access, and the fan wants the seat, or was put out of it by us."""
    roles: frozenset[RoleId]
    live: tuple[Reason, ...] = ()
    ended: tuple[Reason, ...] = ()

    def because(self, role_id: RoleId) -> frozenset[Because]:
        """The reasons that give ``role_id`` now."""
        return frozenset(
            reason.because for reason in self.live if role_id in reason.role_ids and not reason.declined
        )

    def due(self) -> dict[IntegrationId, datetime]:
        """For each integration the next instant at which a reason ends by the clock."""
        due: dict[IntegrationId, datetime] = {}
        for reason in self.live:
            if reason.until != FOREVER:
                at = due.get(reason.because.integration_id, FOREVER)
                due[reason.because.integration_id] = min(at, reason.until)
        return due


def access_until(membership: MembershipFact, *, grace: timedelta, slack: timedelta) -> datetime:
    """The instant at which ``membership`` stops giving access (DESIGN §3); in the past if it has ended.

    ``paid_until`` is what the fan *has paid* for: a failed renewal does not move it, so ``past_due`` cannot give a
    free month.
    """
    paid_until = membership.paid_until
    match membership.status:
        case MembershipStatus.ACTIVE:
            return FOREVER if paid_until is None else paid_until + slack
        case MembershipStatus.CANCELED:
            return paid_until or membership.updated_at
        case MembershipStatus.PAST_DUE:
            return (paid_until or membership.updated_at) + grace
        case _:
            return membership.updated_at


def decide(facts: Facts) -> Desired:
    """Say what the member should have, from stored facts alone."""
    reasons = sorted(
        (reason for integration in facts.integrations for reason in _reasons(integration, facts)),
        key=_address,
    )
    live = [reason for reason in reasons if facts.now < reason.until]
    seats = {integration.id: integration.seat for integration in facts.integrations}
    taken_up = [reason for reason in live if not reason.declined]
    return Desired(
        inside=bool(live),
        joins=any(
            not (reason.broken or reason.waits)
            and (facts.stay.put_out or seats[reason.because.integration_id] is SeatState.WANTED)
            for reason in taken_up
        ),
        roles=frozenset(role_id for reason in taken_up for role_id in reason.role_ids),
        live=tuple(live),
        ended=tuple(reason for reason in reasons if reason not in live),
    )


def _reasons(integration: IntegrationFact, facts: Facts) -> list[Reason]:
    if facts.fan_id is None:
        return []
    attachments = {attachment.tier_id: attachment for attachment in integration.attachments}
    return [
        _reason(membership, attachments[membership.tier_id], integration, facts)
        for membership in facts.memberships
        if membership.tier_id in attachments
    ]


def _reason(
    membership: MembershipFact, attachment: AttachmentFact, integration: IntegrationFact, facts: Facts
) -> Reason:
    existing = frozenset(role.role_id for role in attachment.roles if role.role_id in facts.guild.roles)
    until = access_until(membership, grace=integration.grace, slack=facts.slack)
    awaits_word = _awaits_word(membership, until, facts)
    stopped = membership.status not in _GIVE_ACCESS or integration.is_over
    return Reason(
        because=Because(
            membership_id=membership.id, integration_id=integration.id, tier_id=membership.tier_id
        ),
        tier_id=membership.tier_id,
        role_ids=existing & {grant.role_id for grant in facts.grants} if integration.waits else existing,
        # Stopped means now, also where the platform's clock is ahead of ours.
        until=min(until, facts.now) if stopped else FOREVER if awaits_word else until,
        cause=_end_cause(membership, integration),
        awaits_word=awaits_word and not stopped,
        broken=bool(attachment.roles) and not existing,
        waits=integration.waits,
        declined=integration.seat is SeatState.DECLINED,
    )


def _awaits_word(membership: MembershipFact, until: datetime, facts: Facts) -> bool:
    """Silence is no proof of an end, nor is an answer from before the end: the renewal's event may be lost."""
    if not facts.asks_first or membership.status is not MembershipStatus.ACTIVE or facts.now < until:
        return False
    return membership.unpaid_at is None or membership.unpaid_at < until


_GIVE_ACCESS = frozenset({MembershipStatus.ACTIVE, MembershipStatus.CANCELED, MembershipStatus.PAST_DUE})


def _end_cause(membership: MembershipFact, integration: IntegrationFact) -> EndCause:
    if integration.is_over:
        return EndCause.OWN_ACT
    return EndCause.INFERRED if membership.status is MembershipStatus.ACTIVE else EndCause.STATED


def _address(reason: Reason) -> Because:
    return reason.because
