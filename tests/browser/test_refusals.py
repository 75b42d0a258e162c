"""Every page on which something does not go on: it says what happened and what to do next, in a real browser too."""

import pytest

from tests.browser.visitor import DESK, PHONE, Enter, Manner, played
from tests.browser.ways import signs_in
from tests.system.story import Story

pytestmark = pytest.mark.asyncio(loop_scope="session")


@played(DESK, PHONE)
async def test_for_a_fan(story: Story, enter: Enter, manner: Manner) -> None:
    fay, visitor = await story.fan("Fay"), await enter(manner)
    spent = await story.platform.launch_url(fay.at_platform, next_path="/memberships")
    await visitor.open(spent)
    for path, sentence in (
        ("/nothing-here", "There is no such page"),
        (spent.removeprefix(story.bot_url), "It was used already."),
        ("/launch?token=forged", "We could not make sure that it comes from Passes."),
        (
            "/oauth/discord?code=1&state=2",
            "It was opened twice, is too old, or was begun in another browser.",
        ),
        ("/link?request=forged", "Type /passes link in Discord again for a new one."),
        ("/connect", "This is not how the page is used"),
    ):
        await visitor.open(f"{story.bot_url}{path}")
        await visitor.sees(sentence)


@played(PHONE)
async def test_for_somebody_who_is_not_signed_in(story: Story, enter: Enter, manner: Manner) -> None:
    await story.fan("Fay")
    visitor = await enter(manner)
    await visitor.open(f"{story.bot_url}/oauth/discord?code=1&state=2")
    await visitor.sees("This is another browser")
    await visitor.open(f"{story.bot_url}/memberships")
    await visitor.press("Sign in as Fay")
    await visitor.sees("Your memberships")


@played(PHONE)
async def test_for_a_press_after_signing_out_elsewhere(story: Story, enter: Enter, manner: Manner) -> None:
    fay, visitor = await story.fan("Fay"), await enter(manner)
    await signs_in(visitor, story, fay, "/memberships")
    tab = await visitor.another_tab(f"{story.bot_url}/memberships")
    await tab.press("Sign out")
    await visitor.press("Connect Discord")
    await visitor.sees("Nothing was changed. Sign in again, then do it once more.")


@played(PHONE)
async def test_for_a_creator(story: Story, enter: Enter, manner: Manner) -> None:
    ana, visitor = await story.owner("Ana"), await enter(manner)
    await signs_in(visitor, story, ana, "/hub")
    for path, sentence in (
        ("/prove?request=forged", "Type /passes setup in Discord again for a new one."),
        ("/hub/4242", "Your integrations"),
    ):
        await visitor.open(f"{story.bot_url}{path}")
        await visitor.sees(sentence)
