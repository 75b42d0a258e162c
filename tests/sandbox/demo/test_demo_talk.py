"""Talking with a bot on the pages: every kind of answer, and what becomes of it when it is used."""

import pytest

from bot.sandbox.browser import Browser
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from tests.sandbox.demo.client import be
from tests.sandbox.people.scene import Scene
from tests.sandbox.people.storybot import StoryBot

pytestmark = pytest.mark.usefixtures("story")


async def test_a_command_is_typed_or_pressed(browser: Browser, discord: Discord, scene: Scene) -> None:
    await be(browser, discord, "Fred")
    server = await browser.open(f"{discord.url}/servers/{scene.guild}")
    page = await browser.submit("Send", line="/story hello")
    assert page.title.startswith("/story hello")
    assert "Hello fred" in page.text
    assert "Only you can see this." in page.text
    await browser.open(server.url)
    page = await browser.submit("/story slowly")
    assert "Thought about it" in page.text
    page = await browser.follow("Back to Ana's garden")
    assert "Thought about it" in page.links


async def test_what_is_typed_wrong_is_told_in_words(browser: Browser, discord: Discord, scene: Scene) -> None:
    await be(browser, discord, "Fred")
    for line, said in (
        ("/story dance", "There is no command /story dance here"),
        ("/story hello loudly", "Discord would not send that"),
        ("/story hello how:loudly", "no such option: how"),
    ):
        await browser.open(f"{discord.url}/servers/{scene.guild}")
        page = await browser.submit("Send", line=line)
        assert page.status == 409
        assert said in page.text


async def test_buttons_menus_and_forms_work(browser: Browser, discord: Discord, scene: Scene) -> None:
    await be(browser, discord, "Fred")
    await browser.open(f"{discord.url}/servers/{scene.guild}")
    choices = await browser.submit("/story choose")
    page = await browser.submit("Name")
    assert page.title.startswith("A form to fill in")
    page = await browser.submit("Submit", **{page.forms[-1].fields[0][0]: "Garden"})
    assert "It is called Garden" in page.text
    await browser.open(choices.url)
    page = await browser.submit("Choose", value="Silver")
    assert "Tier t2" in page.text
    await browser.open(choices.url)
    roles = next(form for form in browser.page.forms if str(scene.gold) in form.options.get("value", {}))
    sent = [*roles.fields, ("value", str(scene.gold))]
    page = await browser.post(f"{discord.url}{roles.action}", sent)
    assert "Roles: Gold" in page.text
    await browser.open(choices.url)
    page = await browser.submit("Refresh")
    assert "Refreshed" in page.text


async def test_an_answer_is_for_one_person_alone(browser: Browser, discord: Discord, scene: Scene) -> None:
    await be(browser, discord, "Fred")
    await browser.open(f"{discord.url}/servers/{scene.guild}")
    answer = await browser.submit("/story hello")
    await be(browser, discord, "Ana")
    page = await browser.open(answer.url)
    assert page.status == 409
    assert "Only fred can see this answer" in page.text


async def test_it_talks_in_direct_messages_too(browser: Browser, discord: Discord) -> None:
    await browser.open(f"{discord.url}/dm")
    assert "Choose an account" in browser.page.text
    await be(browser, discord, "Fred")
    await browser.follow("Direct messages")
    page = await browser.submit("/story hello")
    assert "Hello fred" in page.text
    assert "direct messages" in page.text


async def test_a_bot_that_is_slow_or_broken_is_told_of(
    browser: Browser, discord: Discord, driver: Driver, scene: Scene, story: StoryBot
) -> None:
    await be(browser, discord, "Fred")
    await browser.follow("Faults")
    page = await browser.submit("Let it go wrong", what="500", where="all", seconds="15")
    assert "Discord answers 500 (it is broken): everything the bot asks for, for 15 seconds" in page.text
    page = await browser.submit("End all of it now")
    assert "Discord behaves" in page.text
    assert "The bot is connected" in page.text
    await browser.submit("Drop it (it may resume)")
    await story.sees("resumed")
    await browser.open(f"{discord.url}/servers/{scene.guild}")
    await driver.fault(
        do="hold_before", route="POST /interactions/{interaction_id}/{interaction_token}/callback"
    )
    page = await browser.submit("/story hello")
    assert "The application did not respond" in page.text
