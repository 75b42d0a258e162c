"""``/link`` and ``/prove``: a link that left Discord, pressed by somebody who is signed in."""

from datetime import timedelta
from urllib.parse import quote

from bot.identity.requests import LINK, PROVE
from bot.identity.sessions import SignedIn
from bot.ids import AccountId
from bot.sandbox.browser import Browser
from models import CreatorAccount, Link
from tests.web.house import Wired

BOB = AccountId(77)


async def test_a_request_from_discord_links_after_the_press_without_oauth(house: Wired) -> None:
    ana = await house.fan("Ana")
    url = await _link_url(house)
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        page = await browser.open(url)
        assert "Give what Ana bought on Passes to the Discord account @bob?" in page.text
        assert await Link.all().count() == 0
        page = await browser.submit("Yes, connect @bob")
        assert "Connected to @bob" in page.text
    assert (await Link.get(fan_id=ana)).account_id == BOB


async def test_whoever_is_not_signed_in_goes_by_the_platform_and_comes_back(house: Wired) -> None:
    url = await _link_url(house)
    request_id = url.split("request=")[1]
    async with Browser() as browser:
        page = await browser.open(url)
        assert page.url.startswith(house.config.membership_login_url or "")
        assert f"next={quote(f'/link?request={request_id}', safe='')}" in page.url
        assert "as=fan" in page.url


async def test_a_request_works_once(house: Wired) -> None:
    ana = await house.fan("Ana")
    url = await _link_url(house)
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        page = await browser.open(url)
        fields = page.form("Yes, connect")[0].fields
        await browser.submit("Yes, connect")
        assert (await browser.post(f"{house.url}/link", fields, origin=house.url)).status == 410
        assert (await browser.open(url)).status == 410


async def test_a_request_is_dead_after_ten_minutes_and_unknown_ones_always_are(house: Wired) -> None:
    ana = await house.fan("Ana")
    url = await _link_url(house)
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        assert (await browser.open(f"{house.url}/link?request=made-up")).status == 410
        assert (await browser.open(f"{house.url}/link")).status == 410
        house.clock.move(timedelta(minutes=10))
        page = await browser.open(url)
        assert page.status == 410
        assert "Get help" in page.text


async def test_the_session_that_opened_a_request_owns_it(house: Wired) -> None:
    ana, eve = await house.fan("Ana"), await house.fan("Eve")
    url = await _link_url(house)
    async with Browser() as browser, Browser() as other:
        await house.sign_in(browser, ana)
        await browser.open(url)
        await house.sign_in(other, eve)
        assert (await other.open(url)).status == 410
        assert (await browser.submit("Yes, connect")).status == 200


async def test_a_request_to_link_proves_nothing_for_a_creator(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    request_id = (await _link_url(house)).split("request=")[1]
    async with Browser() as browser:
        await house.sign_in(browser, creator)
        assert (await browser.open(f"{house.url}/prove?request={request_id}")).status == 410


async def test_somebody_else_holding_the_account_is_named_masked(house: Wired) -> None:
    ana, ben = await house.fan("Ana"), await house.fan("Ben")
    async with Browser() as browser, Browser() as other:
        await house.sign_in(browser, ana)
        await browser.open(await _link_url(house))
        await browser.submit("Yes, connect")
        await house.sign_in(other, ben)
        page = await other.open(await _link_url(house))
        assert "another Passes account, A•••" in page.text
        await other.submit("Yes, connect")
    assert (await Link.get(account_id=BOB)).fan_id == ben


async def test_a_creator_proves_their_discord_account(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    request_id = await house.rooms.requests.make(
        PROVE, account_id=BOB, username="bob", data={"guild_name": "Mira's place"}
    )
    async with Browser() as browser:
        await house.sign_in(browser, creator)
        page = await browser.open(f"{house.url}/prove?request={request_id}")
        assert (
            "Let the Discord account @bob set up what Mira sells on Passes, in the server Mira's place and any other "
            "that it manages? Only if @bob is you, or somebody you trust with it." in page.text
        )
        assert await CreatorAccount.all().count() == 0
        page = await browser.submit("Yes, @bob may")
        assert "/passes setup" in page.text
        assert (await browser.open(f"{house.url}/prove?request={request_id}")).status == 410
    assert await CreatorAccount.exists(creator_id=creator, account_id=BOB)


async def test_a_fan_proves_nothing_as_a_creator(house: Wired) -> None:
    request_id = await house.rooms.requests.make(PROVE, account_id=BOB, username="bob")
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        page = await browser.open(f"{house.url}/prove?request={request_id}")
        assert page.url.startswith(house.config.membership_login_url or "")
        csrf = [("csrf", house.rooms.sessions.csrf_token(await _signed_in(house, browser)))]
        page = await browser.post(f"{house.url}/prove", [*csrf, ("request", request_id)], origin=house.url)
        assert page.status == 401
    assert await CreatorAccount.all().count() == 0


async def _signed_in(house: Wired, browser: Browser) -> SignedIn:
    found = await house.rooms.sessions.read(next(iter(browser.cookies(house.url).values())))
    assert found
    return found


async def _link_url(house: Wired) -> str:
    request_id = await house.rooms.requests.make(LINK, account_id=BOB, username="bob")
    return f"{house.url}/link?request={request_id}"
