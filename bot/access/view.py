"""One member at one moment: the facts, what follows from them, what was seen, and the way from here to there.

The engine acts on this value and ``explain`` prints it, so what people are told is what is done.
"""

from dataclasses import dataclass

from bot.access.changes import Plan
from bot.access.desired import Desired, Facts, decide
from bot.access.plan import plan
from bot.discord.observed import Observed
from bot.ids import Member
from models.access import StayState


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    facts: Facts
    desired: Desired
    observed: Observed
    plan: Plan

    @property
    def member(self) -> Member:
        return self.facts.member

    @property
    def is_of_interest(self) -> bool:
        """Something is due, owed, or remembered here: the member is looked at every day."""
        facts = self.facts
        return bool(
            self.desired.live or facts.grants or facts.departure or facts.hold or facts.stay.begun_by_us
        )


def view(facts: Facts, observed: Observed) -> View:
    desired = decide(facts)
    return View(
        facts=facts,
        desired=desired,
        observed=observed,
        plan=plan(facts=facts, desired=desired, observed=observed),
    )


def last_seen(facts: Facts) -> Observed:
    """The member as the stay remembers them."""
    stay = facts.stay
    return Observed(state=stay.state or StayState.ABSENT, roles=stay.roles, boosting=stay.boosting)
