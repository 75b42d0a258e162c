"""A Discord in memory behind the heart's ports: it keeps guilds, obeys, and can be told when to fail or to die.

It implements the ports and replaces nothing: the rooms under test are the real ones.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.access.ports import EventType
from bot.access.way_back import WayBack
from bot.discord.observed import ABSENT, Observed
from bot.discord.outcomes import Absent, AlreadySo, Applied, NeedsPerson, Outcome, Person, RetryAfter, Thing
from bot.ids import AccountId, FanId, Member, RoleId
from models.access import StayState, Urgency

LOST = RetryAfter(after=timedelta(seconds=5), why="unreachable")
FORBIDDEN = NeedsPerson(who=Person.CREATOR, why="missing_permissions", code=50013)


class KilledError(BaseException):
    """The process is gone: nothing of ours may catch it."""


@dataclass
class Memory:
    """Calls are named ``give 7``, ``take 7``, ``join``, ``put_out``, ``observe``."""

    roles: dict[Member, set[RoleId]] = field(default_factory=dict)
    """Who is where, with which roles."""
    calls: list[str] = field(default_factory=list)
    answers: dict[str, Outcome] = field(default_factory=dict)
    """What a call by this name is answered, without effect."""
    lost_answers: set[str] = field(default_factory=set)
    """Calls that take effect, but whose answer is lost (once)."""
    lies: set[str] = field(default_factory=set)
    """Calls that are answered with a yes and have no effect (once)."""
    killed_before: str | None = None
    killed_after: str | None = None
    bot_present: bool = True
    boosting: set[Member] = field(default_factory=set)
    pending: set[Member] = field(default_factory=set)
    while_observed: Callable[[], object] = lambda: None
    """What happens while it is looked at somebody."""

    async def observe(
        self, member: Member, *, urgent: bool = False
    ) -> Observed | RetryAfter | NeedsPerson | Absent:
        self.calls.append("observe" if not urgent else "observe now")
        self.while_observed()
        answer = self.answers.get("observe")
        if answer is not None:
            assert isinstance(answer, RetryAfter | NeedsPerson | Absent)
            return answer
        if not self.bot_present:
            return Absent(thing=Thing.GUILD, code=50001)
        if member not in self.roles:
            return ABSENT
        state = StayState.PENDING if member in self.pending else StayState.IN
        return Observed(state=state, roles=frozenset(self.roles[member]), boosting=member in self.boosting)

    async def join(
        self,
        member: Member,
        *,
        access_token: str,
        roles: Sequence[RoleId],
        urgency: Urgency = Urgency.EVENT,  # noqa: ARG002 - nobody stands in line here
    ) -> Outcome:
        assert access_token
        if member in self.roles:
            return self._do("join", lambda: None, AlreadySo())
        return self._do("join", lambda: self.roles.update({member: set(roles)}))

    async def give_role(
        self,
        member: Member,
        role_id: RoleId,
        *,
        reason: str,
        urgency: Urgency = Urgency.EVENT,  # noqa: ARG002 - nobody stands in line here
    ) -> Outcome:
        assert reason
        return self._do(f"give {role_id}", lambda: self.roles[member].add(role_id))

    async def take_role(
        self,
        member: Member,
        role_id: RoleId,
        *,
        reason: str,
        urgency: Urgency = Urgency.EVENT,  # noqa: ARG002 - nobody stands in line here
    ) -> Outcome:
        assert reason
        return self._do(f"take {role_id}", lambda: self.roles[member].discard(role_id))

    async def put_out(
        self,
        member: Member,
        *,
        reason: str,
        urgency: Urgency = Urgency.EVENT,  # noqa: ARG002 - nobody stands in line here
    ) -> Outcome:
        assert reason
        return self._do("put_out", lambda: self.roles.pop(member, None))

    def changes(self) -> list[str]:
        """The calls that change something, in order."""
        return [call for call in self.calls if not call.startswith("observe")]

    def _do(self, name: str, effect: Any, yes: Outcome | None = None) -> Outcome:
        self.calls.append(name)
        if self.killed_before == name:
            self.killed_before = None
            raise KilledError
        if name in self.answers:
            return self.answers[name]
        if name in self.lies:
            self.lies.discard(name)
            return Applied()
        effect()
        if self.killed_after == name:
            self.killed_after = None
            raise KilledError
        if name in self.lost_answers:
            self.lost_answers.discard(name)
            return LOST
        return yes or Applied()


@dataclass
class Above:
    """The rooms above: tokens, notices, and the platform's ear."""

    tokens: dict[AccountId, str] = field(default_factory=dict)
    events: list[tuple[EventType, dict[str, Any]]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """``welcome``s and ``farewell``s, in order."""
    ways_back: list[WayBack] = field(default_factory=list)
    """As the ``farewell``s named them."""

    async def fresh(self, account_id: AccountId, /) -> str | RetryAfter | None:
        return self.tokens.get(account_id)

    async def refused(self, account_id: AccountId, access_token: str, /) -> bool:
        if self.tokens.get(account_id) != access_token:
            return False
        del self.tokens[account_id]
        return True

    async def welcome(
        self, member: Member, /, *, key: str, fan_id: FanId, guild_name: str, roles: Sequence[str]
    ) -> None:
        assert key
        assert fan_id
        assert member
        self.told.append(f"welcome to {guild_name}: {', '.join(roles)}")

    async def farewell(
        self, member: Member, /, *, key: str, fan_id: FanId | None, guild_name: str, way_back: WayBack
    ) -> None:
        assert key
        assert member
        assert fan_id is None or fan_id
        self.told.append(f"farewell from {guild_name}")
        self.ways_back.append(way_back)

    async def tell(self, event: EventType, key: str, fan_id: FanId, data: Mapping[str, Any], /) -> None:
        assert key
        assert fan_id == data["fan_id"]
        self.events.append((event, dict(data)))
