"""The one place where access is changed in Discord: intend, call, settle, one change at a time.

A crash before the call leaves an intent that the next sighting closes; one after it, an intent that the next sighting
confirms. No database transaction is open during a call.
"""

from bot.access.changes import Change, Give, Join, PutOut, Take
from bot.access.ledger import Call, Ledger
from bot.access.ports import Members, Notices, Tokens
from bot.access.view import View
from bot.access.way_back import way_back
from bot.discord.outcomes import NeedsPerson, Outcome, Person, RetryAfter
from models.access import Urgency

_NO_TOKEN = NeedsPerson(who=Person.FAN, why="no_token")


class Hands:
    def __init__(self, *, discord: Members, ledger: Ledger, tokens: Tokens, notices: Notices) -> None:
        self._discord = discord
        self._ledger = ledger
        self._tokens = tokens
        self._notices = notices

    async def carry_out(self, view: View, change: Change, urgency: Urgency) -> Outcome | None:
        """Carry out one change of the plan; None: it was a decision that needed no call."""
        match change:
            case Join():
                return await self._join(view, change, urgency)
            case PutOut():
                await self._say_farewell(view)
                return await self._call(view, change, urgency)
            case Give() | Take():
                return await self._call(view, change, urgency)
            case _:
                await self._ledger.decide(view.facts, change)
                return None

    async def _join(self, view: View, change: Join, urgency: Urgency) -> Outcome:
        account_id = view.member.account_id
        token = await self._tokens.fresh(account_id)
        if token is None:
            return _NO_TOKEN
        if isinstance(token, RetryAfter):
            return token
        outcome = await self._call(view, change, urgency, token=token)
        if isinstance(outcome, NeedsPerson) and outcome.why == "bad_token":
            await self._tokens.refused(account_id)
            return _NO_TOKEN
        return outcome

    async def _call(self, view: View, change: Call, urgency: Urgency, *, token: str = "") -> Outcome:
        await self._ledger.intend(view.facts, view.desired, change)
        outcome = await self._ask(view, change, urgency, token)
        await self._ledger.settle(view.facts, view.desired, change, outcome)
        return outcome

    async def _ask(self, view: View, change: Call, urgency: Urgency, token: str) -> Outcome:
        member = view.member
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

    async def _say_farewell(self, view: View) -> None:
        """Before, not after: who shares no server with the bot any more cannot be written to."""
        departure = await self._ledger.departure(view.member)
        if departure is None or departure.farewell_at is not None:
            return
        await self._notices.farewell(
            view.member,
            key=f"farewell:{departure.id}",
            fan_id=view.facts.fan_id,
            guild_name=view.facts.guild.name,
            way_back=way_back(view.facts, view.desired.ended),
        )
        await self._ledger.said_farewell(view.member)
