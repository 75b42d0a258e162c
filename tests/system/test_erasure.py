"""A fan whom the platform deletes: access ends, then nothing names them any more."""

from bot.sandbox.tour.scenes import ROLE_ROUTE
from tests.system.story import Story
from tests.waiting import until

TAKE_ROUTE = ROLE_ROUTE.replace("PUT", "DELETE")


async def test_a_deleted_fan_is_put_out_then_forgotten(story: Story) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")

    await story.platform.delete_fan(bea.at_platform)
    await story.sees(bea, set())
    await story.settles(bea)
    await story.later(hours=1, minutes=1)
    await story.sees_gone(bea)
    await story.everything_settles()
    await story.later(minutes=1)

    async def forgotten() -> bool:
        why = await story.bot.why(story.guild, bea.account)
        return (why["fan_id"], why["stay"], why["history"]) == (None, "never looked", ())

    await until(forgotten, "nothing known of Bea", otherwise=lambda: story.bot.why(story.guild, bea.account))


async def test_while_a_server_refuses_a_deleted_fan_is_not_forgotten_and_is_out_in_the_end(
    story: Story,
) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")
    await story.discord.fault(do="status", status=403, code=50013, route=TAKE_ROUTE, times=None)
    await story.platform.delete_fan(bea.at_platform)

    async def refused() -> bool:
        why = await story.bot.why(story.guild, bea.account)
        return why["set_aside_until"] is not None and why["fan_id"] == bea.at_platform

    await until(refused, "the server set aside, Bea still known")
    await story.discord.clear_faults()
    await story.later(days=1, minutes=1)

    await story.sees_gone(bea)
