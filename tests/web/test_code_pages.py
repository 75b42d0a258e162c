"""``/code``: shown on a page, typed in Discord, pressed on the page."""

import re
from datetime import timedelta

from bot.identity.codes import Typed, WrongCode
from bot.ids import AccountId
from bot.sandbox.browser import Browser
from models import CreatorAccount, Link
from tests.web.house import Wired

BOB = AccountId(77)


async def test_a_fan_links_with_a_code(house: Wired) -> None:
    ana = await house.fan("Ana")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        code = await _code(house, browser)
        page = await browser.follow("I have typed it")
        assert "Nobody has typed your code" in page.text
        typed = await house.rooms.codes.enter(code.lower(), account_id=BOB, username="bob")
        assert isinstance(typed, Typed)
        assert await Link.all().count() == 0
        page = await browser.follow("I have typed it")
        assert "Give what Ana bought on Passes to the Discord account @bob?" in page.text
        page = await browser.submit("Yes, connect @bob")
        assert "Connected to @bob" in page.text
    assert (await Link.get(fan_id=ana)).account_id == BOB


async def test_a_code_is_pressed_once(house: Wired) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        await house.rooms.codes.enter(await _code(house, browser), account_id=BOB, username="bob")
        page = await browser.open(f"{house.url}/code?as=fan")
        fields = page.form("Yes, connect")[0].fields
        await browser.submit("Yes, connect")
        again = await browser.post(f"{house.url}/code/press", fields, origin=house.url)
        assert again.status == 410


async def test_a_new_code_kills_the_one_before(house: Wired) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        first, second = await _code(house, browser), await _code(house, browser)
        assert first != second
        assert await house.rooms.codes.enter(first, account_id=BOB, username="bob") == WrongCode()
        assert isinstance(await house.rooms.codes.enter(second, account_id=BOB, username="bob"), Typed)


async def test_a_code_typed_by_one_account_is_not_anothers_any_more(house: Wired) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        code = await _code(house, browser)
        await house.rooms.codes.enter(code, account_id=BOB, username="bob")
        other = await house.rooms.codes.enter(code, account_id=AccountId(78), username="eve")
        assert other == WrongCode()


async def test_a_press_for_another_account_than_the_one_shown_links_nothing(house: Wired) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        await house.rooms.codes.enter(await _code(house, browser), account_id=BOB, username="bob")
        page = await browser.open(f"{house.url}/code?as=fan")
        fields = [(name, "78" if name == "account" else value) for name, value in page.form("Yes")[0].fields]
        assert (await browser.post(f"{house.url}/code/press", fields, origin=house.url)).status == 410
    assert await Link.all().count() == 0


async def test_a_code_is_dead_after_ten_minutes(house: Wired) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        code = await _code(house, browser)
        house.clock.move(timedelta(minutes=10))
        assert await house.rooms.codes.enter(code, account_id=BOB, username="bob") == WrongCode()


async def test_a_creator_proves_an_account_with_a_code(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    async with Browser() as browser:
        await house.sign_in(browser, creator)
        code = await _code(house, browser, kind="creator")
        typed = await house.rooms.codes.enter(code, account_id=BOB, username="bob")
        assert isinstance(typed, Typed)
        page = await browser.follow("I have typed it")
        assert "has not said yes there" in page.text
        assert await house.rooms.codes.agree(typed.id, AccountId(78)) is None
        assert await house.rooms.codes.agree(typed.id, BOB)
        page = await browser.follow("I have typed it")
        assert (
            "Let the Discord account @bob set up what Mira sells on Passes, wherever it manages" in page.text
        )
        assert "or somebody you trust with it" in page.text
        await browser.submit("Yes, @bob may")
    assert await CreatorAccount.exists(creator_id=creator, account_id=BOB)


async def test_a_creators_code_that_nobody_said_yes_to_is_not_pressed(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    async with Browser() as browser:
        await house.sign_in(browser, creator)
        code = await _code(house, browser, kind="creator")
        await house.rooms.codes.enter(code, account_id=BOB, username="bob")
        csrf = browser.page.form("Show me a")[0].fields
        pressed = await browser.post(
            f"{house.url}/code/press", [*csrf, ("account", str(BOB))], origin=house.url
        )
        assert pressed.status == 410
    assert await CreatorAccount.all().count() == 0


async def _code(house: Wired, browser: Browser, kind: str = "fan") -> str:
    await browser.open(f"{house.url}/code?as={kind}")
    page = await browser.submit("Show me a")
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.text)
    assert found
    return found[0]
