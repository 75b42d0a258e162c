"""Worlds for properties: any facts about one member, and a Discord that obeys, refuses, or does not answer."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.access.changes import Change, Depart, Give, Join, Keep, Plan, PutOut, Reprieve, Spare, Take
from bot.access.desired import (
    AttachedRole,
    AttachmentFact,
    Because,
    DepartureFact,
    Facts,
    GrantFact,
    GuildFact,
    IntegrationFact,
    MembershipFact,
    RoleFact,
    StayFact,
)
from bot.access.view import View, view
from bot.discord.observed import ABSENT, Observed
from bot.discord.permissions import INVITATION, Permission
from bot.ids import AccountId, CreatorId, FanId, GuildId, IntegrationId, Member, MembershipId, RoleId, TierId
from models.access import StayState
from models.fans import SeatState
from models.integrations import EndPolicy, IntegrationState
from models.memberships import MembershipStatus

NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
GUILD = GuildId(1000)
# Few of each, and mostly in order, so that they meet: in a wide world nearly every plan is empty.
ROLES = [RoleId(number) for number in range(1, 5)]
TIERS = [TierId("silver"), TierId("gold")]
MEMBERSHIPS = [MembershipId("m1"), MembershipId("m2")]
INTEGRATIONS = [IntegrationId(1), IntegrationId(2)]
STATUSES = [*MembershipStatus, *[MembershipStatus.ACTIVE, MembershipStatus.CANCELED] * 4]
_KICK = int(Permission.KICK_MEMBERS)

instants = st.sampled_from([NOW + timedelta(days=days) for days in (-40, -1, 1, 40)])
some_roles = st.frozensets(st.sampled_from(ROLES))
reasons = st.builds(
    Because,
    membership_id=st.sampled_from(MEMBERSHIPS),
    integration_id=st.sampled_from(INTEGRATIONS),
    tier_id=st.sampled_from(TIERS),
)


@st.composite
def guilds(draw: st.DrawFn) -> GuildFact:
    there = draw(st.frozensets(st.sampled_from(ROLES), min_size=3))
    powers = st.sampled_from([0] * 8 + [_KICK, int(Permission.ADMINISTRATOR)])
    return GuildFact(
        id=GUILD,
        name="Garden",
        owner_id=AccountId(draw(st.sampled_from([1, 5]))),
        roles={
            role_id: RoleFact(
                id=role_id,
                name=str(role_id),
                position=draw(st.sampled_from([1, 2, 3, 4, 5, 99])),
                permissions=draw(powers),
                managed=draw(st.sampled_from([False] * 8 + [True])),
            )
            for role_id in there
        },
        bot_permissions=draw(st.sampled_from([int(INVITATION)] * 8 + [0, int(Permission.MANAGE_ROLES)])),
        bot_top_position=50,
        joins_paused=draw(st.sampled_from([False] * 5 + [True])),
    )


@st.composite
def integrations(draw: st.DrawFn) -> tuple[IntegrationFact, ...]:
    ids = draw(st.lists(st.sampled_from(INTEGRATIONS), unique=True, min_size=1))
    attached = st.builds(
        AttachedRole,
        role_id=st.sampled_from(ROLES),
        confirmed_powers=st.sampled_from([0, 0, _KICK]),
    )
    return tuple(
        IntegrationFact(
            id=integration_id,
            creator_id=CreatorId("ana"),
            name="Club",
            state=draw(st.sampled_from([IntegrationState.CONNECTED] * 4 + [IntegrationState.CLOSING])),
            policy=draw(st.sampled_from(EndPolicy)),
            attachments=tuple(
                AttachmentFact(
                    tier_id=tier,
                    roles=tuple(draw(st.lists(attached, max_size=2, unique_by=lambda role: role.role_id))),
                )
                for tier in draw(st.sampled_from([TIERS, TIERS, TIERS[:1]]))
            ),
            seat=draw(st.sampled_from(SeatState)),
            seat_changed_at=draw(instants),
        )
        for integration_id in ids
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Facts, Observed]:
    """Facts, and what is seen: grants are always of roles the member has, as after a sighting."""
    observed = draw(
        st.builds(
            Observed,
            state=st.sampled_from([StayState.IN, StayState.IN, StayState.PENDING]),
            roles=some_roles,
            boosting=st.sampled_from([False, False, True]),
        )
        | st.just(ABSENT)
    )
    by_hand = draw(st.just(frozenset()) | some_roles)
    granted = observed.roles - by_hand
    ids = draw(st.sampled_from([MEMBERSHIPS, MEMBERSHIPS[:1]]))
    facts = Facts(
        now=NOW,
        member=Member(GUILD, AccountId(5)),
        guild=draw(guilds()),
        slack=timedelta(hours=72),
        fan_id=draw(st.sampled_from([FanId("bob")] * 6 + [None])),
        integrations=draw(integrations()),
        memberships=tuple(
            MembershipFact(
                id=membership_id,
                tier_id=draw(st.sampled_from(TIERS)),
                status=draw(st.sampled_from(STATUSES)),
                paid_until=draw(instants),
                updated_at=draw(instants),
            )
            for membership_id in ids
        ),
        grants=tuple(
            GrantFact(
                role_id=role_id,
                because=draw(st.frozensets(reasons, min_size=1, max_size=2)),
                seen=True,
                kept=draw(st.sampled_from([False] * 4 + [True])),
            )
            for role_id in sorted(granted)
        ),
        stay=StayFact(
            state=observed.state,
            begun_by_us=draw(st.booleans()) and observed.present,
            left_at=None if observed.present else draw(st.none() | instants),
            put_out=draw(st.booleans()) and not observed.present,
            last_integration_id=draw(st.none() | st.sampled_from(INTEGRATIONS)),
        ),
        departure=draw(st.none() | st.builds(DepartureFact, decide_at=instants)),
    )
    return facts, observed


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
    )
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
        guild=replace(facts.guild, bot_permissions=int(INVITATION)),
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
                roles=tuple(AttachedRole(role_id=role_id, confirmed_powers=_KICK) for role_id in given),
            ),
        ),
        seat=SeatState.WANTED,
    )
    mighty = draw(some_roles)
    roles = {
        role.id: replace(role, permissions=_KICK) if role.id in mighty else role
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


any_world = worlds() | changing() | leaving() | doubled()

type Answers = Callable[[Change], bool]


def apply(
    facts: Facts, observed: Observed, plan: Plan, yes: Answers
) -> tuple[Facts, Observed, list[Observed]]:
    """Carry a plan out as the engine does, against a Discord that says yes to what ``yes`` says.

    Answers the facts and the sighting after it, and every state in between.
    """
    unfinished, between = False, []
    for change in plan.changes:
        if unfinished and isinstance(change, Take) and change.is_replacement:
            continue
        if isinstance(change, Join | Give | Take | PutOut) and not yes(change):
            unfinished |= isinstance(change, Join | Give)
            continue
        facts, observed = _done(facts, observed, change)
        between.append(observed)
    return facts, observed, between


def _done(facts: Facts, observed: Observed, change: Change) -> tuple[Facts, Observed]:  # noqa: PLR0911
    match change:
        case Join(roles=roles):
            grants = tuple(GrantFact(role_id=role_id, seen=True) for role_id in roles)
            stay = replace(facts.stay, state=StayState.IN, begun_by_us=True, left_at=None, put_out=False)
            return replace(facts, grants=grants, stay=stay), Observed(
                state=StayState.IN, roles=frozenset(roles)
            )
        case Give(role_id=role_id, because=because):
            grant = GrantFact(role_id=role_id, because=because, seen=True)
            held = observed.roles | {role_id}
            return replace(facts, grants=(*facts.grants, grant)), replace(observed, roles=held)
        case Take(role_id=role_id):
            grants = tuple(grant for grant in facts.grants if grant.role_id != role_id)
            return replace(facts, grants=grants), replace(observed, roles=observed.roles - {role_id})
        case Keep(role_id=role_id):
            kept = tuple(replace(g, kept=True) if g.role_id == role_id else g for g in facts.grants)
            return replace(facts, grants=kept), observed
        case Depart():
            departure = DepartureFact(decide_at=facts.now + timedelta(hours=1))
            return replace(facts, departure=departure), observed
        case Spare(why=why):
            return replace(facts, departure=DepartureFact(decide_at=facts.now, spared=why)), observed
        case PutOut():
            stay = replace(facts.stay, state=StayState.ABSENT, begun_by_us=False, put_out=True)
            return replace(facts, grants=(), stay=stay), ABSENT
        case Reprieve():
            return replace(facts, departure=None), observed


def settled(facts: Facts, observed: Observed, yes: Answers = lambda _: True) -> View:
    """Plan and apply until the plan is empty; five passes are more than it may take."""
    for _ in range(5):
        seen = view(facts, observed)
        if not seen.plan.changes:
            return seen
        facts, observed, _ = apply(facts, observed, seen.plan, yes)
    return view(facts, observed)
