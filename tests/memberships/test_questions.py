"""Before an active membership runs out by the clock, the platform is asked."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.memberships.questions import AGAIN
from models import Membership, Silence
from models.memberships import MembershipStatus
from tests.memberships.asking import World


async def _bought(world: World, *, days: float = 30) -> str:
    """A membership that is known here, as it was sold."""
    bought = await world.sells(days=days)
    await world.catches_up()
    assert await world.knows(bought)
    return bought


async def _row(membership: str) -> Membership:
    return await Membership.get(id=membership)


async def test_nobody_is_asked_about_what_is_paid(world: World) -> None:
    await _bought(world)
    world.later(days=30, minutes=59)
    assert await world.asks() == 0


async def test_a_renewal_whose_webhook_was_lost_is_found(world: World) -> None:
    bought = await _bought(world)
    await world.platform.renew(bought, period_s=30 * 86400)
    world.later(days=30, hours=1)

    assert await world.asks() == 1

    row = await _row(bought)
    assert row.paid_until == world.room.clock.now + timedelta(days=30, hours=-1)
    assert (row.unpaid_at, await world.asks()) == (None, 0)


async def test_an_end_whose_webhook_was_lost_is_found(world: World) -> None:
    bought = await _bought(world)
    await world.platform.expire(bought)
    world.later(days=30, hours=1)
    await world.asks()
    assert (await _row(bought)).status is MembershipStatus.EXPIRED


async def test_an_unpaid_one_is_asked_about_at_growing_distances_and_when_the_slack_is_over(
    world: World,
) -> None:
    bought = await _bought(world)
    paid_until = (await _row(bought)).paid_until
    assert paid_until
    asked = []
    for _ in range(80):
        before = await world.questions()
        await world.asks()
        if await world.questions() > before:
            asked.append((world.room.clock.now - paid_until) / timedelta(hours=1))
        world.room.clock.now = max(world.room.clock.now, paid_until) + timedelta(hours=1)
    assert asked == [1, 2, 4, 8, 16, 32, 64, 72]
    row = await _row(bought)
    assert row.unpaid_at == paid_until + timedelta(hours=72)
    assert row.ask_at is None


async def test_the_fan_is_marked_when_the_last_answer_has_come_and_not_before(world: World) -> None:
    bought = await _bought(world)
    fan = (await _row(bought)).fan_id
    world.room.marks.fans.clear()
    world.later(days=30, hours=1)
    await world.asks()
    assert world.room.marks.fans == []
    world.later(hours=71)
    await world.asks()
    assert world.room.marks.fans == [(fan, False)]


async def test_a_membership_unknown_there_is_reported_once_and_asked_about_daily(world: World) -> None:
    bought = await _bought(world)
    await world.platform.hide_membership(bought)
    world.later(days=33, hours=1)
    with capture_logs() as logs:
        await world.asks()
        world.later(days=1)
        await world.asks()
    reported = [
        entry["membership_id"] for entry in logs if entry["event"] == "membership_unknown_to_platform"
    ]
    row = await _row(bought)
    assert reported == [bought]
    assert (row.status, row.unpaid_at) == (MembershipStatus.ACTIVE, None)
    assert await world.asking.questions.missing() == [bought]
    assert await world.asking.questions.awaiting_word() == 1

    await world.platform.hide_membership(bought, hidden=False)
    world.later(days=1)
    await world.asks()
    assert await world.asking.questions.missing() == []
    assert (await _row(bought)).unpaid_at == world.room.clock.now


@pytest.mark.parametrize("mood", ["hang", "unavailable", "garbage"])
async def test_a_silent_platform_is_asked_a_few_at_a_time_and_ever_more_rarely(
    world: World, mood: str
) -> None:
    for _ in range(20):
        await world.sells()
    await world.catches_up()
    await world.platform.api_mood(mood)
    world.later(days=33)
    before = await world.questions()
    await world.asks()
    await world.asks()
    assert await world.questions() - before == 8

    world.later(seconds=16)
    await world.asks()
    world.later(seconds=16)
    await world.asks()
    assert await world.questions() - before == 16
    assert (await Silence.get()).since == world.room.clock.now - timedelta(seconds=32)

    await world.platform.restore_api()
    world.later(minutes=11)
    assert await world.asks() == 20
    assert await Silence.all().count() == 0


async def test_the_operator_is_told_after_a_day_of_silence_once_a_day(world: World) -> None:
    await _bought(world)
    await world.platform.api_mood("unavailable")
    world.later(days=30, hours=2)
    with capture_logs() as logs:
        for _ in range(50):
            await world.asks()
            world.later(hours=1)
    told = [entry for entry in logs if entry["event"] == "platform_gives_no_answers"]
    assert len(told) == 2
    assert await world.asking.silence.lasted() == timedelta(hours=50)
    assert (await Membership.get()).status is MembershipStatus.ACTIVE

    await world.platform.restore_api()
    with capture_logs() as logs:
        await world.asks()
    assert "platform_answers_again" in {entry["event"] for entry in logs}
    assert await world.asking.silence.lasted() == timedelta(0)


async def test_a_refused_token_is_told_at_once(world: World) -> None:
    await _bought(world)
    await world.platform.api_mood("refused")
    world.later(days=30, hours=2)
    with capture_logs() as logs:
        await world.asks()
    assert "platform_gives_no_answers" in {entry["event"] for entry in logs}


async def test_an_answer_that_lags_behind_proves_nothing(world: World) -> None:
    bought = await _bought(world)
    await Membership.filter(id=bought).update(version=99)
    world.later(days=33)
    await world.asks()
    row = await _row(bought)
    assert row.unpaid_at is None
    assert row.ask_at == world.room.clock.now + AGAIN


async def test_a_question_answered_before_the_slack_grew_is_open_again(world: World) -> None:
    bought = await _bought(world)
    world.later(days=33)
    await world.asks()
    assert (await _row(bought)).ask_at is None
    earlier = world.room.clock.now - timedelta(hours=50)
    await Membership.filter(id=bought).update(unpaid_at=earlier)
    world.restarts()
    await world.asks()
    assert (await _row(bought)).unpaid_at == world.room.clock.now


async def test_a_canceled_or_failing_membership_raises_no_question(world: World) -> None:
    canceled, failing = await world.sells(), await world.sells()
    await world.platform.cancel(canceled)
    await world.platform.fail_payment(failing)
    await world.catches_up()
    world.later(days=40)
    assert await world.asks() == 0


async def test_where_nobody_can_be_asked_nothing_is(world: World) -> None:
    await _bought(world)
    world.restarts(with_truth=False)
    world.later(days=40)
    assert await world.asks() == 0
    await world.catches_up()
