"""A fan whom the platform deletes: access ends, then nothing names them any more."""

from dataclasses import replace

from bot.sandbox.tour.scenes import ROLE_ROUTE
from tests.system.story import Story
from tests.waiting import until

MONTH_S = 30 * 86400
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


async def test_a_deleted_fan_leaves_one_server_at_once_while_another_refuses_us(story: Story) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")
    elsewhere = replace(story, tiers={})
    await elsewhere.given_a_server()
    membership = await elsewhere.buys(bea, "Silver", period_s=MONTH_S)
    await story.hand_over(bea, f"/memberships/confirm?membership={membership}")

    async def is_asked() -> bool:  # once the bot has looked whether she is there already
        return "Connect" in (await bea.browser.open(bea.browser.page.url)).buttons

    await until(is_asked, "Bea asked whether to connect", otherwise=lambda: story.memberships_page(bea))
    await bea.browser.submit("Connect")
    await elsewhere.sees(bea, {"Silver", "Lounge"})
    await elsewhere.settles(bea)
    refuses = {"status": 403, "code": 50013, "route": TAKE_ROUTE, "guild_id": story.guild}
    await story.discord.fault(do="status", times=None, **refuses)

    await story.platform.delete_fan(bea.at_platform)
    await elsewhere.sees(bea, set())
    await elsewhere.settles(bea)
    await story.later(hours=1, minutes=1)
    await elsewhere.sees_gone(bea)
    await story.everything_settles()
    await story.later(minutes=1)
    assert (await story.bot.why(story.guild, bea.account))["fan_id"] == bea.at_platform
    assert await story.roles(bea) == {"Gold", "Lounge"}

    await story.discord.clear_faults()
    await story.later(days=1, minutes=1)
    await story.sees_in_time(bea, None, minutes=3 * 60)

    async def forgotten_in_both() -> bool:
        await story.later(minutes=1)
        each = [await story.bot.why(guild, bea.account) for guild in (story.guild, elsewhere.guild)]
        return all((why["fan_id"], why["history"]) == (None, ()) for why in each)

    await until(forgotten_in_both, "nothing known of Bea anywhere")
