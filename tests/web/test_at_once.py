"""Two presses at the same moment: each is answered with a page that says what is so, and it is so once."""

import asyncio

from bot.sandbox.browser import Browser, Page
from models import Link, LinkChange, Seat
from tests.web.house import Wired


async def _asked(house: Wired, browser: Browser, person: str) -> None:
    """Up to the page that names both sides."""
    await house.sign_in(browser, person)
    page = await browser.submit("Connect")
    assert "Only if @bob is you" in page.text


def _are_pages(*pages: Page) -> None:
    assert [page.status for page in pages if page.status >= 500] == []
    assert all(page.title for page in pages)


async def test_two_fans_who_claim_one_account(house: Wired) -> None:
    club = await house.integration()
    ana, ben = await house.fan("Ana", club), await house.fan("Ben", club)
    bob = await house.discord.create_user("bob")
    async with house.browser(as_user=bob) as one, house.browser(as_user=bob) as other:
        await _asked(house, one, ana)
        await _asked(house, other, ben)
        pages = await asyncio.gather(one.submit("Yes, connect @bob"), other.submit("Yes, connect @bob"))
    _are_pages(*pages)
    assert await Link.filter(account_id=bob).count() == 1
    assert sum("Connected to @bob" in page.text for page in pages) == 1


async def test_one_fan_who_presses_in_two_windows(house: Wired) -> None:
    ana, bob = await house.fan("Ana", await house.integration()), await house.discord.create_user("bob")
    async with house.browser(as_user=bob) as one, house.browser(as_user=bob) as other:
        await _asked(house, one, ana)
        await _asked(house, other, ana)
        pages = await asyncio.gather(one.submit("Yes, connect @bob"), other.submit("Yes, connect @bob"))
    _are_pages(*pages)
    assert await Link.filter(fan_id=ana, account_id=bob).count() == 1
    assert await LinkChange.all().count() == 1
    assert await Seat.filter(fan_id=ana).count() == 1


async def test_one_press_that_arrives_twice(house: Wired) -> None:
    ana, bob = await house.fan("Ana", await house.integration()), await house.discord.create_user("bob")
    async with house.browser(as_user=bob) as browser:
        await _asked(house, browser, ana)
        pages = await asyncio.gather(*(browser.submit("Yes, connect @bob") for _ in range(2)))
    _are_pages(*pages)
    assert await Link.filter(fan_id=ana, account_id=bob).count() == 1
    assert await LinkChange.all().count() == 1
