"""When a membership ends, and how far access outlives what was paid."""

from bot.sandbox.tour import acts
from tests.system.story import Story


async def test_an_active_membership_outlives_its_payment_by_the_slack_then_ends_twice_decided(
    story: Story,
) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold", days=30)

    await story.later(days=32)
    await story.everything_settles()
    await story.sees(bea, {"Gold", "Lounge"})

    await story.later(days=1, minutes=1)
    await story.sees(bea, set())
    await story.settles(bea)

    await story.later(minutes=59)
    await story.everything_settles()
    await story.sees(bea, set())

    await story.later(minutes=2)
    await story.sees_gone(bea)


async def test_a_failed_payment_is_forgiven_for_the_grace_and_no_month_is_given_away(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold", days=30)
    await story.later(days=30)
    await story.platform.fail_payment(membership)
    await story.platform.settled()

    await story.later(days=2, hours=23)
    await story.everything_settles()
    await story.sees(bea, {"Gold", "Lounge"})

    await story.later(hours=2)
    await story.sees(bea, set())


async def test_a_payment_that_arrives_between_the_two_decisions_keeps_the_fan_in(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold", days=30)
    await story.platform.expire(membership)
    await story.sees(bea, set())
    await story.settles(bea)

    await story.later(minutes=30)
    await story.platform.recover(membership, period_s=30 * 86400)
    await story.sees(bea, {"Gold", "Lounge"})

    await story.later(hours=2)
    await story.everything_settles()
    await story.sees(bea, {"Gold", "Lounge"})


async def test_a_fan_who_was_there_before_loses_roles_but_not_the_seat(story: Story) -> None:
    await story.given_a_server()
    fan = await story.fan("Cleo")
    await story.discord.join(story.guild, fan.account)
    membership = await story.buys(fan, "Gold", period_s=86400)
    await acts.link_from_discord(story, fan)
    await story.sees(fan, {"Gold", "Lounge"})

    await story.platform.expire(membership)
    await story.sees(fan, set())
    await story.later(days=2)
    await story.everything_settles()
    await story.sees(fan, set())


async def test_a_seat_without_roles_is_what_was_sold(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Seat", days=30)

    await story.platform.refund(membership)
    await story.platform.settled()
    await story.settles(bea)
    await story.later(hours=1, minutes=1)
    await story.sees_gone(bea)
