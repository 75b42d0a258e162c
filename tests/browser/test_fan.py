"""A fan's way in, in a real browser: at a desk, with a phone in the dark, and by keyboard with scripts off."""

import pytest

from bot.sandbox.tour.stage import Person
from tests.browser.visitor import Enter, Manner, Visitor
from tests.system.story import Story

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def signs_in(visitor: Visitor, story: Story, person: Person, path: str = "/memberships") -> None:
    """Through the platform, as the link on its site does it."""
    await visitor.open(await story.platform.launch_url(person.at_platform, next_path=path))


async def agrees_at_discord(visitor: Visitor, username: str) -> None:
    """Choose the account, as somebody who is not signed in at Discord yet, and allow what is asked."""
    await visitor.choose("Account", username)
    await visitor.press("Continue")
    await visitor.sees("Join servers for you")
    await visitor.press("Authorize")


async def test_from_the_checkout_into_the_server(story: Story, enter: Enter, manner: Manner) -> None:
    await story.given_a_server()
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await visitor.open(f"{story.platform.url}/people/{fay.at_platform}")
    await visitor.press("Buy Gold")
    await visitor.sees("Thank you, Fay!")
    await visitor.press("Connect")
    await agrees_at_discord(visitor, "fay")
    await visitor.sees("Is @fay you?")
    await visitor.press("Yes, connect @fay")
    await visitor.sees("You are in.")
    await story.sees(fay, {"Gold", "Lounge"})
    await visitor.sees("Connected to @fay.")


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
