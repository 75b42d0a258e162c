"""The bot is put out of a server and comes back, by its creator's hand or by somebody else's; servers change hands."""

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import INVITATION, Person
from models import Guild
from tests.system.story import Story
from tests.waiting import until

GOLD, SILVER = {"Gold", "Lounge"}, {"Silver", "Lounge"}


async def test_invited_back_by_its_creator_it_makes_up_for_what_it_missed(story: Story) -> None:
    ana = await story.given_a_server()
    bea, ended = await story.given_a_fan_inside("Bea", "Gold")
    cleo, upgraded = await story.given_a_fan_inside("Cleo", "Silver")
    await _kicked(story)
    await story.platform.refund(ended)
    await story.platform.upgrade(upgraded, story.tiers["Gold"])
    dora, _ = await acts.buys_and_connects(story, "Dora", "Silver", period_s=86400)
    await story.everything_settles()
    await story.sees(bea, GOLD)

    await _back(story, ana)

    await story.sees_in_time(bea, set())
    await story.sees_in_time(cleo, GOLD)
    await story.sees_in_time(dora, SILVER)
    await story.shows(ana, "✅ Connected")


async def test_invited_back_by_a_stranger_it_gives_nothing_new_and_takes_what_ended(story: Story) -> None:
    ana = await story.given_a_server()
    bea, ended = await story.given_a_fan_inside("Bea", "Gold")
    cleo, _ = await story.given_a_fan_inside("Cleo", "Silver")
    await _kicked(story)
    zoe = await _handed_over(story, ana)
    await _back(story, zoe)

    await story.platform.refund(ended)
    dora, _ = await acts.buys_and_connects(story, "Dora", "Silver", period_s=86400)

    await story.sees_in_time(bea, set())
    await story.everything_settles()
    assert not await story.inside(dora)
    await story.sees(cleo, SILVER)


async def test_a_server_with_a_new_owner_goes_on_and_its_creator_no_longer_changes_it(story: Story) -> None:
    ana = await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Silver")
    zoe = await story.fan("Zoe")
    await story.discord.join(story.guild, zoe.account)
    await story.discord.transfer(story.guild, zoe.account)

    await story.shows(ana, "You need the Manage Server permission here")
    await story.platform.upgrade(membership, story.tiers["Gold"])
    await story.sees(bea, GOLD)
    ladder = await story.discord.command(zoe.account, "passes refresh-roles", guild=story.guild)
    assert "Gold" in ladder.text


async def test_put_out_while_nobody_listened(story: Story) -> None:
    ana = await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Gold")
    await story.bot.stop()
    await story.discord.kick_bot(story.guild, ana.account)
    await story.bot.start()
    await _knows_it_is_gone(story)

    await story.platform.refund(membership)
    await story.everything_settles()
    await story.sees(bea, GOLD)
    await _back(story, ana)
    await story.sees_in_time(bea, set())


async def _kicked(story: Story) -> None:
    await story.discord.kick_bot(story.guild)
    await _knows_it_is_gone(story)


async def _knows_it_is_gone(story: Story) -> None:
    async def knows() -> bool:
        return await Guild.filter(id=story.guild, bot_present=False).exists()

    await until(knows, "the bot knows that it was put out")


async def _back(story: Story, by: Person) -> None:
    """Added again, its role where it has to be: Discord puts it at the bottom."""
    await story.discord.add_bot(story.guild, by.account, INVITATION)
    await acts.drag_bot_above(story, "Gold")


async def _handed_over(story: Story, ana: Person) -> Person:
    zoe = await story.fan("Zoe")
    await story.discord.join(story.guild, zoe.account)
    await story.discord.transfer(story.guild, zoe.account)
    await story.discord.leave(story.guild, ana.account)
    return zoe
