"""Discord refuses us: for a member, for a role, for a whole server."""

from bot.sandbox.tour import acts
from bot.sandbox.tour.scenes import ROLE_ROUTE
from bot.sandbox.tour.stage import Person
from tests.system.story import Story
from tests.waiting import until


async def _believes(story: Story, person: Person, trouble: str) -> None:
    async def so() -> bool:
        return trouble in (await story.bot.why(story.guild, person.account))["troubles"]

    await until(so, f"the bot knows of {trouble!r}")


async def test_a_role_dragged_away_during_a_call_costs_that_role_and_not_a_day_of_the_server(
    story: Story,
) -> None:
    await story.given_a_server()
    bea, upgraded = await story.given_a_fan_inside("Bea", "Silver")
    cleo, refunded = await story.given_a_fan_inside("Cleo", "Silver")
    held = await story.discord.fault(do="hold_before", route=ROLE_ROUTE)
    await story.platform.upgrade(upgraded, story.tiers["Gold"])
    await story.discord.held(held)
    await acts.drag_above_bot(story, "Gold")
    await _believes(story, bea, "role_out_of_reach: Gold")
    await story.discord.release(held)
    await story.everything_settles()

    await story.platform.refund(refunded)

    await story.sees(cleo, set())
    await story.sees(bea, {"Silver", "Lounge"})
