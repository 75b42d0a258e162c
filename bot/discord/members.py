"""What can be done to one member of a guild: see, bring in, give and take a role, put out.

Every answer is a value. A yes is no proof (Discord has answered 204 and done nothing): what was done is seen by
:meth:`Members.observe`. Single roles only: setting a member's whole list would undo what another bot did a moment ago.
"""

from collections.abc import Sequence

from bot.discord.calls import Answered, Calls
from bot.discord.client import Client
from bot.discord.codes import Failure
from bot.discord.gateway import observed
from bot.discord.observed import ABSENT, Observed
from bot.discord.outcomes import Absent, AlreadySo, Applied, NeedsPerson, Outcome, RetryAfter, Thing
from bot.discord.sightings import Sightings
from bot.ids import Member, RoleId
from models.access import Urgency

_MEMBER = "/guilds/{guild_id}/members/{user_id}"
_ROLE = _MEMBER + "/roles/{role_id}"
_FOR_A_ROLE = frozenset({"missing_permissions", "invalid_role"})


class Members:
    def __init__(self, client: Client) -> None:
        self._calls = Calls(client)
        self._sightings = Sightings(client)

    async def observe(
        self, member: Member, *, urgent: bool = False
    ) -> Observed | RetryAfter | NeedsPerson | Absent:
        """See the member as Discord has them now.

        Together with others over the gateway; ``urgent`` (a person waits), or with the gateway out of reach, by one GET.
        ``Absent`` of the guild: the bot is not in it, so nothing was seen.
        """
        if urgent or not self._sightings.ready_for(member.guild_id):
            return await self._read(member, Urgency.PERSON if urgent else Urgency.EVENT)
        return await self._sightings.observe(member)

    async def join(
        self,
        member: Member,
        *,
        access_token: str,
        roles: Sequence[RoleId],
        urgency: Urgency = Urgency.EVENT,
    ) -> Outcome:
        """Bring the token's owner in with ``roles`` (Add Guild Member).

        Applied: they came in now, without the roles if one of them was refused. AlreadySo: they were in, and nothing was
        changed.
        """
        outcome = await self._join(member, access_token, roles, urgency)
        if roles and _refused_for_a_role(outcome):
            return await self._join(member, access_token, (), urgency)
        return outcome

    async def give_role(
        self, member: Member, role_id: RoleId, *, reason: str, urgency: Urgency = Urgency.EVENT
    ) -> Outcome:
        return await self._change("PUT", _ROLE, member, reason=reason, urgency=urgency, role_id=role_id)

    async def take_role(
        self, member: Member, role_id: RoleId, *, reason: str, urgency: Urgency = Urgency.EVENT
    ) -> Outcome:
        return await self._change("DELETE", _ROLE, member, reason=reason, urgency=urgency, role_id=role_id)

    async def put_out(self, member: Member, *, reason: str, urgency: Urgency = Urgency.EVENT) -> Outcome:
        """Kick; they may come back."""
        return await self._change("DELETE", _MEMBER, member, reason=reason, urgency=urgency)

    async def _read(self, member: Member, urgency: Urgency) -> Observed | Failure:
        found = await self._calls.call(
            "GET", _MEMBER, urgency=urgency, guild_id=member.guild_id, user_id=member.account_id
        )
        match found:
            case Answered():
                return observed(found.body)
            case Absent(thing=Thing.MEMBER | Thing.USER):
                return ABSENT
            case NeedsPerson(why="missing_access"):
                return Absent(thing=Thing.GUILD, code=found.code)  # who is in a guild may read its members
            case _:
                return found

    async def _join(
        self, member: Member, access_token: str, roles: Sequence[RoleId], urgency: Urgency
    ) -> Outcome:
        body = {"access_token": access_token, "roles": [str(role_id) for role_id in roles]}
        found = await self._calls.call(
            "PUT", _MEMBER, json=body, urgency=urgency, guild_id=member.guild_id, user_id=member.account_id
        )
        if not isinstance(found, Answered):
            return found
        return AlreadySo() if found.body is None else Applied()

    async def _change(
        self, method: str, path: str, member: Member, *, reason: str, urgency: Urgency, **ids: int
    ) -> Outcome:
        found = await self._calls.call(
            method,
            path,
            reason=reason,
            urgency=urgency,
            repeatable=True,
            guild_id=member.guild_id,
            user_id=member.account_id,
            **ids,
        )
        return Applied() if isinstance(found, Answered) else found


def _refused_for_a_role(outcome: Outcome) -> bool:
    match outcome:
        case Absent(thing=Thing.ROLE):
            return True
        case NeedsPerson(why=why):
            return why in _FOR_A_ROLE
        case _:
            return False
