"""How people use the pages of the sandbox Discord."""

from bot.sandbox.browser import Browser, Page
from bot.sandbox.discord.server import Discord


async def be(browser: Browser, discord: Discord, name: str) -> Page:
    """Choose an account on the first page."""
    await browser.open(discord.url)
    return await browser.submit(name.lower())
