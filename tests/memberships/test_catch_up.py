"""What webhooks did not bring is found by asking: at the start, every night, and page by page."""

from structlog.testing import capture_logs

from bot.ids import CreatorId
from bot.memberships.catch_up import OVERLAP
from models import CatchUp, Membership, Tier
from models.memberships import MembershipStatus
from tests.memberships.asking import World


async def _since(world: World) -> list[str | None]:
    """From when on each list of memberships was asked for, oldest first."""
    asked = await world.platform.asked()
    return [each["query"].get("updated_since") for each in asked if each["path"].endswith("/memberships")]


async def test_the_first_reads_everything_and_marks_whom_it_concerns(world: World) -> None:
    bought = [await world.sells() for _ in range(3)]
    await world.catches_up()
    assert await _since(world) == [None]
    assert {row.id for row in await Membership.all()} == set(bought)
    assert len(world.room.marks.fans) == 3
    assert (await Tier.get(id=world.tier)).version > 0


async def test_the_next_begins_ten_minutes_before_the_last_successful_one_began(world: World) -> None:
    await world.sells()
    started_at = world.room.clock.now
    await world.catches_up()
    world.later(hours=23)
    await world.catches_up()
    assert len(await _since(world)) == 1

    lost = await world.sells()
    world.later(hours=1)
    await world.catches_up()
    assert (await _since(world))[1:] == [(started_at - OVERLAP).isoformat()]
    assert await world.knows(lost)


async def test_each_start_of_the_bot_catches_up_once(world: World) -> None:
    await world.catches_up()
    lost = await world.sells()
    world.later(minutes=1)
    await world.catches_up()
    assert await world.knows(lost) is None
    world.restarts()
    await world.catches_up()
    await world.catches_up()
    assert await world.knows(lost)
    assert len(await _since(world)) == 2


async def test_what_is_known_already_changes_nothing(world: World) -> None:
    bought = await world.sells()
    await world.catches_up()
    world.room.marks.fans.clear()
    world.later(days=1)
    await world.platform.set_membership(bought)
    await Membership.filter(id=bought).update(version=50, status=MembershipStatus.REFUNDED)
    await world.catches_up()
    assert world.room.marks.fans == []
    assert (await Membership.get()).status is MembershipStatus.REFUNDED


async def test_one_that_was_cut_off_goes_on_where_it_was(world: World) -> None:
    await world.platform.configure(page_size=2)
    bought = [await world.sells() for _ in range(3)]
    started_at = world.room.clock.now
    await CatchUp.create(started_at=started_at, cursor=bought[1])  # killed after its first page

    assert await world.asking.catch_ups.run()

    assert {row.id for row in await Membership.all()} == {bought[2]}
    assert (await CatchUp.get()).finished_at
    world.later(minutes=5)
    await world.catches_up()
    assert (await _since(world))[-1] == (started_at - OVERLAP).isoformat()


async def test_a_silent_platform_is_caught_up_with_when_it_is_back(world: World) -> None:
    await world.catches_up()
    last = await CatchUp.get()
    lost = await world.sells()
    await world.platform.api_mood("unavailable")
    world.later(days=1)
    await world.catches_up()
    world.later(days=1)
    await world.catches_up()
    assert await world.knows(lost) is None

    await world.platform.restore_api()
    world.later(minutes=11)
    await world.catches_up()
    assert await world.knows(lost)
    assert set((await _since(world))[1:-1]) == {(last.started_at - OVERLAP).isoformat()}


async def test_a_cursor_that_the_platform_forgot_costs_a_new_beginning_only(world: World) -> None:
    bought = await world.sells()
    await CatchUp.create(started_at=world.room.clock.now, cursor="forgotten")
    await world.catches_up()
    assert await world.knows(bought) is None
    world.later(minutes=1)
    await world.catches_up()
    assert await world.knows(bought)


async def test_missing_from_the_full_list_is_reported_and_ends_nothing(world: World) -> None:
    bought = await world.sells()
    hidden = await world.sells()
    await world.catches_up()
    await CatchUp.all().delete()
    await world.platform.hide_membership(hidden)
    world.later(hours=1)
    world.restarts()
    world.room.marks.fans.clear()
    with capture_logs() as logs:
        await world.catches_up()
    (report,) = [entry for entry in logs if entry["event"] == "memberships_missing_at_platform"]
    assert (report["count"], report["among_them"]) == (1, [hidden])
    assert (await Membership.get(id=hidden)).status is MembershipStatus.ACTIVE
    assert (await Membership.get(id=bought)).missing_since is None
    assert world.room.marks.fans == []

    await world.platform.hide_membership(hidden, hidden=False)
    await world.platform.renew(hidden)
    world.later(days=1)
    await world.catches_up()
    assert await world.asking.questions.missing() == []


async def test_one_odd_snapshot_keeps_nobody_else_waiting(world: World) -> None:
    odd, bought = await world.sells(), await world.sells()
    await world.platform.set_membership(odd, status="lapsed")
    with capture_logs() as logs:
        await world.catches_up()
    assert await world.knows(bought)
    assert await world.knows(odd) is None
    assert "truth_unreadable" in {entry["event"] for entry in logs}


async def test_tiers_are_read_when_a_creator_comes_in(world: World) -> None:
    silver = await world.platform.create_tier(world.creator, "Silver")
    await world.asking.tiers.greet(CreatorId(world.creator))
    assert {row.id for row in await Tier.all()} == {world.tier, silver}


async def test_nobody_waits_at_the_door_for_a_silent_platform(world: World) -> None:
    await world.platform.silence_api()
    await world.asking.tiers.greet(CreatorId(world.creator))
    before = await world.questions("/tiers")
    await world.asking.tiers.greet(CreatorId(world.creator))
    assert await world.questions("/tiers") == before
    assert await Tier.all().count() == 0
