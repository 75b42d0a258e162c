"""The one place where access is changed in Discord: intend, call, settle, one change at a time.

A crash before the call leaves an intent that the next sighting closes; one after it, an intent that the next sighting
confirms. No database transaction is open during a call.

What ends something is decided once more in the transaction of its intent: between the look and the call there may be
minutes of other calls and of waiting, and whoever paid in them keeps everything.
"""

from datetime import timedelta

from bot.access.changes import Change, Give, Join, PutOut, Take
from bot.access.facts import FactsReader
from bot.access.ledger import Call, Ledger
from bot.access.ports import Members, Notices, Tokens
from bot.access.view import View, view
from bot.access.way_back import way_back
from bot.database import transaction
from bot.discord.outcomes import NeedsPerson, Outcome, Person, RetryAfter
from models.access import Urgency

_NO_TOKEN = NeedsPerson(who=Person.FAN, why="no_token")
_NEW_TOKEN = RetryAfter(after=timedelta(seconds=1), why="token_replaced")
_OVERTAKEN = RetryAfter(after=timedelta(0), why="overtaken")
"""Not done, because the facts no longer ask for it: the next pass plans anew."""


class Hands:
    def __init__(
        self, *, facts: FactsReader, discord: Members, ledger: Ledger, tokens: Tokens, notices: Notices
    ) -> None:
        self._facts = facts
        self._discord = discord
        self._ledger = ledger
        self._tokens = tokens
        self._notices = notices

    async def carry_out(self, seen: View, change: Change, urgency: Urgency) -> Outcome | None:
        """Carry out one change of the plan; None: it was a decision that needed no call."""
        match change:
            case Join():
                return await self._join(seen, change, urgency)
            case PutOut():
                if not await self._still_asked(seen, change):
                    return _OVERTAKEN
                await self._say_farewell(seen)
                return await self._call(seen, change, urgency)
            case Give() | Take():
                return await self._call(seen, change, urgency)
            case _:
                await self._ledger.decide(seen.facts, change)
                return None

    async def _join(self, seen: View, change: Join, urgency: Urgency) -> Outcome:
        account_id = seen.member.account_id
        token = await self._tokens.fresh(account_id)
        if token is None:
            return _NO_TOKEN
        if isinstance(token, RetryAfter):
            return token
        outcome = await self._call(seen, change, urgency, token=token)
        if isinstance(outcome, NeedsPerson) and outcome.why == "bad_token":
            return _NO_TOKEN if await self._tokens.refused(account_id, token) else _NEW_TOKEN
        return outcome

    async def _call(self, seen: View, change: Call, urgency: Urgency, *, token: str = "") -> Outcome:
        async with transaction():
            if not await self._still_asked(seen, change):
                return _OVERTAKEN
            await self._ledger.intend(seen.facts, seen.desired, change)
        outcome = await self._ask(seen, change, urgency, token)
        await self._ledger.settle(seen.facts, seen.desired, change, outcome)
        return outcome

    async def _still_asked(self, seen: View, change: Call) -> bool:
        """Whether the facts as they are now still ask for it; what is given too much, the next pass takes."""
        if isinstance(change, Join | Give):
            return True
        now = view(await self._facts.about(seen.member), seen.observed)
        return change in now.plan.changes

    async def _ask(self, seen: View, change: Call, urgency: Urgency, token: str) -> Outcome:
        member = seen.member
        match change:
            case Join(roles=roles):
                return await self._discord.join(member, access_token=token, roles=roles, urgency=urgency)
            case Give(role_id=role_id):
                return await self._discord.give_role(
                    member, role_id, reason="Membership active", urgency=urgency
                )
            case Take(role_id=role_id):
                reason = "Membership changed" if change.is_replacement else "Membership ended"
                return await self._discord.take_role(member, role_id, reason=reason, urgency=urgency)
            case PutOut():
                return await self._discord.put_out(member, reason="Membership ended", urgency=urgency)

    async def _say_farewell(self, seen: View) -> None:
        """Before, not after: who shares no server with the bot any more cannot be written to."""
        departure = await self._ledger.departure(seen.member)
        if departure is None or departure.farewell_at is not None:
            return
        await self._notices.farewell(
            seen.member,
            key=f"farewell:{departure.id}",
            fan_id=seen.facts.fan_id,
            guild_name=seen.facts.guild.name,
            way_back=way_back(seen.facts, seen.desired.ended),
        )
        await self._ledger.said_farewell(seen.member)
