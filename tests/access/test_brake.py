"""The brake: a budget, and holds that a person releases or drops."""

from datetime import timedelta

import pytest

from bot.access.brake import Budget
from bot.ids import Member
from models import Attachment, AttachmentRole, Ending, Stay
from models.memberships import MembershipStatus
from tests.access.house import House


@pytest.mark.parametrize(
    ("there", "ended", "admitted"),
    [(0, 9, True), (0, 10, False), (49, 10, False), (100, 19, True), (100, 20, False)],
)
def test_the_budget_is_a_fifth_but_at_least_ten(there: int, ended: int, admitted: object) -> None:
    assert Budget(there=there, ended=ended).admits_one_more is admitted


async def _fans(house: House, count: int, *, days: int) -> list[Member]:
    await house.role(7)
    await house.integration({"gold": [7]})
    fans = []
    for number in range(count):
        fan = await house.fan(f"fan{number:02}", 100 + number)
        await house.inside(fan)
        await house.pays(f"fan{number:02}", "gold", days=days)
        fans.append(fan)
    await house.runs()
    await house.later(minutes=1)
    return fans


def _with_access(house: House, fans: list[Member]) -> list[Member]:
    return [fan for fan in fans if house.roles_of(fan) == {7}]


async def test_lost_renewals_end_ten_and_hold_the_others(house: House) -> None:
    fans = await _fans(house, 15, days=1)

    await house.later(days=1 + 3, minutes=1)

    assert len(_with_access(house, fans)) == 5
    assert {held.cause for held in await house.access.holds.list()} == {"inferred"}
    await house.later(days=2)
    assert len(_with_access(house, fans)) == 5


async def test_a_platform_that_renumbers_its_tiers_does_not_empty_a_server(house: House) -> None:
    fans = await _fans(house, 13, days=30)

    for number in range(13):
        await house.pays(f"fan{number:02}", "gold-2027", membership=f"fan{number:02}-gold")
    await house.runs()

    assert len(_with_access(house, fans)) == 3
    assert {held.cause for held in await house.access.holds.list()} == {"stated"}


async def test_what_a_creator_detaches_is_their_own_act_and_not_held(house: House) -> None:
    fans = await _fans(house, 13, days=30)

    await AttachmentRole.all().delete()
    await Attachment.all().delete()
    await house.work.mark(fans)
    await house.runs()

    assert _with_access(house, fans) == []
    assert await house.access.holds.list() == []


async def test_a_release_decides_anew_so_who_pays_by_then_keeps_everything(house: House) -> None:
    fans = await _fans(house, 12, days=1)
    await house.later(days=1 + 3, minutes=1)
    payer, other = _with_access(house, fans)
    await house.pays(f"fan{payer.account_id - 100:02}", "gold")

    assert await house.access.holds.release() in {1, 2}
    await house.runs()

    assert _with_access(house, fans) == [payer]
    assert other not in _with_access(house, fans)
    assert await house.access.holds.list() == []


async def test_who_pays_while_on_hold_is_forgotten_by_it(house: House) -> None:
    fans = await _fans(house, 11, days=1)
    await house.later(days=1 + 3, minutes=1)
    (held,) = _with_access(house, fans)

    await house.pays(f"fan{held.account_id - 100:02}", "gold")
    await house.runs()

    assert await house.access.holds.list() == []
    assert _with_access(house, fans) == [held]


async def test_a_dropped_hold_meets_the_brake_again(house: House) -> None:
    fans = await _fans(house, 11, days=1)
    await house.later(days=1 + 3, minutes=1)
    await house.access.holds.drop()
    await house.runs()
    assert len(await house.access.holds.list()) == 1

    house.clock.now += timedelta(days=2)
    await house.access.holds.drop()
    await house.runs()
    assert _with_access(house, fans) == []


async def test_many_stated_ends_in_an_hour_are_held_too(house: House) -> None:
    fans = await _fans(house, 14, days=30)
    for number in range(14):
        await house.ends(f"fan{number:02}", "gold", MembershipStatus.REFUNDED)
    await house.runs()

    assert len(_with_access(house, fans)) == 4
    assert {held.cause for held in await house.access.holds.list()} == {"stated"}


async def test_own_acts_do_not_count(house: House) -> None:
    fans = await _fans(house, 14, days=30)
    for number in range(14):
        await house.unlinks(f"fan{number:02}")
    await house.runs()

    assert _with_access(house, fans) == []
    assert not await Ending.exists()


async def test_the_platforms_word_ends_what_was_held_as_inferred(house: House) -> None:
    fans = await _fans(house, 12, days=1)
    await house.later(days=1 + 3, minutes=1)
    refunded, other = _with_access(house, fans)

    await house.ends(f"fan{refunded.account_id - 100:02}", "gold", MembershipStatus.REFUNDED)
    await house.runs()

    assert _with_access(house, fans) == [other]
    assert [held.member for held in await house.access.holds.list()] == [other]


async def test_what_is_stated_goes_and_what_is_inferred_of_the_same_fan_is_held_with_the_seat(
    house: House,
) -> None:
    fans = await _fans(house, 11, days=1)
    await house.later(days=1 + 3, minutes=1)
    (fan,) = _with_access(house, fans)
    name = f"fan{fan.account_id - 100:02}"
    await house.role(8)
    club = await house.integration({"silver": [8]})
    await house.pays(name, "silver")
    await house.runs()
    await Stay.filter(account_id=fan.account_id).update(begun_by_us=True, last_integration_id=club)
    assert house.roles_of(fan) == {7, 8}

    await house.ends(name, "silver", MembershipStatus.REFUNDED)
    await house.later(hours=3)

    assert house.roles_of(fan) == {7}
    assert {(held.member, held.cause) for held in await house.access.holds.list()} == {(fan, "inferred")}
    await house.access.holds.release()
    await house.runs()
    await house.later(hours=2)
    assert not house.is_in(fan)


async def test_words_too_many_hold_what_was_held_as_inferred_as_stated(house: House) -> None:
    fans = await _fans(house, 24, days=1)
    await house.later(days=1 + 3, minutes=1)
    held = _with_access(house, fans)
    assert len(held) == 14

    for member in held:
        await house.ends(f"fan{member.account_id - 100:02}", "gold", MembershipStatus.REFUNDED)
    await house.runs()
    assert len(_with_access(house, fans)) == 4
    await house.later(days=2)

    assert len(_with_access(house, fans)) == 4
    assert [held.cause for held in await house.access.holds.list()] == ["stated"] * 4
