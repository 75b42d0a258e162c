"""A creator rearranges the server: what the bot may no longer do it does not try, and does as soon as it may again."""

from collections.abc import Awaitable, Callable

import pytest

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import INVITATION, Person
from models import GuildRole
from tests.system.story import Story
from tests.waiting import until

ADMINISTRATOR, KICK_MEMBERS, CREATE_INVITE, MANAGE_ROLES = 1 << 3, 1 << 1, 1 << 0, 1 << 28
GOLD, SILVER = {"Gold", "Lounge"}, {"Silver", "Lounge"}

type Change = Callable[[Story], Awaitable[None]]


async def _move_the_bot_down(story: Story) -> None:
    await story.discord.move_role(story.guild, "Passes Bot", above="Silver")


async def _move_the_role_up(story: Story) -> None:
    await acts.drag_above_bot(story, "Gold")


@pytest.mark.parametrize("change", [_move_the_bot_down, _move_the_role_up])
async def test_a_role_out_of_reach_waits_until_it_is_in_reach_again(story: Story, change: Change) -> None:
    ana = await story.given_a_server()
    bea, upgraded = await story.given_a_fan_inside("Bea", "Silver")
    cleo, refunded = await story.given_a_fan_inside("Cleo", "Gold")
    await change(story)
    await story.shows(ana, "not below Passes Bot")
    place = await story.place()

    await story.platform.upgrade(upgraded, story.tiers["Gold"])
    await story.platform.refund(refunded)
    dora, _ = await acts.buys_and_connects(story, "Dora", "Gold", period_s=86400)
    await story.sees(dora, {"Lounge"})
    await story.sees(cleo, {"Gold"})
    await story.everything_settles()
    await story.sees(bea, SILVER)
    assert not [call for call in await story.calls(place) if call.endswith("403")]

    await acts.drag_bot_above(story, "Gold")
    await story.sees(bea, GOLD)
    await story.sees(dora, GOLD)
    await story.sees(cleo, set())
    await story.shows(ana, "✅ Connected")


async def test_a_deleted_role_is_nobodys_and_what_is_left_goes_on(story: Story) -> None:
    ana = await story.given_a_server({"Gold": ("Gold", "Lounge"), "Silver": ("Silver",)})
    bea, hers = await _inside(story, "Bea", "Gold", GOLD)
    cleo, _ = await _inside(story, "Cleo", "Silver", {"Silver"})

    await story.discord.delete_role(story.guild, "Gold")
    await story.discord.delete_role(story.guild, "Silver")

    await story.shows(ana, "All roles of a membership were deleted")
    await story.sees(bea, {"Lounge"})
    await story.later(days=1)
    await story.everything_settles()
    await story.sees(cleo, set())
    await story.platform.refund(hers)
    await story.sees(bea, set())


async def test_a_role_of_which_only_deleted_ones_are_left_brings_nobody_in(story: Story) -> None:
    await story.given_a_server({"Silver": ("Silver",)})
    await story.discord.delete_role(story.guild, "Silver")
    await _knows("Silver", there=False)

    dora, _ = await acts.buys_and_connects(story, "Dora", "Silver", period_s=86400)

    await story.everything_settles()
    assert not await story.inside(dora)


async def test_a_renamed_role_is_the_same_role(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold")
    place = await story.place()

    await story.discord.edit_role(story.guild, "Gold", name="Gilded")
    await _knows("Gilded", there=True)
    await story.everything_settles()
    assert await story.calls(place) == []

    await story.platform.refund(membership)
    await story.sees(bea, set())


async def test_a_role_that_became_administrator_is_given_to_nobody_new(story: Story) -> None:
    ana = await story.given_a_server()
    bea, hers = await story.given_a_fan_inside("Bea", "Gold")
    await story.discord.edit_role(story.guild, "Gold", permissions=ADMINISTRATOR)
    await story.shows(ana, "can do more than you said yes to")

    dora, _ = await acts.buys_and_connects(story, "Dora", "Gold", period_s=86400)
    await story.sees(dora, {"Lounge"})
    await story.everything_settles()
    await story.sees(dora, {"Lounge"})
    await story.platform.refund(hers)
    await story.sees(bea, set())

    await story.discord.edit_role(story.guild, "Gold", permissions=0)
    await story.sees(dora, GOLD)


async def test_without_manage_roles_nothing_is_tried_and_with_it_everything_is_made_up_for(
    story: Story,
) -> None:
    ana = await story.given_a_server()
    bea, upgraded = await story.given_a_fan_inside("Bea", "Silver")
    cleo, refunded = await story.given_a_fan_inside("Cleo", "Gold")
    await _may(story, INVITATION & ~MANAGE_ROLES)
    await story.shows(ana, "may not give roles")
    place = await story.place()

    await story.platform.upgrade(upgraded, story.tiers["Gold"])
    await story.platform.refund(refunded)
    await story.platform.settled()
    await story.everything_settles()
    await story.sees(bea, SILVER)
    await story.sees(cleo, GOLD)
    assert await story.calls(place) == []

    await _may(story, INVITATION)
    await story.sees(bea, GOLD)
    await story.sees(cleo, set())


async def test_without_create_invite_fans_wait_outside_and_then_come_in(story: Story) -> None:
    ana = await story.given_a_server()
    await story.discord.edit_role(story.guild, story.guild, permissions=0)  # @everyone may, as it comes
    await _may(story, INVITATION & ~CREATE_INVITE)
    await story.shows(ana, "may not bring people in")
    place = await story.place()

    dora, _ = await acts.buys_and_connects(story, "Dora", "Gold", period_s=86400)
    await story.everything_settles()
    assert not await story.inside(dora)
    assert await story.calls(place) == []

    await _may(story, INVITATION)
    await story.sees(dora, GOLD)


async def test_without_kick_roles_go_and_people_stay_until_it_may_again(story: Story) -> None:
    ana = await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold")
    await _may(story, INVITATION & ~KICK_MEMBERS)
    await story.shows(ana, "may not kick")

    await story.platform.refund(membership)
    await story.sees(bea, set())
    await story.later(hours=2)
    await story.everything_settles()
    await story.sees(bea, set())

    await _may(story, INVITATION)
    await story.sees_in_time(bea, None, minutes=90)


async def _inside(story: Story, name: str, tier: str, roles: set[str]) -> tuple[Person, str]:
    fan, membership = await acts.buys_and_connects(story, name, tier, period_s=30 * 86400)
    await story.sees(fan, roles)
    return fan, membership


async def _may(story: Story, permissions: int) -> None:
    await story.discord.edit_role(story.guild, "Passes Bot", permissions=permissions)


async def _knows(role: str, *, there: bool) -> None:
    """The bot has noticed that the role is there, or is not."""

    async def so() -> bool:
        return await GuildRole.filter(name=role).exists() is there

    await until(so, f"the bot knows that {role} is {'there' if there else 'gone'}")
