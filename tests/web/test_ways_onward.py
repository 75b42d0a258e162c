"""Every page on which something does not go on links to where whoever reads it goes on: a fan's way or a creator's."""

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from aiohttp import web

from bot.readers import Address
from bot.sandbox.browser import Browser, Page
from bot.web.server import build_app, serve
from bot.web.tracing import HEADER
from models import Fan, Session
from tests.web.house import Wired

SUPPORT = "https://help.example.com"


def ways(page: Page) -> list[str]:
    """Where its links lead: paths of ours, and ``login:KIND:path`` for the platform's page."""
    return [_shortened(page, urljoin(page.url, link)) for _, link in page.markup.links if link != SUPPORT]


def _shortened(page: Page, link: str) -> str:
    parts, query = urlsplit(link), parse_qs(urlsplit(link).query)
    if parts.netloc != urlsplit(page.url).netloc:
        return f"login:{query['as'][0]}:{query['next'][0]}"
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def _mira(house: Wired, browser: Browser) -> None:
    await house.sign_in(browser, await house.platform.create_creator("Mira"))


async def _ana(house: Wired, browser: Browser) -> None:
    await house.sign_in(browser, await house.fan("Ana"))


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/hub/add/discord", "login:creator:/hub"),
        ("/prove", "login:creator:/hub"),
        ("/code?as=creator", "login:creator:/code?as=creator"),
        ("/code/press?as=creator", "login:creator:/code?as=creator"),
        ("/signout?as=creator", "login:creator:/hub"),
        ("/memberships/disconnect", "login:fan:/memberships"),
        ("/connect", "login:fan:/memberships"),
        ("/link", "login:fan:/memberships"),
        ("/code?as=fan", "login:fan:/code?as=fan"),
    ],
)
async def test_a_press_after_the_session_ended(house: Wired, path: str, leads: str) -> None:
    async with Browser() as browser:
        page = await browser.post(f"{house.url}{path}", [], origin=house.url)
    assert page.status == 401
    assert ways(page) == [leads]


async def test_a_press_of_which_nobody_knows_whose_it_is_offers_both(house: Wired) -> None:
    async with Browser() as browser:
        page = await browser.post(f"{house.url}/signout", [], origin=house.url)
    assert ways(page) == ["login:fan:/memberships", "login:creator:/hub"]


async def test_the_forms_of_a_creator_say_that_they_are_one(house: Wired) -> None:
    async with Browser() as browser:
        await _mira(house, browser)
        for button, path in (("Sign out", "/hub"), ("Show me a code", "/code?as=creator")):
            await browser.open(f"{house.url}/code?as=creator")
            kept = browser.page.form(button)[0]
            await Session.all().delete()
            page = await browser.post(f"{house.url}{kept.action}", kept.fields, origin=house.url)
            assert (page.status, ways(page)) == (401, [f"login:creator:{path}"])
            await _mira(house, browser)


async def test_coming_back_from_discord_in_another_browser_offers_both(house: Wired) -> None:
    async with Browser() as browser:
        page = await browser.open(f"{house.url}/oauth/discord?code=1&state=2")
    assert page.status == 401
    assert ways(page) == ["/code?as=fan", "/code?as=creator"]


async def test_a_code_page_without_a_word_whose_it_is(house: Wired) -> None:
    async with Browser() as browser:
        assert ways(await browser.open(f"{house.url}/code")) == ["/code?as=fan", "/code?as=creator"]
        await _mira(house, browser)
        page = await browser.open(f"{house.url}/code")
        assert (page.status, page.form("Show me a code")[0].action) == (200, "/code?as=creator")


async def test_a_page_that_does_not_exist(house: Wired) -> None:
    async with Browser() as fan, Browser() as creator, Browser() as nobody:
        await _ana(house, fan)
        await _mira(house, creator)
        for browser, leads in (
            (fan, ["/memberships"]),
            (creator, ["/hub"]),
            (nobody, ["/memberships", "/hub"]),
        ):
            assert ways(await browser.open(f"{house.url}/nothing-here")) == leads
        assert ways(await nobody.open(f"{house.url}/hub/abc")) == ["/hub"]


async def test_a_page_that_is_not_used_like_this(house: Wired) -> None:
    async with Browser() as browser:
        await _mira(house, browser)
        assert ways(await browser.open(f"{house.url}/connect")) == ["/hub"]
        fields = [("csrf", "x" * 70_000)]
        page = await browser.post(f"{house.url}/hub/again", fields, origin=house.url)
        assert (page.status, ways(page)) == (413, ["/hub"])
        page = await browser.post(f"{house.url}/hub/again", [], origin="null")
        assert (page.status, ways(page)) == (403, ["/hub"])


async def test_our_own_fault_has_a_number_that_leads_to_the_log(house: Wired) -> None:
    async def broken(_: web.Request) -> web.Response:
        raise RuntimeError("broken")

    app = build_app(house.rooms, more=[web.get("/hub/broken", broken)])
    async with serve(app, Address("127.0.0.1", 0)) as port, Browser() as browser:
        page = await browser.open(f"http://127.0.0.1:{port}/hub/broken")
    assert (page.status, ways(page)) == (500, ["/hub"])
    assert f"tell us this number: {page.headers[HEADER]}" in page.text


async def test_signed_out(house: Wired) -> None:
    async with Browser() as browser:
        await _mira(house, browser)
        page = await browser.submit("Sign out")
        assert ways(page) == ["login:creator:/hub"]
        assert "memberships" not in page.text
        await _ana(house, browser)
        assert ways(await browser.submit("Sign out")) == ["login:fan:/memberships"]


async def test_links_that_do_not_work(house: Wired) -> None:
    async with Browser() as browser:
        await _mira(house, browser)
        assert ways(await browser.open(f"{house.url}/launch?token=forged")) == ["/hub"]
        assert ways(await browser.open(f"{house.url}/prove?request=forged")) == ["/hub"]
        await browser.open(f"{house.url}/hub")
        kept = dict(browser.page.form("Sign out")[0].fields)
        page = await browser.post(f"{house.url}/launch/continue", [*kept.items()], origin=house.url)
        assert ("too old" in page.text, ways(page)) == (True, ["/hub"])


async def test_a_fan_who_was_deleted_can_go_on(house: Wired) -> None:
    async with Browser() as browser:
        await _ana(house, browser)
        await Fan.all().delete()
        await browser.open(f"{house.url}/memberships")
        account = await house.discord.create_user("bob")
        browser.authorize = lambda url: house.discord.authorize(account, url)
        page = await browser.submit("Connect Discord")
    assert "We do not know this account" in page.text
    assert ways(page) == ["/memberships"]
