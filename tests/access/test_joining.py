"""How a fan comes in, and what stands in the way."""

from datetime import timedelta

from bot.discord.outcomes import NeedsPerson, Person
from models.access import GrantState, StayState
from tests.access.house import House


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

    house.clock.now += timedelta(minutes=5)
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
    house.clock.now += timedelta(minutes=5)
    await house.presses("bob", club)
    await house.runs()

    assert house.roles_of(fan) == {7}


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


async def test_pending_is_one_step_left(house: House) -> None:
    club = await house.integration({"gold": []})
    fan = await house.fan("bob", 5, wants=[club])
    house.discord.pending.add(fan)
    await house.pays("bob", "gold")
    await house.runs()

    assert (await house.stay_of(fan)).state is StayState.PENDING
    (page,) = await house.page_of("bob")
    assert (page.state, page.next_step) == ("one_step_left", "accept_rules")


async def test_a_fan_who_has_just_linked_is_told_to_wait_not_to_connect_once_more(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")

    assert [view.state for view in await house.page_of("bob")] == ["waiting"]
    await house.runs()
    await house.later(minutes=1)
    assert [view.state for view in await house.page_of("bob")] == ["connected"]
