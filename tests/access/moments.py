"""Members at the moments at which much is planned; in a world of any facts nearly every plan is empty."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from bot.access.desired import (
    AttachedRole,
    AttachmentFact,
    Because,
    Facts,
    GrantFact,
    IntegrationFact,
    MembershipFact,
    RoleFact,
    StayFact,
)
from bot.discord.observed import ABSENT, Observed
from bot.discord.permissions import INVITATION, Permission
from bot.ids import AccountId, CreatorId, FanId
from models.access import StayState
from models.fans import SeatState
from models.integrations import EndPolicy, IntegrationState
from models.memberships import MembershipStatus
from tests.access.worlds import (
    DAY,
    INTEGRATIONS,
    KICK,
    MEMBERSHIPS,
    NOW,
    ROLES,
    TIERS,
    TROUBLES,
    departures,
    instants,
    reasons,
    some_roles,
    worlds,
)

_POLICIES = [*EndPolicy, EndPolicy.KEEP, EndPolicy.ADDED, EndPolicy.ADDED]
_ENDS = [NOW - 2 * DAY, NOW - DAY, NOW - DAY]

_may = st.sampled_from([int(INVITATION)] * 4 + [int(Permission.MANAGE_ROLES)])


@st.composite
def changing(draw: st.DrawFn) -> tuple[Facts, Observed]:
    """A member in the middle of things: m1 is paid for, and they hold grants for it that may no longer be due."""
    facts, _ = draw(worlds())
    mine = frozenset(
        {Because(membership_id=MEMBERSHIPS[0], integration_id=INTEGRATIONS[0], tier_id=TIERS[0])}
    )
    held = draw(st.frozensets(st.sampled_from(ROLES), min_size=1))
    due = draw(st.lists(st.sampled_from(ROLES), unique=True, min_size=1, max_size=3))
    integration = IntegrationFact(
        id=INTEGRATIONS[0],
        creator_id=CreatorId("ana"),
        name="Club",
        attachments=(
            AttachmentFact(tier_id=TIERS[1], roles=tuple(AttachedRole(role_id=role_id) for role_id in due)),
        ),
        seat=SeatState.WANTED,
        waits=draw(st.sampled_from([False] * 5 + [True])),
    )
    deleted = draw(st.sampled_from([[]] * 5 + [due]))
    there = {role.id: role for role in facts.guild.roles.values() if role.id not in deleted}
    paid = MembershipFact(
        id=MEMBERSHIPS[0],
        tier_id=TIERS[1],
        status=MembershipStatus.ACTIVE,
        paid_until=NOW + timedelta(days=1),
        updated_at=NOW,
    )
    others = tuple(grant for grant in facts.grants if grant.role_id in held)
    grants = {grant.role_id: grant for grant in others}
    for role_id in held - draw(some_roles):
        grants[role_id] = GrantFact(role_id=role_id, because=mine, seen=True)
    return replace(
        facts,
        fan_id=FanId("bob"),
        guild=replace(facts.guild, bot_permissions=int(INVITATION), roles=there),
        integrations=(integration, *(i for i in facts.integrations if i.id != integration.id)),
        memberships=(paid, *(m for m in facts.memberships if m.id != paid.id)),
        grants=tuple(grants.values()),
    ), Observed(state=StayState.IN, roles=held)


@st.composite
def leaving(draw: st.DrawFn) -> tuple[Facts, Observed]:
    """A member whom we brought in, and for whom little speaks any more."""
    facts, observed = draw(changing())
    ended = replace(
        facts.memberships[0], status=draw(st.sampled_from(MembershipStatus)), paid_until=draw(instants)
    )
    memberships = (ended, *facts.memberships[1:]) if draw(st.booleans()) else (ended,)
    stay = replace(facts.stay, begun_by_us=True, last_integration_id=INTEGRATIONS[0])
    return replace(facts, memberships=memberships, stay=stay), observed


@st.composite
def doubled(draw: st.DrawFn) -> tuple[Facts, Observed]:
    """A member whose m1 gave roles through two integrations: the first is over, or its grace is, the second lives.

    The first's creator said yes to every power, the second's to none.
    """
    facts, observed = draw(changing())
    (living, *_), tier = facts.integrations, TIERS[1]
    living = replace(living, id=INTEGRATIONS[1], grace=timedelta(days=30))
    given = draw(st.lists(st.sampled_from(ROLES), unique=True, min_size=1, max_size=2))
    over = IntegrationFact(
        id=INTEGRATIONS[0],
        creator_id=CreatorId("ana"),
        name="Club",
        policy=draw(st.sampled_from(EndPolicy)),
        grace=timedelta(0),
        attachments=(
            AttachmentFact(
                tier_id=tier,
                roles=tuple(AttachedRole(role_id=role_id, confirmed_powers=KICK) for role_id in given),
            ),
        ),
        seat=SeatState.WANTED,
    )
    mighty = draw(some_roles)
    roles = {
        role.id: replace(role, permissions=KICK) if role.id in mighty else role
        for role in facts.guild.roles.values()
    }
    unpaid = replace(
        facts.memberships[0], status=MembershipStatus.PAST_DUE, paid_until=NOW - timedelta(days=1)
    )
    if draw(st.booleans()):
        unpaid, over = facts.memberships[0], replace(over, state=IntegrationState.CLOSING)
    because = frozenset(
        Because(membership_id=unpaid.id, integration_id=each, tier_id=tier)
        for each in draw(st.sampled_from([INTEGRATIONS[:1], INTEGRATIONS]))
    )
    return replace(
        facts,
        guild=replace(facts.guild, roles=roles),
        integrations=(over, living),
        memberships=(unpaid, *facts.memberships[1:]),
        grants=tuple(replace(grant, because=because) for grant in facts.grants),
    ), observed


@st.composite
def arriving(draw: st.DrawFn) -> tuple[Facts, Observed]:
    """Somebody who pays, wants in, and is not there; little stands in the way, except that roles may be out of reach."""
    facts, _ = draw(changing())
    (integration, *others) = facts.integrations
    stay = StayFact(
        state=draw(st.sampled_from([None, StayState.ABSENT])),
        left_at=draw(st.none() | instants),
        put_out=draw(st.booleans()),
        trouble=draw(st.sampled_from(TROUBLES)),
        trouble_at=draw(instants),
    )
    pressed = replace(integration, seat_changed_at=draw(instants))
    guild = replace(facts.guild, bot_permissions=draw(_may))
    return replace(facts, guild=guild, integrations=(pressed, *others), grants=(), stay=stay), ABSENT


@st.composite
def going(draw: st.DrawFn) -> tuple[Facts, Observed]:
    """A member whom we brought in, for whom nothing speaks: a first decision was made, or is due.

    Their memberships ended, at one time or another; or their account was unlinked, and left no trace of why.
    """
    facts, _ = draw(changing())
    tier = TIERS[1]
    integrations = tuple(
        IntegrationFact(
            id=integration_id,
            creator_id=CreatorId("ana"),
            name="Club",
            policy=draw(st.sampled_from(_POLICIES)),
            attachments=(AttachmentFact(tier_id=tier),),
        )
        for integration_id in INTEGRATIONS
    )
    ended = tuple(
        MembershipFact(
            id=each, tier_id=tier, status=MembershipStatus.CANCELED, paid_until=at, updated_at=NOW - DAY
        )
        for each, at in zip(MEMBERSHIPS, draw(st.permutations(_ENDS)), strict=False)
    )
    because = st.frozensets(reasons, min_size=1, max_size=3)
    roles = ROLES[:2]
    return replace(
        facts,
        fan_id=draw(st.sampled_from([FanId("bob"), None])),
        guild=replace(
            facts.guild,
            owner_id=AccountId(1),
            bot_permissions=draw(_may),
            roles={role_id: RoleFact(id=role_id, name="Low", position=1) for role_id in roles},
        ),
        integrations=integrations,
        memberships=ended,
        grants=tuple(GrantFact(role_id=role_id, because=draw(because), seen=True) for role_id in roles),
        stay=StayFact(
            state=StayState.IN,
            begun_by_us=True,
            last_integration_id=draw(st.sampled_from([None, *INTEGRATIONS])),
        ),
        departure=draw(st.none() | departures | departures),
    ), Observed(state=StayState.IN, roles=draw(st.frozensets(st.sampled_from(roles))))


any_world = worlds() | changing() | leaving() | doubled() | arriving() | going()
