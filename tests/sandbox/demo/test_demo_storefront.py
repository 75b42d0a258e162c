"""The storefront: the whole life of a membership by presses, and what went over the wire."""

from bot.sandbox.browser import Browser
from bot.sandbox.platform import Platform, PlatformDriver
from tests.sandbox.platform.standin import Shop


async def bought(browser: Browser, platform: Platform, shop: Shop) -> None:
    await browser.open(f"{platform.url}/people/{shop.fan}")
    await browser.submit("Buy Gold", period_s="1 minute")
    await browser.open(f"{platform.url}/people/{shop.fan}")


async def test_every_step_of_a_membership_is_a_press(
    browser: Browser, platform: Platform, shop: Shop, seller: PlatformDriver
) -> None:
    await bought(browser, platform, shop)
    assert "Gold by Ana: active" in browser.page.text
    for press, said in (
        ("Cancel Gold", "canceled"),
        ("Resume Gold", "active"),
        ("Fail payment of Gold", "past due"),
        ("Recover Gold", "active"),
        ("Renew Gold", "active"),
        ("Pause Gold", "paused"),
        ("Resume Gold", "active"),
        ("Expire Gold", "expired"),
        ("Recover Gold", "active"),
        ("Dispute Gold", "disputed"),
        ("Refund Gold", "refunded"),
    ):
        page = await browser.submit(press)
        assert f"Gold by Ana: {said}" in page.text
    assert [each["status"] for each in await seller.memberships()] == ["refunded"]


async def test_a_membership_moves_to_another_tier(browser: Browser, platform: Platform, shop: Shop) -> None:
    await bought(browser, platform, shop)
    page = await browser.submit("Upgrade Gold", tier="Silver")
    assert "Silver by Ana: active" in page.text


async def test_it_says_when_each_ends(browser: Browser, platform: Platform, shop: Shop) -> None:
    await bought(browser, platform, shop)
    assert "UTC, in " in browser.page.text
    assert "9.00 EUR a month" in browser.page.text


async def test_what_cannot_be_is_said_on_a_page(browser: Browser, platform: Platform, shop: Shop) -> None:
    await bought(browser, platform, shop)
    cancel = browser.page.form("Cancel Gold")[0].action
    await browser.submit("Refund Gold")
    page = await browser.post(f"{platform.url}{cancel}")
    assert page.status == 409
    assert "Cancel is not possible" in page.text
    assert (await browser.open(f"{platform.url}/people/nobody")).status == 404


async def test_the_creator_sees_what_was_sold(browser: Browser, platform: Platform, shop: Shop) -> None:
    await bought(browser, platform, shop)
    await browser.open(platform.url)
    page = await browser.follow("Ana")
    assert "Bob: Gold, active" in page.text


async def test_webhooks_are_shown_held_back_and_sent_again(
    browser: Browser, platform: Platform, shop: Shop, seller: PlatformDriver
) -> None:
    await seller.settled()
    await browser.open(f"{platform.url}/wire")
    await browser.submit("Hold webhooks back")
    await seller.buy(shop.fan, shop.gold)
    page = await browser.open(f"{platform.url}/wire")
    assert "membership.updated Bob: Gold, active queued not tried yet" in page.text
    await browser.submit("Send them the wrong way round")
    await seller.settled()
    page = await browser.open(f"{platform.url}/wire")
    assert "queued" not in page.text
    before = len((await seller.deliveries())[-1]["attempts"])
    page = await browser.submit("Send again")
    assert len((await seller.deliveries())[-1]["attempts"]) == before + 1
    await browser.submit("Hold webhooks back")
    await seller.buy(shop.fan, shop.gold)
    await browser.open(f"{platform.url}/wire")
    page = await browser.submit("Lose them")
    assert "lost" in page.text


async def test_the_truth_can_be_withheld(
    browser: Browser, platform: Platform, shop: Shop, seller: PlatformDriver
) -> None:
    await browser.open(f"{platform.url}/wire")
    page = await browser.submit("Set", mood="answers 503 (not now)")
    assert ("mood", "unavailable") in page.form("Set")[0].fields
    assert shop.fan
    assert await seller.asked() == []
