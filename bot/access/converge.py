"""One pass over one member: decide, look, plan, carry out, and say when to look next.

Safe to repeat after any crash, because nothing is remembered between two passes but what the tables say. What was
done is not believed: it is looked at again after ``confirm_after``, later and later while it does not stick, and then
every day.
"""

from datetime import datetime, timedelta

from bot.access.due import Dues
from bot.access.facts import FactsReader, refreshed
from bot.access.hands import Hands
from bot.access.holds import Holds
from bot.access.ledger import Ledger
from bot.access.ports import Members
from bot.access.progress import GUILD_GONE, Progress, Verdict
from bot.access.refusals import Refusals
from bot.access.told import Told
from bot.access.view import View, last_seen, view
from bot.clock import Clock
from bot.config import Config
from bot.discord.observed import Observed
from bot.discord.outcomes import Absent, NeedsPerson, RetryAfter
from bot.ids import Member
from models.access import StayState, Urgency

DAILY = timedelta(days=1)
HOUR = timedelta(hours=1)
"""Within it every grant is seen after its write."""
BACKOFF = timedelta(seconds=2)
PATIENCE = 3
"""Passes in a row that act before the look that follows them comes later and later."""
LOOKS = 3
"""How often one pass acts: once, again after a join, and again where a person waits and it did not stick."""


class Converge:
    def __init__(  # noqa: PLR0913 - the rooms that one pass goes through, each by name
        self,
        *,
        clock: Clock,
        config: Config,
        facts: FactsReader,
        discord: Members,
        ledger: Ledger,
        hands: Hands,
        holds: Holds,
        refusals: Refusals,
        dues: Dues,
        told: Told,
    ) -> None:
        self._clock = clock
        self._confirm_after = min(config.confirm_after, HOUR)
        self._facts = facts
        self._discord = discord
        self._ledger = ledger
        self._hands = hands
        self._holds = holds
        self._refusals = refusals
        self._dues = dues
        self._told = told

    async def converge(
        self, member: Member, *, urgency: Urgency = Urgency.EVENT, attempts: int = 0
    ) -> Verdict:
        """Bring one member to what the facts say; ``attempts``: passes before this that did not end converged."""
        urgent = urgency is Urgency.PERSON
        seen, progress = await self._look(member, urgent=urgent), Progress()
        for _ in range(LOOKS):
            if isinstance(seen, Verdict):
                return self._later(seen, attempts)
            progress = await self._carry_out(seen, progress, urgency)
            if not (progress.look_again or (urgent and progress.to_be_seen)):
                break
            seen = await self._look(member, urgent=True)
        if isinstance(seen, Verdict):
            return self._later(seen, attempts)
        return await self._conclude(seen, progress, attempts)

    async def _look(self, member: Member, *, urgent: bool) -> View | Verdict:
        facts = await self._facts.about(member)
        if facts.set_aside_until:
            return Verdict(next_at=facts.set_aside_until, why="set_aside")
        if not facts.guild.bot_present:  # nothing can be seen, and nothing seen is proof of an absence
            return view(facts, last_seen(facts))
        if facts.fan_id is None and facts.stay.state is None:
            return Verdict(next_at=None, why="nobody", at_rest=True)
        observed = await self._discord.observe(member, urgent=urgent)
        if isinstance(observed, Observed):
            await self._ledger.note(member, observed)
            return await self._remember(view(await refreshed(facts), observed))
        return self._unseen(observed)

    def _unseen(self, outcome: RetryAfter | NeedsPerson | Absent) -> Verdict:
        match outcome:
            case RetryAfter(after=after, why=why):
                return Verdict(next_at=self._clock() + after, attempts=1, why=why)
            case NeedsPerson(why=why):
                return Verdict(next_at=self._clock() + GUILD_GONE, attempts=1, why=why)
            case Absent():
                return Verdict(next_at=self._clock() + GUILD_GONE, why="bot_absent")

    async def _remember(self, seen: View) -> View:
        if await self._ledger.remember(seen.facts, seen.desired):
            return view(await refreshed(seen.facts), seen.observed)
        return seen

    async def _carry_out(self, seen: View, before: Progress, urgency: Urgency) -> Progress:
        progress = Progress(acted=before.acted)
        ends = seen.plan.end_causes()
        if seen.facts.hold and not ends and seen.facts.guild.bot_present:
            await self._holds.forget(seen.member)
        held = await self._holds.held(seen.member, ends)
        for change in seen.plan.without_ends(held).changes:
            if progress.waits(change):
                continue
            outcome = await self._hands.carry_out(seen, change, urgency)
            if outcome is not None:
                progress.note(change, outcome)
            if progress.stop:
                break
        for code in progress.refused_by_guild[:1]:
            await self._refused(seen, code, progress)
        return progress

    async def _refused(self, seen: View, code: int | None, progress: Progress) -> None:
        """A refusal that a newer picture of the guild explains (a role dragged meanwhile) is no reason to leave it alone."""
        if (await self._facts.about(seen.member)).guild == seen.facts.guild:
            await self._refusals.set_aside(seen.member.guild_id, code)
        else:
            progress.look_again = True

    # --- what comes next -------------------------------------------------------------------------

    async def _conclude(self, seen: View, progress: Progress, attempts: int) -> Verdict:
        if progress.trouble or seen.observed.present:
            await self._ledger.trouble(seen.member, progress.trouble)
        await self._dues.record(seen.facts, seen.desired.due())
        after = view(await refreshed(seen.facts), seen.observed) if seen.plan.changes else seen
        await self._told.tell(after, progress.trouble)
        if progress.acted or progress.retry_after:
            attempts += 1
        else:
            attempts = 0
        return Verdict(
            next_at=self._next_at(after, progress, attempts),
            attempts=attempts,
            why=progress.trouble,
            at_rest=not attempts and _second_decision_at(after) is None,
        )

    def _next_at(self, seen: View, progress: Progress, attempts: int) -> datetime | None:
        now = self._clock()
        times = [now + DAILY] if seen.is_of_interest else []
        if progress.retry_after is not None:
            times.append(now + max(progress.retry_after, _growing(BACKOFF, attempts)))
        elif progress.acted:
            times.append(now + _growing(self._confirm_after, attempts - PATIENCE))
        if seen.observed.state is StayState.PENDING:
            times.append(now + HOUR)
        decide_at = _second_decision_at(seen)
        # By the clock of the plan: what fell due while this pass was under way was not decided by it.
        if decide_at and decide_at > seen.facts.now:
            times.append(decide_at)
        return min(times, default=None)

    def _later(self, verdict: Verdict, attempts: int) -> Verdict:
        """Nothing could be seen: again when it may work, later and later."""
        if verdict.next_at is None or not verdict.attempts:
            return verdict
        tries = attempts + 1
        earliest = self._clock() + _growing(BACKOFF, tries)
        return Verdict(next_at=max(verdict.next_at, earliest), attempts=tries, retries=True, why=verdict.why)


def _second_decision_at(seen: View) -> datetime | None:
    departure = seen.facts.departure
    return departure.decide_at if departure and not departure.spared else None


def _growing(first: timedelta, attempts: int) -> timedelta:
    """``first``, doubled with every attempt after the first, at most an hour."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(HOUR, first * (1 << doublings))
