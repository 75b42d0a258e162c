"""What happens during a pass counts: a pass may last minutes, and somebody may pay in the middle of being put out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.discord.observed import Observed
from bot.discord.outcomes import Absent, NeedsPerson, Outcome, Person, RetryAfter
from bot.ids import Member, RoleId
from models import Departure
from tests.access.house import House
from tests.access.memory import Above, Memory

type Happening = Callable[[], Awaitable[object]]
BAD_TOKEN = NeedsPerson(who=Person.FAN, why="bad_token", code=50025)


@dataclass
class Slow(Memory):
    """A Discord that takes its time: what is to happen while a call is under way happens then, once."""

    meanwhile: dict[str, Happening] = field(default_factory=dict)

    async def observe(
        self, member: Member, *, urgent: bool = False
    ) -> Observed | RetryAfter | NeedsPerson | Absent:
        seen = await super().observe(member, urgent=urgent)
        await self._happens("observe")
        return seen

    async def take_role(self, member: Member, role_id: RoleId, **how: Any) -> Outcome:
        outcome = await super().take_role(member, role_id, **how)
        await self._happens(f"take {role_id}")
        return outcome

    async def join(self, member: Member, **how: Any) -> Outcome:
        if "join" in self.meanwhile:
            self.calls.append("join")
            await self._happens("join")
            return BAD_TOKEN
        return await super().join(member, **how)

    async def _happens(self, call: str) -> None:
        happening = self.meanwhile.pop(call, None)
        if happening is not None:
            await happening()


@dataclass
class Late(Above):
    """A farewell that takes its time."""

    meanwhile: dict[str, Happening] = field(default_factory=dict)

    async def farewell(self, member: Member, /, **what: Any) -> None:
        await super().farewell(member, **what)
        await self.meanwhile["farewell"]()


async def _bob_inside(house: House, *roles: int) -> tuple[Member, Slow, Late]:
    """Bob was brought in, with a token that is no more: whoever puts him out cannot fetch him back."""
    slow, late = Slow(), Late()
    house.discord, house.above = slow, late
    house.access = house.start()
    for role_id in roles:
        await house.role(role_id)
    club = await house.integration({"gold": roles})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    late.tokens.clear()
    return fan, slow, late


async def test_who_pays_while_roles_are_taken_keeps_the_others_and_gets_these_back(house: House) -> None:
    fan, slow, _ = await _bob_inside(house, 7, 8)
    slow.meanwhile["take 7"] = partial(house.pays, "bob", "gold")

    await house.ends("bob", "gold")
    await house.runs()

    assert slow.changes() == ["join", "take 7", "give 7"]
    assert house.roles_of(fan) == {7, 8}
    assert house.events() == ["access.granted"]


async def test_who_pays_while_the_last_look_is_taken_is_not_bidden_farewell(house: House) -> None:
    fan, slow, late = await _bob_inside(house)
    await house.ends("bob", "gold")
    await house.runs()
    assert await Departure.exists()

    slow.meanwhile["observe"] = partial(house.pays, "bob", "gold")
    await house.later(minutes=61)

    assert house.is_in(fan)
    assert late.told == ["welcome to Garden: "]
    assert not await Departure.exists()


async def test_who_pays_while_the_farewell_is_on_its_way_stays_in(house: House) -> None:
    fan, _, late = await _bob_inside(house, 7)
    late.meanwhile["farewell"] = partial(house.pays, "bob", "gold")

    await house.ends("bob", "gold")
    await house.runs()
    await house.later(minutes=61)

    assert house.roles_of(fan) == {7}
    await house.later(minutes=1)
    assert late.told[-2:] == ["farewell from Garden", "welcome to Garden: role 7"]
    assert not await Departure.exists()


async def test_a_role_that_gained_a_reason_meanwhile_is_not_replaced(house: House) -> None:
    fan, slow, _ = await _bob_inside(house, 7)
    await house.role(8)
    club = await house.integration({"vip": [7]})
    slow.meanwhile["observe"] = partial(house.pays, "bob", "vip")

    await house.ends("bob", "gold")
    await house.runs()

    assert slow.changes() == ["join"]
    assert house.roles_of(fan) == {7}
    assert (await house.stay_of(fan)).last_integration_id == club


async def test_consent_given_anew_during_a_join_with_the_old_token_is_used(house: House) -> None:
    slow, above = Slow(), house.above
    house.discord = slow
    house.access = house.start()
    club = await house.integration({"gold": []})
    fan = await house.fan("bob", 5, wants=[club])

    async def consents() -> None:
        above.tokens[fan.account_id] = "new"

    slow.meanwhile["join"] = consents
    await house.pays("bob", "gold")
    await house.runs()
    await house.later(seconds=10)

    assert house.is_in(fan)
    assert slow.changes() == ["join", "join"]
