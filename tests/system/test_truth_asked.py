"""Events that were lost, and a platform that does not answer: who pays keeps everything, the others end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic

from bot.sandbox.tour import acts
from tests.system.story import Story
from tests.waiting import until

MONTH_S = 30 * 86400


@asynccontextmanager
async def webhooks_lost(story: Story) -> AsyncIterator[None]:
    """Nothing that happens in here is ever told by the platform."""
    await story.platform.settled()
    await story.platform.pause_webhooks()
    yield
    await story.platform.lose()
    await story.platform.resume_webhooks()


async def asked(story: Story, part: str) -> int:
    return sum(part in each["path"] for each in await story.platform.asked())


async def test_a_renewal_that_nobody_told_of_is_noticed_by_nobody(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold", days=30)
    async with webhooks_lost(story):
        await story.platform.renew(membership, period_s=MONTH_S)
    place = await story.place()

    for days in (30, 2, 2, 20):
        await story.later(days=days)
        await story.everything_settles()
        await story.sees(bea, {"Gold", "Lounge"})

    assert await story.calls(place) == []


async def test_a_refund_that_nobody_told_of_is_found_within_a_day(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold", days=30)
    async with webhooks_lost(story):
        await story.platform.refund(membership)
    await story.later(hours=23)
    await story.everything_settles()
    await story.sees(bea, {"Gold", "Lounge"})

    await story.later(hours=1)
    await story.sees(bea, set())


async def test_what_happened_while_the_bot_was_away_is_found_when_it_starts(story: Story) -> None:
    await story.given_a_server()
    bea, _ = await story.given_a_fan_inside("Bea", "Gold", days=30)
    cleo, hers = await story.given_a_fan_inside("Cleo", "Silver", days=30)
    await story.bot.stop()
    async with webhooks_lost(story):
        await story.platform.expire(hers)
    await story.bot.start()

    await story.sees(cleo, set())
    await story.sees(bea, {"Gold", "Lounge"})


async def test_while_the_platform_is_silent_active_ones_go_on_and_canceled_ones_end(story: Story) -> None:
    await story.given_a_server()
    active, _ = await story.given_a_fan_inside("Bea", "Gold", days=5)
    renewed, hers = await story.given_a_fan_inside("Dora", "Gold", days=5)
    canceled, theirs = await story.given_a_fan_inside("Cleo", "Silver", days=5)
    await story.platform.cancel(theirs)
    await story.platform.settled()
    await story.platform.api_mood("unavailable")
    async with webhooks_lost(story):
        await story.platform.renew(hers, period_s=MONTH_S)

    for _ in range(3):
        await story.later(days=4)
        await story.everything_settles()
    await story.later(hours=2)
    await story.sees_gone(canceled)
    await story.sees(active, {"Gold", "Lounge"})
    await story.sees(renewed, {"Gold", "Lounge"})

    await story.platform.restore_api()
    await story.later(minutes=11)
    await story.sees(active, set())
    await story.everything_settles()
    await story.sees(renewed, {"Gold", "Lounge"})


async def test_a_membership_that_the_platform_does_not_know_goes_on(story: Story) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold", days=5)
    await story.platform.hide_membership(membership)
    await story.later(days=20)

    async def was_asked() -> bool:
        return bool(await asked(story, membership))

    await until(was_asked, "the platform asked about the membership")
    await story.everything_settles()
    await story.sees(bea, {"Gold", "Lounge"})


async def test_a_new_tier_is_there_when_its_creator_comes_in(story: Story) -> None:
    ana = await story.given_a_server()
    async with webhooks_lost(story):
        story.tiers["Platinum"] = await story.platform.create_tier(story.creator, "Platinum")
    await story.hand_over(ana, "/hub")

    shown = await story.discord.command(ana.account, "passes memberships", guild=story.guild)
    choice = await story.discord.press(ana.account, shown, label="Add Membership")

    assert "Platinum" in [option.label for option in choice.selects[0].options]


async def test_it_stops_at_once_while_a_question_hangs(story: Story) -> None:
    await story.given_a_server()
    await story.given_a_fan_inside("Bea", "Gold", days=5)
    before = await asked(story, "/memberships")
    await story.platform.silence_api()
    await story.later(days=9)

    async def hangs() -> bool:
        return await asked(story, "/memberships") > before

    await until(hangs, "a question under way")
    begun = monotonic()
    await story.bot.stop()
    assert monotonic() - begun < 5
    await story.platform.restore_api()


async def test_who_holds_it_already_is_reached_when_a_tier_is_attached(story: Story) -> None:
    """Linked and inside; linked and elsewhere; and not linked at all."""
    ana = await story.given_a_server({"Silver": ("Silver",)}, roles=("Silver", "Gold", "Lounge"))
    await acts.sell(story, "Gold")
    inside, elsewhere, nobody = [await story.fan(name) for name in ("Bea", "Cleo", "Dora")]
    await story.discord.join(story.guild, inside.account)
    held = [await story.buys(fan, "Gold") for fan in (inside, elsewhere, nobody)]
    await story.platform.settled()
    await acts.link_from_discord(story, inside)
    silver = await story.buys(elsewhere, "Silver")
    await story.platform.settled()
    await acts.connect(story, elsewhere, silver)
    await story.sees(elsewhere, {"Silver"})
    await story.discord.leave(story.guild, elsewhere.account)
    await story.everything_settles()

    shown = await story.discord.command(ana.account, "passes memberships", guild=story.guild)
    roles = await story.discord.press(ana.account, shown, label="Add Membership")
    roles = await story.discord.choose(ana.account, roles, ["Gold"])
    await story.discord.choose(ana.account, roles, ["Gold", "Lounge"])

    await story.sees(inside, {"Gold", "Lounge"})
    for fan, membership in zip((inside, elsewhere, nobody), held, strict=True):
        await story.platform.wait_event(
            "integration.available", fan_id=fan.at_platform, membership_ids=[membership]
        )
    assert await story.discord.member(story.guild, elsewhere.account) is None
    told = [each for each in await story.platform.events() if each["type"] == "integration.available"]
    assert len([each for each in told if each["data"]["membership_ids"][0] in held]) == 3


async def test_roles_given_by_hand_are_looked_after_once_their_creator_says_so(story: Story) -> None:
    ana = await story.given_a_server()
    bea = await story.fan("Bea")
    await story.discord.join(story.guild, bea.account)
    for role in ("Gold", "Friend"):
        await story.discord.give_role(story.guild, bea.account, role)
    membership = await story.buys(bea, "Gold")
    await acts.link_from_discord(story, bea)
    await story.sees(bea, {"Gold", "Friend", "Lounge"})
    await story.settles(bea)

    shown = await story.discord.command(ana.account, "passes memberships", guild=story.guild)
    question = await story.discord.press(ana.account, shown, label="Roles already held")
    assert "Take care of the roles of 1 person" in question.text
    assert f"<@{bea.account}> (bea): Gold" in question.text
    answer = await story.discord.press(ana.account, question, label="Yes, for 1 person")
    assert "takes care of the roles of 1 person from now on" in answer.text

    await story.platform.refund(membership)
    await story.sees(bea, {"Friend"})
