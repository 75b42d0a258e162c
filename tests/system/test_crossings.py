"""Two things happen at once: a request stands at Discord while the world changes behind it."""

from functools import partial

from bot.sandbox.tour import acts
from bot.sandbox.tour.scenes import JOIN_ROUTE, ROLE_ROUTE
from bot.sandbox.tour.stage import Person
from tests.system.story import Story

KICK_ROUTE = JOIN_ROUTE.replace("PUT", "DELETE")
TAKE_ROUTE = ROLE_ROUTE.replace("PUT", "DELETE")
MONTH = 30 * 86400.0


async def _on_the_way_in(story: Story, *, do: str) -> tuple[Person, str, int]:
    """Bea's join stands at Discord."""
    await story.given_a_server()
    held = await story.discord.fault(do=do, route=JOIN_ROUTE)
    bea, membership = await acts.buys_and_connects(story, "Bea", "Gold", period_s=MONTH)
    await story.discord.held(held)
    return bea, membership, held


async def _is_put_out(story: Story, person: Person) -> None:
    await story.sees(person, set())
    await story.settles(person)
    await story.later(hours=1, minutes=1)
    await story.sees_gone(person)


async def test_a_refund_during_the_join(story: Story) -> None:
    bea, membership, held = await _on_the_way_in(story, do="hold_before")
    await story.platform.refund(membership)
    await story.platform.settled()
    await story.discord.release(held)

    await _is_put_out(story, bea)


async def test_disconnected_after_the_join_took_effect(story: Story) -> None:
    bea, _, held = await _on_the_way_in(story, do="hold_after")
    await bea.browser.open(f"{story.bot_url}/memberships/disconnect")
    await bea.browser.submit("Disconnect")
    await story.discord.release(held)

    await _is_put_out(story, bea)


async def test_another_account_during_the_join_the_old_one_is_put_out(story: Story) -> None:
    bea, _, held = await _on_the_way_in(story, do="hold_after")
    other = await story.fan("Bea's other account")
    bea.browser.authorize = partial(story.discord.authorize, other.account)
    await bea.browser.open(f"{story.bot_url}/memberships")
    await bea.browser.submit("Change account")
    await bea.browser.submit("Yes, connect")
    await story.discord.release(held)

    await story.sees(other, {"Gold", "Lounge"})
    await _is_put_out(story, bea)
    await story.sees(other, {"Gold", "Lounge"})


async def test_paid_while_a_role_is_being_taken(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold")
    held = await story.discord.fault(do="hold_before", route=TAKE_ROUTE)
    await story.platform.expire(membership)
    await story.discord.held(held)
    await story.platform.recover(membership, period_s=MONTH)
    await story.platform.settled()
    await story.discord.release(held)

    await story.settles(bea)
    await story.sees(bea, {"Gold", "Lounge"})


async def test_paid_while_being_put_out(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold")
    held = await story.discord.fault(do="hold_after", route=KICK_ROUTE)
    await story.platform.expire(membership)
    await story.sees(bea, set())
    await story.settles(bea)
    await story.later(hours=1, minutes=1)
    await story.discord.held(held)
    await story.platform.recover(membership, period_s=MONTH)
    await story.platform.settled()
    await story.discord.release(held)

    await story.sees(bea, {"Gold", "Lounge"})


async def test_a_yes_that_did_nothing_is_noticed_at_each_step_of_an_end(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold")
    await story.discord.fault(do="ghost", route=TAKE_ROUTE, times=2)
    await story.discord.fault(do="ghost", route=KICK_ROUTE)
    before = await story.place()
    await story.platform.refund(membership)
    await story.platform.settled()
    await story.everything_settles()
    await story.sees(bea, {"Gold", "Lounge"})

    await story.later(seconds=31)
    await _is_put_out_at_the_second_try(story, bea)

    assert await story.calls(before, "DELETE") == ["DELETE 204"] * 6


async def _is_put_out_at_the_second_try(story: Story, person: Person) -> None:
    await story.sees(person, set())
    await story.settles(person)
    await story.later(hours=1, minutes=1)
    await story.everything_settles()
    await story.later(minutes=2)
    await story.sees_gone(person)


async def test_who_came_in_by_themselves_and_asks_has_their_roles(story: Story) -> None:
    await story.given_a_server()
    bea = await story.fan("Bea")
    await story.hand_over(bea, "/memberships")
    await bea.browser.submit("Connect Discord")
    await bea.browser.submit("Yes, connect")
    await story.buys(bea, "Gold", period_s=MONTH)
    await story.platform.settled()
    await story.everything_settles()
    await story.discord.join(story.guild, bea.account)

    await story.discord.command(bea.account, "passes mine", guild=story.guild)

    await story.sees(bea, {"Gold", "Lounge"})
