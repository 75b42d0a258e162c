"""Worlds for properties: any facts about one member."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from bot.access.changes import TroubleKind
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
from bot.discord.observed import ABSENT, Observed
from bot.discord.permissions import INVITATION, Permission
from bot.ids import AccountId, CreatorId, FanId, GuildId, IntegrationId, Member, MembershipId, RoleId, TierId
from models.access import StayState
from models.fans import SeatState
from models.integrations import EndPolicy, IntegrationState
from models.memberships import MembershipStatus

DAY = timedelta(days=1)
NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
GUILD = GuildId(1000)
# Few of each, and mostly in order, so that they meet: in a wide world nearly every plan is empty.
ROLES = [RoleId(number) for number in range(1, 5)]
TIERS = [TierId("silver"), TierId("gold")]
MEMBERSHIPS = [MembershipId("m1"), MembershipId("m2")]
INTEGRATIONS = [IntegrationId(1), IntegrationId(2)]
STATUSES = [*MembershipStatus, *[MembershipStatus.ACTIVE, MembershipStatus.CANCELED] * 4]
STATES = [IntegrationState.CONNECTED] * 4 + [IntegrationState.NEEDS_ATTENTION, IntegrationState.CLOSING]
TROUBLES = [None, TroubleKind.NO_TOKEN, TroubleKind.BANNED, "30001"]
SPARED = [None, "booster"]
KICK = int(Permission.KICK_MEMBERS)

instants = st.sampled_from([NOW + days * DAY for days in (-40, -1, 1, 40)])
departures = st.builds(DepartureFact, decide_at=instants, spared=st.sampled_from(SPARED))
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
    powers = st.sampled_from([0] * 8 + [KICK, int(Permission.ADMINISTRATOR)])
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
        confirmed_powers=st.sampled_from([0, 0, KICK]),
    )
    return tuple(
        IntegrationFact(
            id=integration_id,
            creator_id=CreatorId("ana"),
            name="Club",
            state=draw(st.sampled_from(STATES)),
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
            waits=draw(st.sampled_from([False] * 5 + [True])),
        )
        for integration_id in ids
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Facts, Observed]:
    """Facts, and what is seen: grants are of roles the member has, as after a sighting, or intents, as before one."""
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
    intended = draw(st.just(frozenset()) | some_roles) - observed.roles
    ids = draw(st.sampled_from([MEMBERSHIPS, MEMBERSHIPS[:1]]))
    facts = Facts(
        now=NOW,
        member=Member(GUILD, AccountId(5)),
        guild=draw(guilds()),
        slack=timedelta(hours=72),
        asks_first=draw(st.booleans()),
        fan_id=draw(st.sampled_from([FanId("bob")] * 6 + [None])),
        integrations=draw(integrations()),
        memberships=tuple(
            MembershipFact(
                id=membership_id,
                tier_id=draw(st.sampled_from(TIERS)),
                status=draw(st.sampled_from(STATUSES)),
                paid_until=draw(st.none() | instants),
                updated_at=draw(instants),
                unpaid_at=draw(st.none() | instants),
            )
            for membership_id in ids
        ),
        grants=tuple(
            GrantFact(
                role_id=role_id,
                because=draw(st.frozensets(reasons, min_size=1, max_size=2)),
                seen=role_id not in intended,
                kept=draw(st.sampled_from([False] * 4 + [True])),
            )
            for role_id in sorted(observed.roles - by_hand | intended)
        ),
        stay=StayFact(
            state=observed.state,
            begun_by_us=draw(st.booleans()) and observed.present,
            left_at=None if observed.present else draw(st.none() | instants),
            put_out=draw(st.booleans()) and not observed.present,
            last_integration_id=draw(st.none() | st.sampled_from(INTEGRATIONS)),
            trouble=draw(st.sampled_from(TROUBLES)),
            trouble_at=draw(instants),
        ),
        departure=draw(st.none() | departures),
    )
    return facts, observed
