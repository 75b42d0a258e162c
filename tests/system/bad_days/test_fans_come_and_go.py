"""What happens to a fan between two payments: joins paused, rules to accept, leaving, bans, another account, the end."""

from functools import partial

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person
from models import Fan, Guild
from tests.system.story import Story
from tests.waiting import until

GOLD = {"Gold", "Lounge"}
ALWAYS = 10**9


async def test_joins_are_paused_and_then_they_are_not(story: Story) -> None:
    await story.given_a_server()
    await story.discord.pause_joins(story.guild)
    await _knows_of_paused_joins(story)
    place = await story.place()

    bea, _ = await acts.buys_and_connects(story, "Bea", "Gold", period_s=86400)
    await _page_says(story, bea, "takes nobody in at the moment")
    assert await story.calls(place) == []

    await story.discord.pause_joins(story.guild, paused=False)
    await story.sees(bea, GOLD)


async def test_who_still_has_to_accept_the_rules_is_told_so(story: Story) -> None:
    await story.given_a_server()
    await story.discord.set_guild(story.guild, screening=True)

    bea, _ = await acts.buys_and_connects(story, "Bea", "Gold", period_s=86400)
    await _page_says(story, bea, "Accept the server's rules in Discord")
    await story.discord.accept_screening(story.guild, bea.account)

    await story.later(hours=1, minutes=1)
    await story.sees_in_time(bea, GOLD)
    await _page_says(story, bea, "You are in")


async def test_who_leaves_is_let_go_and_who_returns_by_a_friends_link_has_everything(story: Story) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")

    await story.discord.leave(story.guild, bea.account)
    await story.later(days=1, minutes=1)
    await story.everything_settles()
    assert not await story.inside(bea)

    await story.discord.join(story.guild, bea.account)
    await story.later(days=1, minutes=1)
    await story.sees_in_time(bea, GOLD)


async def test_who_returns_by_a_friends_link_need_not_wait(story: Story) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")
    await story.discord.leave(story.guild, bea.account)
    await story.later(days=1, minutes=1)
    await story.everything_settles()
    await story.discord.join(story.guild, bea.account)

    await story.hand_over(bea, "/memberships")
    await bea.browser.submit("Rejoin")

    await story.sees(bea, GOLD)


async def test_a_ban_stands_until_it_is_lifted_and_the_fan_asks_again(story: Story) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")
    await story.discord.ban(story.guild, bea.account)
    await story.later(days=1, minutes=1)
    await story.everything_settles()
    await story.hand_over(bea, "/memberships")
    await bea.browser.submit("Rejoin")
    await _page_says(story, bea, "banned")
    place = await story.place()

    await story.discord.unban(story.guild, bea.account)
    await story.later(hours=12)
    await story.everything_settles()
    assert await story.calls(place) == []
    await story.hand_over(bea, "/memberships")
    await bea.browser.submit("Try again")
    await story.sees(bea, GOLD)


async def test_another_account_takes_the_place_of_the_first(story: Story) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")
    first, second = bea.account, await story.discord.create_user("bea2")
    bea.browser.authorize = partial(story.discord.authorize, second)

    await story.hand_over(bea, "/memberships")
    await bea.browser.submit("Change account")
    await bea.browser.submit("Yes, ")
    bea.account = second
    await story.sees(bea, GOLD)

    bea.account = first
    await story.sees(bea, set())
    await story.settles(bea)
    await story.later(hours=1, minutes=1)
    await story.sees_gone(bea)


async def test_a_fan_who_deletes_everything_while_discord_refuses_us_is_forgotten_all_the_same(
    story: Story,
) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold")
    fault = {"do": "status", "status": 403, "code": 50013, "message": "Missing Permissions"}
    await story.discord.fault(method="DELETE", times=ALWAYS, **fault)
    await story.platform.delete_fan(bea.at_platform)
    await story.platform.settled()
    await story.later(days=2)
    await story.everything_settles()
    await story.sees(bea, GOLD)
    assert await Fan.exists(id=bea.at_platform)

    await story.later(days=29)
    await until(partial(_is_forgotten, bea), "the fan forgotten after 30 days")
    await story.discord.clear_faults()
    await story.later(days=2)

    await story.sees_in_time(bea, None, minutes=3 * 24 * 60)


async def _is_forgotten(fan: Person) -> bool:
    return not await Fan.exists(id=fan.at_platform)


async def _knows_of_paused_joins(story: Story) -> None:
    async def knows() -> bool:
        return await Guild.filter(id=story.guild, joins_paused=True).exists()

    await until(knows, "the bot knows that joins are paused")


async def _page_says(story: Story, fan: Person, sentence: str) -> None:
    async def says() -> bool:
        return sentence in await story.memberships_page(fan)

    await until(
        says, f"the Memberships page says {sentence!r}", otherwise=lambda: story.memberships_page(fan)
    )
