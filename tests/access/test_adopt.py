"""Roles that were given by hand before become the bot's to answer for: shown first, and only where they are due."""

import pytest

from bot.access.adopt import Adopt, Adopted, NumberChanged
from bot.access.audit import Audit
from bot.access.facts import FactsReader
from bot.ids import IntegrationId
from models import Grant
from models.access import GrantState
from models.fans import SeatState
from models.memberships import MembershipStatus
from tests.access.house import House


@pytest.fixture
def adopt(house: House) -> Adopt:
    return Adopt(
        clock=house.clock,
        facts=FactsReader(house.clock, house.config),
        audit=Audit(house.clock),
        work=house.work,
    )


async def _club(house: House) -> IntegrationId:
    await house.role(7)
    await house.role(8)
    return IntegrationId(await house.integration({"gold": [7]}))


async def test_a_role_given_by_hand_stays_without_adoption_and_goes_with_it(
    house: House, adopt: Adopt
) -> None:
    club = await _club(house)
    bob, eve = await house.fan("bob", 5), await house.fan("eve", 6)
    for fan in (bob, eve):
        await house.inside(fan, 7, 8)
    await house.pays("bob", "gold")
    await house.runs()
    assert await house.grants_of(bob) == {}

    preview = await adopt.preview(club)
    assert [(each.username, each.role_names) for each in preview.people] == [("bob", ("role 7",))]
    assert await adopt.adopt(club, number=1) == Adopted(people=1, roles=1)
    await house.runs()
    assert await house.grants_of(bob) == {7: GrantState.SEEN}
    assert await house.grants_of(eve) == {}
    assert "role_adopted" in await house.history_of(bob)
    assert house.discord.changes() == []

    await house.ends("bob", "gold")
    await house.runs()
    assert house.roles_of(bob) == {8}
    assert house.roles_of(eve) == {7, 8}
    assert house.is_in(bob)


async def test_nothing_is_done_when_the_number_is_no_longer_what_was_shown(
    house: House, adopt: Adopt
) -> None:
    club = await _club(house)
    bob, eve = await house.fan("bob", 5), await house.fan("eve", 6)
    await house.inside(bob, 7)
    await house.pays("bob", "gold")
    await house.runs()
    number = (await adopt.preview(club)).number
    await house.inside(eve, 7)
    await house.pays("eve", "gold")
    await house.runs()

    outcome = await adopt.adopt(club, number=number)

    assert isinstance(outcome, NumberChanged)
    assert [each.username for each in outcome.preview.people] == ["bob", "eve"]
    assert await Grant.all().count() == 0


async def test_adopting_again_finds_nobody(house: House, adopt: Adopt) -> None:
    club = await _club(house)
    bob = await house.fan("bob", 5)
    await house.inside(bob, 7)
    await house.pays("bob", "gold")
    await house.runs()
    await adopt.adopt(club, number=1)
    assert (await adopt.preview(club)).number == 0
    assert await adopt.adopt(club, number=0) == Adopted(people=0, roles=0)


async def test_only_what_is_due_within_reach_and_wanted_can_be_adopted(house: House, adopt: Adopt) -> None:
    await house.role(7)
    await house.role(9, position=99)
    club = IntegrationId(await house.integration({"gold": [7, 9], "silver": [7]}))
    ended, declined, absent, high = [await house.fan(name, n) for n, name in enumerate("abcd", start=5)]
    for fan in (ended, declined, high):
        await house.inside(fan, 7, 9)
    for name in "abcd":
        await house.pays(name, "gold")
    await house.runs()
    await house.ends("a", "gold", MembershipStatus.REFUNDED)
    await house.presses("b", club, SeatState.DECLINED)
    await house.runs()

    preview = await adopt.preview(club)

    assert [(each.member, each.role_names) for each in preview.people] == [(high, ("role 7",))]
    assert not house.is_in(absent)


async def test_a_role_that_is_gone_by_the_next_look_is_no_grant(house: House, adopt: Adopt) -> None:
    club = await _club(house)
    bob = await house.fan("bob", 5)
    await house.inside(bob, 7)
    await house.pays("bob", "gold")
    await house.runs()
    house.discord.roles.pop(bob)
    await adopt.adopt(club, number=1)
    await house.later(days=1)
    assert await house.grants_of(bob) == {}


async def test_hundreds_are_adopted_in_pages(house: House, adopt: Adopt) -> None:
    club = await _club(house)
    for n in range(105):
        fan = await house.fan(f"fan{n}", 1000 + n)
        await house.inside(fan, 7)
        await house.pays(f"fan{n}", "gold")
    await house.runs()
    await house.later(minutes=1)
    assert await adopt.adopt(club, number=105) == Adopted(people=105, roles=105)
    assert await Grant.all().count() == 105
