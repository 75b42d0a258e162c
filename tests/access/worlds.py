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
ROLES = [RoleId(number) for number in range(1, 7)]
TIERS = [TierId(name) for name in ("silver", "gold", "vip")]
MEMBERSHIPS = [MembershipId(f"m{number}") for number in range(1, 4)]
INTEGRATIONS = [IntegrationId(number) for number in range(1, 4)]

instants = st.sampled_from([NOW + timedelta(days=days) for days in (-40, -2, -1, 1, 2, 40)])
some_roles = st.frozensets(st.sampled_from(ROLES), max_size=4)
reasons = st.builds(
    Because, membership_id=st.sampled_from(MEMBERSHIPS), integration_id=st.sampled_from(INTEGRATIONS)
)


@st.composite
def guilds(draw: st.DrawFn) -> GuildFact:
    there = draw(st.frozensets(st.sampled_from(ROLES), min_size=3))
    powers = st.sampled_from([0, 0, 0, int(Permission.KICK_MEMBERS), int(Permission.ADMINISTRATOR)])
    return GuildFact(
        id=GUILD,
        name="Garden",
        owner_id=AccountId(draw(st.sampled_from([1, 5]))),
        roles={
            role_id: RoleFact(
                id=role_id,
                name=str(role_id),
                position=draw(st.sampled_from([1, 2, 3, 99])),
                permissions=draw(powers),
                managed=draw(st.sampled_from([False, False, False, True])),
            )
            for role_id in there
        },
        bot_permissions=draw(st.sampled_from([int(INVITATION)] * 3 + [0, int(Permission.MANAGE_ROLES)])),
        bot_top_position=50,
        joins_paused=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def integrations(draw: st.DrawFn) -> tuple[IntegrationFact, ...]:
    ids = draw(st.lists(st.sampled_from(INTEGRATIONS), unique=True, max_size=3))
    attached = st.builds(
        AttachedRole,
        role_id=st.sampled_from(ROLES),
        confirmed_powers=st.sampled_from([0, int(Permission.KICK_MEMBERS)]),
    )
    return tuple(
        IntegrationFact(
            id=integration_id,
            creator_id=CreatorId("ana"),
            name="Club",
            state=draw(
                st.sampled_from(
                    [IntegrationState.CONNECTED, IntegrationState.CONNECTED, IntegrationState.CLOSING]
                )
            ),
            policy=draw(st.sampled_from(EndPolicy)),
            attachments=tuple(
                AttachmentFact(
                    tier_id=tier,
                    roles=tuple(draw(st.lists(attached, max_size=3, unique_by=lambda role: role.role_id))),
                )
                for tier in draw(st.lists(st.sampled_from(TIERS), unique=True, max_size=3))
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
        st.just(ABSENT)
        | st.builds(
            Observed,
            state=st.sampled_from([StayState.IN, StayState.PENDING]),
            roles=some_roles,
            boosting=st.booleans(),
        )
    )
    granted = draw(st.frozensets(st.sampled_from(sorted(observed.roles)))) if observed.roles else frozenset()
    ids = draw(st.lists(st.sampled_from(MEMBERSHIPS), unique=True, max_size=3))
    facts = Facts(
        now=NOW,
        member=Member(GUILD, AccountId(5)),
        guild=draw(guilds()),
        slack=timedelta(hours=72),
        fan_id=draw(st.sampled_from([FanId("bob"), FanId("bob"), FanId("bob"), None])),
        integrations=draw(integrations()),
        memberships=tuple(
            MembershipFact(
                id=membership_id,
                tier_id=draw(st.sampled_from(TIERS)),
                status=draw(st.sampled_from(MembershipStatus)),
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
                kept=draw(st.sampled_from([False, False, True])),
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
