"""``decide`` and ``plan`` for any facts: what must hold whatever happened before."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.access.changes import Change, Depart, Give, Join, PutOut, Take
from bot.access.desired import Facts, decide
from bot.access.reach import role_trouble
from bot.access.view import view
from bot.discord.observed import Observed
from tests.access.worlds import any_world, apply, settled

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
        assert all(role_trouble(seen.facts, role_id) for role_id in missing)


@quickly
@given(world=any_world)
def test_only_what_was_granted_is_taken(world: World) -> None:
    facts, observed = world
    granted = {grant.role_id for grant in facts.grants if not grant.kept}

    changes = view(facts, observed).plan.changes

    assert {change.role_id for change in changes if isinstance(change, Take)} <= granted - decide(facts).roles


@quickly
@given(world=any_world)
def test_nothing_is_planned_that_discord_would_refuse(world: World) -> None:
    facts, observed = world

    for change in view(facts, observed).plan.changes:
        match change:
            case Give(role_id=role_id):
                assert role_trouble(facts, role_id) is None
            case Join(roles=roles):
                assert not any(role_trouble(facts, role_id) for role_id in roles)


@quickly
@given(world=any_world)
def test_adds_come_before_removals(world: World) -> None:
    facts, observed = world
    kinds = [type(change) for change in view(facts, observed).plan.changes]

    if Take in kinds and Give in kinds:
        assert max(i for i, kind in enumerate(kinds) if kind is Give) < kinds.index(Take)


@quickly
@given(world=any_world, refused=st.frozensets(st.integers(1, 6)))
def test_during_a_change_nobody_is_without_a_paid_role(world: World, refused: frozenset[int]) -> None:
    """Whose membership still gives access here keeps what it gave until all that replaces it is there."""
    facts, observed = world
    seen = view(facts, observed)
    living = {reason.because.membership_id for reason in seen.desired.live}
    replaced = {grant.role_id for grant in facts.grants if {b.membership_id for b in grant.because} & living}

    def yes(change: Change) -> bool:
        return not (isinstance(change, Give) and int(change.role_id) in refused)

    _, _, between = apply(facts, observed, seen.plan, yes)

    for moment in between:
        lost = replaced & (observed.roles - moment.roles)
        if lost and moment.present:
            assert seen.desired.roles <= moment.roles


@quickly
@given(world=any_world)
def test_nobody_is_put_out_while_a_membership_gives_access_or_without_a_first_decision(world: World) -> None:
    facts, observed = world
    seen = view(facts, observed)

    if any(isinstance(change, Depart | PutOut) for change in seen.plan.changes):
        assert not seen.desired.inside
        assert facts.stay.begun_by_us
    if any(isinstance(change, PutOut) for change in seen.plan.changes):
        assert facts.departure is not None
        assert facts.departure.decide_at <= facts.now
        assert facts.member.account_id != facts.guild.owner_id
        assert not observed.boosting
        assert observed.roles <= {grant.role_id for grant in facts.grants}


@quickly
@given(world=any_world)
def test_without_the_bot_nothing_is_planned(world: World) -> None:
    facts, observed = world
    gone = replace(facts, guild=replace(facts.guild, bot_present=False))

    assert view(gone, observed).plan.changes == ()
