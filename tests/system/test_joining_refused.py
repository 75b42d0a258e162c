"""Discord does not let a fan in: what the fan is told, and that nobody knocks again and again."""

from typing import Any

import pytest

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person
from tests.system.story import Story
from tests.waiting import until


async def _tries_to_join(story: Story, **traits: Any) -> Person:
    await story.given_a_server()
    fan = await story.fan("Bea")
    if traits.pop("banned", False):
        await story.discord.join(story.guild, fan.account)
        await story.discord.ban(story.guild, fan.account)
    if traits:
        await story.discord.set_user(fan.account, **traits)
    membership = await story.buys(fan, "Gold", period_s=30 * 86400)
    await acts.connect(story, fan, membership)
    return fan


async def _page_says(story: Story, fan: Person, sentence: str) -> None:
    async def says() -> bool:
        return sentence in await story.memberships_page(fan)

    await until(
        says, f"the Memberships page says {sentence!r}", otherwise=lambda: story.memberships_page(fan)
    )


@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        ({"guild_limit_reached": True}, "Leave one, then try again"),
        ({"joining_limited": True}, "limits your account"),
        ({"banned": True}, "banned"),
    ],
    ids=["too many servers (30001)", "joining limited (340015)", "banned (40007)"],
)
async def test_the_fan_is_told_what_to_do_and_discord_is_asked_once(
    story: Story, traits: dict[str, Any], sentence: str
) -> None:
    before = await story.place()
    fan = await _tries_to_join(story, **traits)

    await _page_says(story, fan, sentence)
    await story.later(hours=12)
    await story.everything_settles()

    assert await story.calls(before, "PUT") == ["PUT 400" if "guild_limit_reached" in traits else "PUT 403"]


async def test_after_leaving_a_server_the_fan_tries_again_and_is_in(story: Story) -> None:
    fan = await _tries_to_join(story, guild_limit_reached=True)
    await _page_says(story, fan, "Leave one, then try again")
    await story.discord.set_user(fan.account, guild_limit_reached=False)
    await story.later(minutes=5)

    await fan.browser.open(f"{story.bot_url}/memberships")
    await fan.browser.submit("Try again")

    await story.sees(fan, {"Gold", "Lounge"})


async def test_a_dead_token_costs_the_fan_one_connect(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold", days=30)
    await story.platform.expire(membership)
    await story.sees(bea, set())
    await story.settles(bea)
    await story.later(hours=1, minutes=1)
    await story.sees_gone(bea)
    await story.discord.deauthorize(bea.account)

    await story.platform.recover(membership, period_s=30 * 86400)
    await _page_says(story, bea, "Discord needs your permission once more")
    await bea.browser.submit("Connect")

    await story.sees(bea, {"Gold", "Lounge"})


async def test_a_fan_with_closed_direct_messages_is_let_in_all_the_same(story: Story) -> None:
    await story.given_a_server()
    fan = await story.fan("Bea")
    await story.discord.set_user(fan.account, dms_open=False)
    membership = await story.buys(fan, "Gold", period_s=30 * 86400)

    await acts.connect(story, fan, membership)

    await story.sees(fan, {"Gold", "Lounge"})
    await _page_says(story, fan, "Welcome")
