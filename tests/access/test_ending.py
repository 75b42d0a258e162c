"""How access ends: by the clock, by word, by a person, and who is put out."""

from datetime import timedelta
from functools import partial

import pytest

from bot.fans.steps import next_step
from bot.ids import FanId, RoleId
from bot.web.hub.why import departure
from models import Departure, GuildRole, Integration
from models.fans import SeatState
from models.integrations import EndPolicy
from models.memberships import MembershipStatus
from tests.access.house import House
from tests.access.memory import FORBIDDEN


async def test_canceled_stays_until_the_end_then_roles_go_and_a_second_look_puts_out(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.has("bob", "gold", MembershipStatus.CANCELED, until=house.clock.now + timedelta(days=10))
    await house.runs()

    await house.later(days=9)
    assert house.roles_of(fan) == {7}

    await house.later(days=1, seconds=1)
    assert house.is_in(fan)
    assert house.roles_of(fan) == set()

    await house.later(minutes=61)
    assert not house.is_in(fan)
    assert house.above.told[-1] == "farewell from Garden"
    await house.later(minutes=1)
    assert (await house.stay_of(fan)).put_out_at is not None
    assert not await Departure.exists()


async def test_a_second_look_that_falls_due_while_a_pass_is_under_way_is_not_lost(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.ends("bob", "gold")
    await house.runs()
    await house.later(minutes=59, seconds=58)
    assert house.is_in(fan)

    house.discord.while_observed = partial(house.clock.move, timedelta(seconds=5))
    await house.work.mark_fan(FanId("bob"))
    await house.runs()
    house.discord.while_observed = partial(house.clock.move, timedelta(0))

    await house.later(seconds=1)
    assert not house.is_in(fan)


async def test_another_membership_in_the_same_server_keeps_the_fan_in(house: House) -> None:
    await house.role(7)
    await house.role(8)
    club = await house.integration({"gold": [7]})
    await house.integration({"vip": [8]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.pays("bob", "vip")
    await house.runs()

    await house.ends("bob", "gold")
    await house.later(hours=3)

    assert house.roles_of(fan) == {8}


async def test_a_payment_before_the_second_look_keeps_the_fan_in(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.ends("bob", "gold")
    await house.runs()
    assert await Departure.exists()

    await house.pays("bob", "gold")
    await house.later(hours=2)

    assert house.roles_of(fan) == {7}
    assert not await Departure.exists()


async def test_the_absence_of_the_bot_closes_nothing(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.runs()

    house.discord.bot_present = False
    await house.ends("bob", "gold")
    await house.later(days=2)
    assert 7 in await house.grants_of(fan)

    house.discord.bot_present = True
    await house.work.fan_out("guild", str(fan.guild_id))
    await house.runs()
    assert house.roles_of(fan) == set()


async def test_a_removal_that_discord_refuses_is_told_as_still_having_access(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.runs()
    await house.later(minutes=1)

    house.discord.answers["take 7"] = FORBIDDEN
    await house.ends("bob", "gold")
    await house.runs()

    event, data = house.above.events[-1]
    assert (event, data["reason"]) == ("access.failed", "still_has_access")
    assert 7 in await house.grants_of(fan)


async def test_unlinking_is_an_end_for_the_account(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()

    await house.unlinks("bob")
    await house.runs()
    assert house.roles_of(fan) == set()
    await house.later(minutes=61)
    assert not house.is_in(fan)
    assert "access.revoked" in house.events()


async def test_declining_a_seat_takes_its_roles_and_puts_nobody_out(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()

    await house.presses("bob", club, SeatState.DECLINED)
    await house.later(hours=3)

    assert house.is_in(fan)
    assert house.roles_of(fan) == set()
    [shown] = await house.page_of("bob")
    assert next_step(shown).label == "Connect"

    await house.presses("bob", club, SeatState.WANTED)
    await house.runs()
    assert house.roles_of(fan) == {7}


@pytest.mark.parametrize("policy", EndPolicy)
async def test_what_was_declined_is_taken_though_a_role_of_another_creator_is_out_of_reach(
    house: House, policy: EndPolicy
) -> None:
    await house.role(7)
    await house.role(8)
    club = await house.integration({"gold": [7]}, policy=policy)
    await house.integration({"vip": [8]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.pays("bob", "vip")
    await house.runs()
    await GuildRole.filter(id=8).update(position=99)
    await house.inside(fan, 7)

    await house.presses("bob", club, SeatState.DECLINED)
    await house.runs()

    assert house.is_in(fan)
    assert house.roles_of(fan) == set()


async def test_under_keep_nothing_is_taken_and_a_new_payment_takes_it_up_again(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]}, policy=EndPolicy.KEEP)
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()

    await house.ends("bob", "gold")
    await house.later(hours=3)
    assert house.roles_of(fan) == {7}

    await Integration.filter(id=club).update(policy=EndPolicy.ROLES)
    await house.pays("bob", "gold")
    await house.runs()
    await house.ends("bob", "gold")
    await house.later(hours=3)
    assert house.roles_of(fan) == set()


async def test_somebody_with_other_roles_is_spared_and_the_creator_can_see_it(house: House) -> None:
    await house.role(7)
    await house.role(9)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    house.discord.roles[fan].add(RoleId(9))

    await house.ends("bob", "gold")
    await house.later(hours=3)

    assert house.roles_of(fan) == {9}
    why = await house.why(fan)
    assert why.departure == "spared: other_roles"
    assert departure(why) == "Stays in the server: they have other roles there."


async def test_an_active_membership_outlives_paid_until_by_the_slack_only(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold", days=1)
    await house.runs()

    await house.later(hours=24 + 71)
    assert house.roles_of(fan) == {7}
    await house.later(hours=1, seconds=1)
    assert house.roles_of(fan) == set()
    await house.later(minutes=1)
    assert await house.grants_of(fan) == {}
    assert house.events() == ["access.granted", "access.revoked"]
