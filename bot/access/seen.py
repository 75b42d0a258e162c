"""What Discord says by itself: member events, where the members intent is on, and what is read in passing.

An event may be older than what was done since, so it closes nothing and takes nothing: it confirms what it shows, and
where it differs from what is stored it has the member looked at. Only a read made for a pass is believed.
"""

from bot.access.facts import FactsReader
from bot.access.view import view
from bot.access.work import Work
from bot.clock import Clock
from bot.discord.observed import Observed
from bot.ids import Member
from models import Grant, Link, Stay
from models.access import GrantState


class Seen:
    def __init__(self, clock: Clock, work: Work, facts: FactsReader) -> None:
        self._clock = clock
        self._work = work
        self._facts = facts

    async def note(self, member: Member, observed: Observed) -> None:
        """Take note of a member event; strangers cost one query."""
        if not await self._is_known(member):
            return
        facts = await self._facts.about(member)
        granted = {grant.role_id for grant in facts.grants}
        missing = granted - observed.roles if observed.present else granted
        differs = observed.state is not facts.stay.state or bool(missing)
        if differs or view(facts, observed).plan.changes:
            await self._work.mark([member])
        elif granted:
            mine = Grant.filter(guild_id=member.guild_id, account_id=member.account_id)
            await mine.filter(state=GrantState.GIVEN).update(state=GrantState.SEEN, seen_at=self._clock())

    async def _is_known(self, member: Member) -> bool:
        if await Link.exists(account_id=member.account_id):
            return True
        return await Stay.exists(guild_id=member.guild_id, account_id=member.account_id)
