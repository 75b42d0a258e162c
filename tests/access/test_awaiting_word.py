"""Where the platform can be asked, no active membership ends without its word; everything else goes by the clock."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from models import Membership
from models.memberships import MembershipStatus
from tests.access.house import GUILD, House

SLACK = timedelta(hours=72)


@pytest.fixture
async def house(database: str) -> House:
    """One whose bot can ask; what the platform answers is written down by the test."""
    assert database
    house = House(MEMBERSHIP_API_URL="http://127.0.0.1:1", MEMBERSHIP_API_TOKEN="token")
    await house.open()
    return house


async def _answered_unpaid(at: datetime) -> None:
    """The platform said, asked at this instant, that nothing was renewed."""
    await Membership.all().update(unpaid_at=at)


async def _a_fan_with_gold(house: House, *, days: int = 30) -> Any:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold", days=days)
    await house.runs()
    assert house.roles_of(fan) == {7}
    return fan


async def test_an_active_one_outlives_the_slack_while_the_platform_is_silent(house: House) -> None:
    fan = await _a_fan_with_gold(house)
    for _ in range(8):
        await house.later(days=5)
    assert house.roles_of(fan) == {7}
    explained = await house.why(fan)
    assert explained.reasons[0].awaits_word
    assert "until the platform says whether it was renewed" in str(explained)


async def test_an_answer_from_before_the_end_is_not_enough(house: House) -> None:
    fan = await _a_fan_with_gold(house)
    ends_at = house.clock.now + timedelta(days=30) + SLACK
    await house.later(days=32)
    await _answered_unpaid(ends_at - timedelta(seconds=1))
    await house.later(days=2)
    assert house.roles_of(fan) == {7}


async def test_with_the_platforms_word_it_ends_as_inferred(house: House) -> None:
    fan = await _a_fan_with_gold(house)
    await house.later(days=33)
    await _answered_unpaid(house.clock.now)
    await house.work.mark([fan])
    await house.runs()
    assert house.roles_of(fan) == set()
    assert (await house.why(fan)).reasons[0].cause == "inferred"


async def test_a_renewal_after_the_word_gives_it_back(house: House) -> None:
    fan = await _a_fan_with_gold(house)
    await house.later(days=33)
    await _answered_unpaid(house.clock.now)
    await house.work.mark([fan])
    await house.runs()
    await house.pays("bob", "gold", days=30)
    await house.runs()
    assert house.roles_of(fan) == {7}


@pytest.mark.parametrize(
    ("status", "lasts"),
    [(MembershipStatus.CANCELED, timedelta(0)), (MembershipStatus.PAST_DUE, timedelta(days=3))],
)
async def test_canceled_and_past_due_go_by_the_clock(
    house: House, status: MembershipStatus, lasts: timedelta
) -> None:
    fan = await _a_fan_with_gold(house)
    paid_until = house.clock.now + timedelta(days=30)
    await house.has("bob", "gold", status, until=paid_until)
    await house.runs()
    house.clock.now = paid_until + lasts - timedelta(minutes=1)
    await house.later(seconds=1)
    assert house.roles_of(fan) == {7}
    await house.later(minutes=1)
    assert house.roles_of(fan) == set()


async def test_the_brake_holds_many_ends_although_the_platform_gave_its_word(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fans = [await house.fan(f"fan{n}", 100 + n, wants=[club]) for n in range(30)]
    for n in range(30):
        await house.pays(f"fan{n}", "gold")
    await house.runs()
    await house.later(days=33)
    await _answered_unpaid(house.clock.now)
    await house.work.mark(fans)
    await house.runs()
    assert sum(house.roles_of(fan) == {7} for fan in fans) == 20
    assert all(fan.guild_id == GUILD for fan in fans)
