"""The creator's way through the Hub, and from one door to the other."""

from bot.sandbox.tour import acts
from models import Integration
from models.integrations import EndPolicy, IntegrationState
from tests.web.hub.creator import Creator, attached


async def test_from_add_integration_to_a_fan_inside(ana: Creator) -> None:
    story = ana.story
    assert "You have none yet" in ana.page.text

    named = await ana.names(" VIP   rooms ")
    assert "Not Connected" in named.text
    await ana.browser.submit("Connect your Discord")
    assert "Ana's Studio" in ana.page.text
    assert "@ana" in ana.page.text
    assert await Integration.filter(guild_id__isnull=False).count() == 0, "nothing before the press"
    ladder = await ana.browser.submit("Yes, connect Ana's Studio")
    assert "Drag Passes Bot above Boss" in ladder.text
    assert "Add Membership" not in ladder.links

    refreshed = await ana.drags_the_bot_above("Gold")
    assert "Roles refreshed" in refreshed.text
    await ana.browser.follow("Add Membership")
    await ana.browser.submit("Next", tier=["Gold", "Silver"])
    assert "Boss: not below Passes Bot" in ana.page.text
    await ana.browser.submit("Give these roles", role=["Gold", "Friend"])
    assert "Which roles does Silver give?" in ana.page.text
    summary = await ana.browser.submit("Server only")

    assert "Connected" in summary.text
    assert "the server and Gold and Friend" in summary.text
    assert "the server only" in summary.text
    assert await attached() == {story.tiers["Gold"]: 2, story.tiers["Silver"]: 0}
    fan, _ = await acts.buys_and_connects(story, "Bea", "Gold", period_s=86400)
    await story.sees(fan, {"Gold", "Friend"})

    people = await ana.goes("people")
    assert "1 person has something through it" in people.text
    person = await ana.browser.follow("Bea")
    assert "Why they have access" in person.text
    assert "Gold: has it, their membership gives it, given by Passes Bot" in person.text


async def test_named_and_skipped_in_the_hub_then_ended_in_discord(ana: Creator) -> None:
    story = ana.story
    await ana.names()
    hub = await ana.browser.follow("Skip for now")
    assert "Not Connected" in hub.text

    await story.discord.add_bot(story.guild, ana.person.account, 1 << 28 | 1 | 2)
    await story.discord.move_role(story.guild, "Passes Bot", above="Gold")
    shown = await acts.prove(story, ana.person)
    shown = await story.discord.choose(ana.person.account, shown, ["VIP rooms"])
    ladder = await story.discord.press(ana.person.account, shown, label="Connect this server")
    ladder = await acts.refresh_roles(story, ana.person, ladder)
    await acts.add_memberships(story, ana.person, ladder, {"Gold": ("Gold",)})

    assert "the server and Gold" in (await ana.home()).text
    assert (await Integration.get()).state is IntegrationState.CONNECTED


async def test_begun_in_discord_with_memberships_chosen_then_ended_in_the_hub(ana: Creator) -> None:
    story, account = ana.story, ana.person.account
    await story.discord.add_bot(story.guild, account, 1 << 28 | 1 | 2)
    await story.discord.move_role(story.guild, "Passes Bot", above="Gold")
    ladder = await acts.name_integration(story, ana.person, await acts.prove(story, ana.person), "Club")
    ladder = await acts.refresh_roles(story, ana.person, ladder)
    screen = await story.discord.press(account, ladder, label="Add Membership")
    await story.discord.choose(account, screen, ["Gold", "Silver"])

    page = await ana.home()
    assert "2 memberships wait for their roles" in page.text
    await ana.browser.follow("Choose roles")
    await ana.browser.submit("Give these roles", role=["Gold"])
    page = await ana.browser.submit("Skip Silver")

    assert "the server and Gold" in page.text
    assert await attached() == {story.tiers["Gold"]: 1}
    summary = await story.discord.command(account, "passes setup", guild=story.guild)
    assert "**Gold** gives the server and Gold" in summary.text


async def test_a_bad_name_stays_on_the_page(ana: Creator) -> None:
    page = await ana.names("   ")

    assert page.status == 400
    assert "1 to 80 characters" in page.text
    assert await Integration.all().count() == 0


async def test_name_ending_and_days_are_changed(ana: Creator) -> None:
    await ana.sets_up(Gold=("Gold",))

    await ana.goes("settings")
    assert "Renamed." in (await ana.browser.submit("Rename", name="Lounge")).text
    await ana.browser.submit("Save the ending", policy="roles")
    await ana.browser.submit("Save the days", days="7")
    refused = await ana.browser.submit("Save the days", days="31")

    row = await Integration.get()
    assert (row.name, row.policy, row.grace_days) == ("Lounge", EndPolicy.ROLES, 7)
    assert "from 0 to 30" in refused.text


async def test_one_that_is_in_no_server_is_renamed_and_removed_by_the_creators_word(ana: Creator) -> None:
    await ana.names()
    await ana.browser.follow("Rename")
    await ana.browser.submit("Rename", name="Lounge")
    assert (await Integration.get()).name == "Lounge"

    await ana.goes("remove")
    page = await ana.browser.submit("Remove")

    assert "You have none yet" in page.text
    assert await Integration.all().count() == 0
