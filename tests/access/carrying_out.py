"""A Discord that obeys a plan, or refuses part of it: what the worlds of the properties become."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.access.changes import Change, Depart, Give, Join, Keep, Plan, PutOut, Reprieve, Spare, Take
from bot.access.desired import DepartureFact, Facts, GrantFact
from bot.access.view import View, view
from bot.discord.observed import ABSENT, Observed
from models.access import StayState

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
            grants = (*(each for each in facts.grants if each.role_id != role_id), grant)
            return replace(facts, grants=grants), replace(observed, roles=held)
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
