"""The story of access, told to the engine: facts come in, and a Discord is seen to change."""

from datetime import timedelta

from bot.discord.outcomes import NeedsPerson, Person
from bot.ids import RoleId
from models import Departure, Integration
from models.access import GrantState, StayState
from models.fans import SeatState
from models.integrations import EndPolicy
from models.memberships import MembershipStatus
from tests.access.house import House
from tests.access.memory import FORBIDDEN, LOST


async def test_a_fan_who_pays_and_pressed_connect_is_brought_in_with_the_role(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")

    await house.runs()

    assert house.roles_of(fan) == {7}
    assert house.discord.changes() == ["join"]
    assert await house.grants_of(fan) == {7: GrantState.SEEN}
    assert (await house.stay_of(fan)).begun_by_us
    assert house.events() == ["access.granted"]
    assert house.above.told == ["welcome to Garden: role 7"]


async def test_a_fan_already_inside_gets_the_role_without_any_press_or_token(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, token=False)
    await house.inside(fan)
    await house.pays("bob", "gold")

    await house.runs()

    assert house.roles_of(fan) == {7}
    assert not (await house.stay_of(fan)).begun_by_us


async def test_a_fan_elsewhere_who_never_pressed_is_not_brought_in(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.pays("bob", "gold")

    await house.runs()

    assert not house.is_in(fan)
    assert house.discord.changes() == []


async def test_a_converged_member_is_looked_at_and_left_alone(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    before = house.discord.changes()

    for _ in range(3):
        await house.later(days=1)

    assert house.discord.changes() == before


async def test_two_memberships_share_a_role_and_one_ends(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7], "silver": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.pays("bob", "silver")
    await house.runs()

    await house.ends("bob", "gold")
    await house.runs()
    assert house.roles_of(fan) == {7}

    await house.ends("bob", "silver")
    await house.runs()
    assert house.roles_of(fan) == set()


async def test_an_upgrade_in_place_adds_before_it_removes(house: House) -> None:
    await house.role(7)
    await house.role(8)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver", membership="m1")
    await house.runs()

    await house.pays("bob", "gold", membership="m1")
    await house.runs()

    assert house.roles_of(fan) == {8}
    assert house.discord.changes() == ["give 7", "give 8", "take 7"]


async def test_an_upgrade_to_a_role_out_of_reach_keeps_the_old_one(house: House) -> None:
    await house.role(7)
    await house.role(8, position=99)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver", membership="m1")
    await house.runs()

    await house.pays("bob", "gold", membership="m1")
    await house.runs()

    assert house.roles_of(fan) == {7}
    assert "role_out_of_reach: role 8" in (await house.why(fan)).troubles
    assert house.events()[-1] == "access.failed"


async def test_an_upgrade_refused_by_discord_keeps_the_old_role_until_it_is_answered(house: House) -> None:
    await house.role(7)
    await house.role(8)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver", membership="m1")
    await house.runs()

    house.discord.answers["give 8"] = LOST
    await house.pays("bob", "gold", membership="m1")
    await house.runs()
    assert house.roles_of(fan) == {7}

    del house.discord.answers["give 8"]
    await house.later(minutes=1)
    assert house.roles_of(fan) == {8}


async def test_while_an_add_is_refused_an_ended_role_goes_all_the_same(house: House) -> None:
    await house.role(7)
    await house.role(8)
    await house.integration({"silver": [7], "gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "silver")
    await house.runs()

    house.discord.answers["give 8"] = FORBIDDEN
    await house.ends("bob", "silver")
    await house.pays("bob", "gold")
    await house.runs()

    assert house.roles_of(fan) == set()


async def test_a_role_given_by_hand_is_never_taken(house: House) -> None:
    await house.role(7)
    await house.role(9)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan, 7, 9)
    await house.pays("bob", "gold")
    await house.runs()
    assert await house.grants_of(fan) == {}

    await house.ends("bob", "gold")
    await house.runs()

    assert house.roles_of(fan) == {7, 9}


async def test_canceled_stays_until_the_end_then_roles_go_and_a_second_look_puts_out(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.has("bob", "gold", MembershipStatus.CANCELED, until=house.now + timedelta(days=10))
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


async def test_whom_we_put_out_is_fetched_back_when_they_pay_again(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.ends("bob", "gold")
    await house.runs()
    await house.later(hours=2)
    assert not house.is_in(fan)

    await house.pays("bob", "gold")
    await house.runs()

    assert house.roles_of(fan) == {7}
    assert (await house.stay_of(fan)).begun_by_us


async def test_who_left_by_themselves_comes_back_only_when_they_press(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()

    del house.discord.roles[fan]
    await house.later(days=1)
    assert not house.is_in(fan)
    assert [item.state for item in await house.page_of("bob")] == ["left"]

    house.now += timedelta(minutes=5)
    await house.presses("bob", club)
    await house.runs()
    assert house.roles_of(fan) == {7}


async def test_a_press_that_comes_before_we_saw_them_leave_counts(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()

    del house.discord.roles[fan]
    house.now += timedelta(minutes=5)
    await house.presses("bob", club)
    await house.runs()

    assert house.roles_of(fan) == {7}


async def test_a_yes_without_effect_is_done_again(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    house.discord.lies = {"give 7"}
    await house.pays("bob", "gold")
    await house.runs()
    assert house.roles_of(fan) == set()
    assert house.events() == []

    await house.later(seconds=31)

    assert house.roles_of(fan) == {7}


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


async def test_a_guild_that_refuses_us_is_set_aside_until_something_there_changes(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    house.discord.answers["give 7"] = FORBIDDEN
    await house.pays("bob", "gold")
    await house.runs()
    calls = len(house.discord.calls)
    await house.later(hours=5)
    await house.work.mark([fan])
    await house.runs()
    assert len(house.discord.calls) == calls

    house.discord.answers.clear()
    await house.work.fan_out("guild", str(fan.guild_id))
    await house.runs()
    assert house.roles_of(fan) == {7}


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


async def test_a_refused_join_rests_until_the_fan_presses_again(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    house.discord.answers["join"] = NeedsPerson(who=Person.FAN, why="too_many_servers", code=30001)
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.later(hours=3)
    await house.work.mark([fan])
    await house.runs()
    assert house.discord.changes() == ["join"]
    (page,) = await house.page_of("bob")
    assert (page.trouble, page.next_step) == ("too_many_servers", "connect")

    house.discord.answers.clear()
    await house.presses("bob", club)
    await house.runs()
    assert house.roles_of(fan) == {7}


async def test_a_banned_fan_is_shown_and_not_tried_all_day(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    house.discord.answers["join"] = NeedsPerson(who=Person.CREATOR, why="banned", code=40007)
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.later(hours=3)

    assert house.discord.changes() == ["join"]
    assert (await house.stay_of(fan)).trouble == "banned"
    assert (await house.page_of("bob"))[0].state == "needs_attention"


async def test_a_dead_token_is_dropped_and_a_new_one_brings_them_in(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    house.discord.answers["join"] = NeedsPerson(who=Person.FAN, why="bad_token", code=50025)
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    assert fan.account_id not in house.above.tokens
    assert (await house.page_of("bob"))[0].next_step == "connect"

    house.discord.answers.clear()
    house.above.tokens[fan.account_id] = "new"
    await house.work.mark_account(fan.account_id)
    await house.runs()
    assert house.roles_of(fan) == {7}


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
    assert (await house.why(fan)).departure == "spared: other_roles"


async def test_pending_is_one_step_left(house: House) -> None:
    club = await house.integration({"gold": []})
    fan = await house.fan("bob", 5, wants=[club])
    house.discord.pending.add(fan)
    await house.pays("bob", "gold")
    await house.runs()

    assert (await house.stay_of(fan)).state is StayState.PENDING
    (page,) = await house.page_of("bob")
    assert (page.state, page.next_step) == ("one_step_left", "accept_rules")


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


async def test_what_why_says_is_what_is_there(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()

    why = await house.why(fan)

    assert {role.name for role in why.roles if role.seen} == {"role 7"}
    assert why.planned == ()
    assert "Gold (active) through Club: role 7" in str(why)
    assert "joined: applied" in str(why)
