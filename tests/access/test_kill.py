"""Killed at any moment, started again, the engine ends where it would have ended."""

import pytest

from bot.ids import Member
from models import Work as WorkRow
from models.access import GrantState
from tests.access.house import House
from tests.access.memory import KilledError


async def _dies(house: House, member: Member) -> None:
    """One pass, in a process that is killed in the middle of it: its lease stays behind."""
    (claim,) = [claim for claim in await house.work.claim(10) if claim.member == member]
    with pytest.raises(KilledError):
        await house.access.converge.converge(claim.member, urgency=claim.urgency)


def _killed(house: House, moment: str, call: str) -> None:
    if moment == "before":
        house.discord.killed_before = call
    else:
        house.discord.killed_after = call


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_at_the_join(house: House, moment: str) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    _killed(house, moment, "join")
    await _dies(house, fan)

    await house.restarts()

    assert house.roles_of(fan) == {7}
    assert await house.grants_of(fan) == {7: GrantState.SEEN}
    assert (await house.stay_of(fan)).begun_by_us
    assert house.events() == ["access.granted"]


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_at_giving_a_role(house: House, moment: str) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    _killed(house, moment, "give 7")
    await _dies(house, fan)

    await house.restarts()
    await house.later(minutes=1)
    assert house.roles_of(fan) == {7}
    assert await house.grants_of(fan) == {7: GrantState.SEEN}

    await house.ends("bob", "gold")
    await house.runs()
    assert house.roles_of(fan) == set()


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("call", ["give 8", "take 7"])
async def test_killed_in_an_upgrade(house: House, moment: str, call: str) -> None:
    await house.role(7)
    await house.role(8)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver", membership="m1")
    await house.runs()
    await house.pays("bob", "gold", membership="m1")
    _killed(house, moment, call)
    await _dies(house, fan)
    assert house.roles_of(fan)

    await house.restarts()
    await house.later(minutes=1)

    assert house.roles_of(fan) == {8}
    assert await house.grants_of(fan) == {8: GrantState.SEEN}


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_killed_at_putting_out(house: House, moment: str) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.ends("bob", "gold")
    await house.runs()
    await house.later(minutes=2)
    house.clock.now = house.clock.now.replace(hour=15)
    _killed(house, moment, "put_out")
    await _dies(house, fan)

    await house.restarts()
    await house.later(minutes=1)

    assert not house.is_in(fan)
    stay = await house.stay_of(fan)
    assert stay.put_out_at is not None
    assert stay.left_at is None
    assert house.above.told.count("farewell from Garden") == 1


async def test_an_answer_that_is_lost_after_the_effect_is_found_out(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    house.discord.lost_answers = {"join"}
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()

    await house.later(minutes=1)

    assert house.discord.changes() == ["join"]
    assert (await house.stay_of(fan)).begun_by_us
    assert await house.grants_of(fan) == {7: GrantState.SEEN}


async def test_a_mark_during_a_pass_is_seen_by_the_next(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.work.mark([fan])
    (claim,) = await house.work.claim(10)
    await house.pays("bob", "gold")

    await house.work.finish(claim, next_at=None)

    row = await WorkRow.get(account_id=5)
    assert row.due_at is not None
    assert row.lease_owner is None


async def test_a_member_is_never_claimed_twice_until_its_lease_runs_out(house: House) -> None:
    fan = await house.fan("bob", 5)
    await house.work.mark([fan])
    (first,) = await house.work.claim(10)
    assert await house.work.claim(10) == []

    house.clock.now = house.clock.now.replace(minute=10)
    (second,) = await house.work.claim(10)
    await house.work.finish(first, next_at=None)  # too late: it is no longer theirs

    assert second.owner != first.owner
    assert (await WorkRow.get(account_id=5)).lease_owner == second.owner
