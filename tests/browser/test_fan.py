"""A fan's way in, in a real browser: at a desk, with a phone in the dark, and by keyboard with scripts off."""

import pytest

from tests.browser.visitor import DESK, KEYS, PHONE, Enter, Manner, played
from tests.browser.ways import connects, goes_through_discord, is_at_discord, signs_in
from tests.system.story import Story

pytestmark = pytest.mark.asyncio(loop_scope="session")


@played(DESK, PHONE, KEYS)
async def test_from_the_checkout_into_the_server(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await visitor.open(f"{story.platform.url}/people/{fay.at_platform}")
    await visitor.press("Buy Gold")
    await visitor.sees("Thank you, Fay!")
    await visitor.press("Connect")
    await is_at_discord(visitor, fay)
    await visitor.sees("Join servers for you")
    await visitor.press("Authorize")
    await visitor.sees("Is @fay you?")
    await visitor.press("Yes, connect @fay")
    await visitor.sees("You are in.")
    await story.sees(fay, {"Gold", "Lounge"})
    await visitor.sees("Connected to @fay.")
    await visitor.look()


@played(KEYS)
async def test_a_purchase_that_is_not_confirmed_yet(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await story.platform.pause_webhooks()
    bought = await story.buys(fay, "Gold")
    await signs_in(visitor, story, fay, f"/memberships/confirm?membership={bought}")
    await visitor.sees("We are waiting for Passes to confirm your purchase.")
    await story.platform.resume_webhooks()
    await visitor.sees("Thank you, Fay!")
    await visitor.look()


@played(PHONE)
async def test_a_page_that_waits_can_be_told_to_wait_still(
    story: Story, enter: Enter, manner: Manner
) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await story.platform.pause_webhooks()
    bought = await story.buys(fay, "Gold")
    await signs_in(visitor, story, fay, f"/memberships/confirm?membership={bought}")
    await visitor.follow("Stop that")
    await story.platform.resume_webhooks()
    await story.platform.settled()
    await visitor.follow("Look again")
    await visitor.sees("Thank you, Fay!")


@played(PHONE)
async def test_one_server_is_given_up_and_taken_up_again(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await story.buys(fay, "Gold")
    await connects(visitor, story, fay)
    await story.sees(fay, {"Gold", "Lounge"})
    await visitor.follow("Disconnect this server")
    await visitor.press("Disconnect Ana's Studio")
    await visitor.sees("You disconnected Ana's Studio.")
    await story.sees(fay, set())
    await visitor.press("Connect")
    await visitor.sees("You are in.")
    await story.sees(fay, {"Gold", "Lounge"})


@played(DESK, KEYS)
async def test_another_account_and_then_none(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await story.buys(fay, "Gold")
    await connects(visitor, story, fay)
    other = await story.discord.create_user("moonlight")
    await visitor.press("Change account", within="Your Discord account")
    await visitor.follow("Not you?")
    await visitor.choose("Account", "moonlight")
    await visitor.press("Continue")
    await visitor.press("Authorize")
    await visitor.sees("Until now your Discord account here is @fay.")
    await visitor.press("Yes, connect @moonlight")
    await visitor.sees("You are in.")
    assert await story.discord.roles_of(story.guild, other) == {"Gold", "Lounge"}
    await visitor.follow("Disconnect account")
    await visitor.sees("no longer stands for what Fay bought on Passes")
    await visitor.press("Disconnect @moonlight")
    await visitor.sees("No Discord account is connected.")


@played(PHONE)
async def test_saying_no_at_discord_and_trying_again(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await story.buys(fay, "Gold")
    await story.platform.settled()
    await signs_in(visitor, story, fay, "/memberships")
    await visitor.press("Connect")
    await is_at_discord(visitor, fay)
    await visitor.press("Cancel")
    await visitor.sees("You did not allow it at Discord, so nothing was connected.")
    await visitor.press("Try again")
    await visitor.press("Authorize")
    await visitor.press("Yes, connect @fay")
    await visitor.sees("You are in.")


@played(KEYS)
async def test_with_a_code_that_is_typed_in_discord(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await story.discord.join(story.guild, fay.account)
    await story.buys(fay, "Gold")
    await signs_in(visitor, story, fay, "/memberships")
    await visitor.follow("Connect with a code instead")
    await visitor.press("Show me a code")
    code = (await visitor.page.locator(".code").inner_text()).strip()
    await story.discord.command(fay.account, "passes link", guild=story.guild, options={"code": code})
    await visitor.follow("I have typed it")
    await visitor.press("Yes, connect @fay")
    await visitor.sees("You are in.")


@played(DESK)
async def test_with_a_link_that_was_asked_for_in_discord(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await story.discord.join(story.guild, fay.account)
    await story.buys(fay, "Gold")
    asked = await story.discord.command(fay.account, "passes link", guild=story.guild)
    link = asked.buttons[0].url or ""
    await signs_in(visitor, story, fay, link.removeprefix(story.bot_url))
    await visitor.press("Yes, connect @fay")
    await visitor.sees("You are in.")


@played(PHONE)
async def test_a_shared_browser_asks_who_goes_on(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, gus, visitor = await story.fan("Fay"), await story.fan("Gus"), await enter(manner)
    bought = await story.buys(gus, "Gold")
    await signs_in(visitor, story, fay, "/memberships")
    await visitor.sees("You have no memberships yet.")
    await signs_in(visitor, story, gus, f"/memberships/confirm?membership={bought}")
    await visitor.press("Continue as Gus")
    await visitor.sees("Thank you, Gus!")
    await visitor.press("Sign out")
    await visitor.sees("You are signed out")


@played(PHONE)
async def test_what_stands_in_the_way_is_said(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await story.discord.join(story.guild, fay.account)
    await story.discord.ban(story.guild, fay.account)
    await story.buys(fay, "Gold")
    await goes_through_discord(visitor, story, fay)
    await visitor.sees("You are banned from this server")
    await visitor.look()
