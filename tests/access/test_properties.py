"""``decide`` and ``plan`` for any facts: what must hold whatever happened before."""

from dataclasses import replace
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.changes import Change, Depart, Give, Join, Keep, PutOut, Take, TroubleKind
from bot.access.desired import Because, Facts, StayFact, decide
from bot.access.plan import plan
from bot.access.reach import can_take, role_trouble
from bot.access.view import View, view
from bot.discord.observed import Observed
from bot.discord.permissions import Permission, powers
from bot.ids import IntegrationId, MembershipId, RoleId
from models.fans import SeatState
from tests.access.carrying_out import apply, settled
from tests.access.moments import any_world, arriving, changing, doubled, going, leaving
from tests.access.worlds import DAY, KICK, NOW

World = tuple[Facts, Observed]
quickly = settings(deadline=None, max_examples=120)


def _shuffled(facts: Facts, random: st.DataObject) -> Facts:
    def mixed[T](items: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(random.draw(st.permutations(items)))

    integrations = tuple(
        replace(
            integration,
            attachments=mixed(tuple(replace(a, roles=mixed(a.roles)) for a in integration.attachments)),
        )
        for integration in facts.integrations
    )
    return replace(
        facts,
        integrations=mixed(integrations),
        memberships=mixed(facts.memberships),
        grants=mixed(facts.grants),
    )


@quickly
@given(world=any_world, random=st.data())
def test_the_order_of_facts_does_not_matter(world: World, random: st.DataObject) -> None:
    facts, observed = world
    one, other = view(facts, observed), view(_shuffled(facts, random), observed)

    assert one.desired == other.desired
    assert one.plan == other.plan


@quickly
@given(world=going(), random=st.data())
def test_nor_does_the_order_of_reasons_where_several_ended(world: World, random: st.DataObject) -> None:
    facts, observed = world
    desired = decide(facts)
    ended = tuple(random.draw(st.permutations(desired.ended)))

    other = plan(facts=_shuffled(facts, random), desired=replace(desired, ended=ended), observed=observed)

    assert other == plan(facts=facts, desired=desired, observed=observed)


@quickly
@given(world=any_world)
def test_a_plan_applied_leaves_nothing_to_do(world: World) -> None:
    facts, observed = world

    seen = settled(facts, observed)

    assert seen.plan.changes == ()


@quickly
@given(world=any_world)
def test_what_is_due_and_in_reach_is_there_in_the_end(world: World) -> None:
    facts, observed = world

    seen = settled(facts, observed)

    if seen.observed.present:
        missing = seen.desired.roles - seen.observed.roles
        assert all(role_trouble(seen.facts, seen.desired, role_id) for role_id in missing)


@quickly
@given(world=any_world)
def test_only_what_was_granted_is_taken(world: World) -> None:
    facts, observed = world
    granted = {grant.role_id for grant in facts.grants if not grant.kept}

    changes = view(facts, observed).plan.changes

    assert {change.role_id for change in changes if isinstance(change, Take)} <= granted - decide(facts).roles


@quickly
@given(world=any_world | arriving())
def test_nothing_is_planned_that_discord_would_refuse(world: World) -> None:
    """Discord's own rules, reckoned here once more; and never a role that may do everything."""
    facts, observed = world
    guild, seen = facts.guild, view(facts, observed)
    changes, may = seen.plan.changes, guild.bot_permissions
    taken = {change.role_id for change in changes if isinstance(change, Take)}
    given = _given(seen)

    assert (given | taken) <= {
        role.id
        for role in guild.roles.values()
        if not role.managed and role.position < guild.bot_top_position
    }
    assert not any(guild.roles[role_id].permissions & Permission.ADMINISTRATOR for role_id in given)
    assert may & Permission.MANAGE_ROLES or not given | taken
    for change in changes:
        if isinstance(change, Join):
            assert may & Permission.CREATE_INSTANT_INVITE
            assert not guild.joins_paused


@quickly
@given(world=arriving())
def test_only_who_asked_for_it_or_was_put_out_by_us_is_brought_in_and_what_is_in_reach_comes_along(
    world: World,
) -> None:
    facts, observed = world
    seen = view(facts, observed)

    for change in seen.plan.changes:
        if isinstance(change, Join):
            asked = [i.seat_changed_at for i in facts.integrations if i.seat is SeatState.WANTED]
            assert asked or facts.stay.put_out
            for refused_at in _refused_at(facts.stay):
                assert any(at is not None and at > refused_at for at in asked)
            assert any(_gives_something(reason.because, facts) for reason in seen.desired.live)
            within = {r for r in seen.desired.roles if role_trouble(facts, seen.desired, r) is None}
            assert set(change.roles) == within


def _refused_at(stay: StayFact) -> list[datetime]:
    """When they left by themselves, and when, within a day, a join was refused for what a person has to mend."""
    at = [stay.left_at]
    if stay.trouble not in {None, TroubleKind.NO_TOKEN} and stay.trouble_at and stay.trouble_at > NOW - DAY:
        at.append(stay.trouble_at)
    return [each for each in at if each is not None]


def _gives_something(because: Because, facts: Facts) -> bool:
    """Its integration is trusted, and roles that its attachment names are there, or it names none."""
    named = [
        {role.role_id for role in attachment.roles}
        for integration in facts.integrations
        for attachment in integration.attachments
        if (integration.id, attachment.tier_id) == (because.integration_id, because.tier_id)
        and not integration.waits
    ]
    return any(not roles or roles & facts.guild.roles.keys() for roles in named)


def _given(seen: View) -> set[RoleId]:
    given = {change.role_id for change in seen.plan.changes if isinstance(change, Give)}
    return given.union(*(change.roles for change in seen.plan.changes if isinstance(change, Join)))


@quickly
@given(world=doubled())
def test_a_role_with_a_power_is_given_only_where_its_creator_said_yes(world: World) -> None:
    facts, observed = world
    seen = view(facts, observed)
    said_yes = {
        (integration.id, attachment.tier_id, role.role_id)
        for integration in facts.integrations
        for attachment in integration.attachments
        for role in attachment.roles
        if role.role_id in facts.guild.roles
        if not powers(facts.guild.roles[role.role_id].permissions) & ~role.confirmed_powers
    }

    for role_id in _given(seen):
        reasons = [r.because for r in seen.desired.live if role_id in r.role_ids]
        assert {(because.integration_id, because.tier_id, role_id) for because in reasons} & said_yes


@quickly
@given(world=any_world)
def test_adds_come_before_removals(world: World) -> None:
    facts, observed = world
    kinds = [type(change) for change in view(facts, observed).plan.changes]

    if Take in kinds and Give in kinds:
        assert max(i for i, kind in enumerate(kinds) if kind is Give) < kinds.index(Take)


@quickly
@given(world=any_world | changing(), refused=st.frozensets(st.integers(1, 6)))
def test_during_a_change_nobody_is_without_a_paid_role(world: World, refused: frozenset[int]) -> None:
    """Whose membership still gives access through the same integration keeps what it gave until all is replaced."""
    facts, observed = world
    seen = view(facts, observed)
    living = {_way(reason.because) for reason in seen.desired.live}
    replaced = {grant.role_id for grant in facts.grants if {_way(b) for b in grant.because} & living}

    def yes(change: Change) -> bool:
        return not (isinstance(change, Give) and int(change.role_id) in refused)

    _, _, between = apply(facts, observed, seen.plan, yes)

    for moment in between:
        lost = replaced & (observed.roles - moment.roles)
        if lost and moment.present:
            assert seen.desired.roles <= moment.roles
            assert all(_gives_something(reason.because, facts) for reason in seen.desired.live)


def _way(because: Because) -> tuple[MembershipId, IntegrationId]:
    return because.membership_id, because.integration_id


@quickly
@given(world=any_world)
def test_what_ended_goes_or_is_kept_whatever_another_integration_gives(world: World) -> None:
    """A role all of whose reasons ended waits for nothing, though the membership lives through another integration."""
    facts, observed = world
    seen = view(facts, observed)
    ended = {reason.because for reason in seen.desired.ended}
    over = {grant.role_id for grant in facts.grants if grant.because <= ended and not grant.kept}

    decided = {
        change.role_id
        for change in seen.plan.changes
        if isinstance(change, Keep) or (isinstance(change, Take) and not change.is_replacement)
    }

    if observed.present:
        within_reach = {role_id for role_id in over & observed.roles if can_take(facts, role_id)}
        assert within_reach - seen.desired.roles <= decided


@quickly
@given(world=leaving() | going() | going())
def test_nobody_is_put_out_while_a_membership_gives_access_or_without_a_first_decision(world: World) -> None:
    facts, observed = world
    seen = view(facts, observed)

    if any(isinstance(change, Depart | PutOut) for change in seen.plan.changes):
        guild = facts.guild
        held = [role for role in guild.roles.values() if role.id in observed.roles]
        assert not seen.desired.inside
        assert facts.stay.begun_by_us
        assert guild.bot_permissions & Permission.KICK_MEMBERS
        assert not any(role.position >= guild.bot_top_position or role.permissions & KICK for role in held)
        assert facts.member.account_id != guild.owner_id
        assert not observed.boosting
        assert observed.roles <= {grant.role_id for grant in facts.grants}
    if any(isinstance(change, PutOut) for change in seen.plan.changes):
        assert facts.departure is not None
        assert facts.departure.decide_at <= facts.now
        assert not facts.departure.spared


@quickly
@given(world=any_world)
def test_without_the_bot_nothing_is_planned(world: World) -> None:
    facts, observed = world
    gone = replace(facts, guild=replace(facts.guild, bot_present=False))

    assert view(gone, observed).plan.changes == ()
