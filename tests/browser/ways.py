"""Stretches of the way that several tests go: signing in through the platform, and Discord's consent page."""

from bot.sandbox.tour.stage import Person
from tests.browser.visitor import Visitor
from tests.system.story import Story


async def signs_in(visitor: Visitor, story: Story, person: Person, path: str) -> None:
    """Through the platform, as the links on its site do it."""
    await visitor.open(await story.platform.launch_url(person.at_platform, next_path=path))


async def is_at_discord(visitor: Visitor, person: Person) -> None:
    """Choose the account on Discord's page, as somebody who is not signed in there yet."""
    await visitor.choose("Account", person.name.lower())
    await visitor.press("Continue")


async def goes_through_discord(visitor: Visitor, story: Story, fan: Person) -> None:
    """From the Memberships page, once the bot was told of the purchase, over Discord's consent, to the press that names both sides."""
    await story.platform.settled()
    await signs_in(visitor, story, fan, "/memberships")
    await visitor.press("Connect")
    await is_at_discord(visitor, fan)
    await visitor.press("Authorize")
    await visitor.press(f"Yes, connect @{fan.name.lower()}")


async def connects(visitor: Visitor, story: Story, fan: Person) -> None:
    """… and into the server."""
    await goes_through_discord(visitor, story, fan)
    await visitor.sees("You are in.")
