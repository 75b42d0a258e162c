"""People handed over to the bot: launch tokens right and wrong, and the pages that make them."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.sandbox.browser import Browser
from bot.sandbox.platform import Platform, PlatformDriver, PlatformError
from bot.sandbox.platform.settings import LAUNCH_SECRET
from tests.sandbox.platform.standin import Shop, StandIn


def token(url: str) -> str:
    return parse_qs(urlsplit(url).query)["token"][0]


def claims(launch_token: str) -> dict[str, object]:
    """Ask PyJWT, which the platform does not use."""
    read: dict[str, object] = jwt.decode(
        launch_token, LAUNCH_SECRET, algorithms=["HS256"], audience="passes-bot"
    )
    return read


async def test_the_token_says_who_comes_and_where_to(
    platform: PlatformDriver, shop: Shop, bot: StandIn
) -> None:
    bought = await platform.buy(shop.fan, shop.gold)
    url = await platform.launch_url(shop.fan, next_path="/memberships", membership=bought)
    assert url.startswith(f"{bot.url}/launch?token=")
    found = claims(token(url))
    assert found["sub"] == f"fan:{shop.fan}"
    assert (found["name"], found["next"]) == ("Bob", "/memberships")
    assert found["membership"] == await platform.membership(bought)
    again = claims(token(await platform.launch_url(shop.creator)))
    assert again["sub"] == f"creator:{shop.creator}"
    assert again["jti"] != found["jti"]
    assert "next" not in again


async def test_wrong_tokens_are_wrong_in_the_way_asked_for(platform: PlatformDriver, shop: Shop) -> None:
    wrong = {
        jwt.InvalidAudienceError: await platform.launch_url(shop.fan, aud="elsewhere"),
        jwt.ExpiredSignatureError: await platform.launch_url(shop.fan, exp=int(time.time()) - 60),
        jwt.InvalidSignatureError: await platform.launch_url(shop.fan, key="k" * 40),
        jwt.InvalidAlgorithmError: await platform.launch_url(shop.fan, alg="none"),
        jwt.MissingRequiredClaimError: await platform.launch_url(shop.fan, aud=None),
    }
    for error, url in wrong.items():
        with pytest.raises(error):
            claims(token(url))
    with pytest.raises(PlatformError, match="neither a creator nor a fan"):
        await platform.launch_url("nobody")


async def test_with_a_private_key_tokens_are_eddsa(bot: StandIn) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    async with (
        Platform.serve(bot_url=bot.url, launch_private_key=pem) as served,
        PlatformDriver(served.url) as platform,
    ):
        made = token(await platform.launch_url(await platform.create_fan("Bob")))
        public = served.settings.launch_key_setting()["LAUNCH_PUBLIC_KEY"].replace("\\n", "\n")
        assert jwt.decode(made, public, algorithms=["EdDSA"], audience="passes-bot")["name"] == "Bob"


async def test_who_is_not_signed_in_chooses_once(served: Platform, shop: Shop, bot: StandIn) -> None:
    async with Browser() as browser:
        page = await browser.open(f"{served.login_url}?as=fan&next=/memberships")
        assert page.buttons == ["Sign in as Bob"]
        page = await browser.submit("Sign in as Bob")
        assert page.title == "Arrived"
        await browser.open(f"{served.login_url}?as=fan&next=/memberships/confirm%3Fmembership%3D1")
        found = [claims(each) for each in bot.launched]
        assert [each["sub"] for each in found] == [f"fan:{shop.fan}"] * 2
        assert [each["next"] for each in found] == [
            "/memberships",
            "/memberships/confirm?membership=1",
        ]
        page = await browser.open(f"{served.login_url}?as=creator&next=/hub")
        assert page.buttons == ["Sign in as Ana"]


async def test_a_purchase_in_the_storefront_leads_to_the_confirmation(
    served: Platform, platform: PlatformDriver, shop: Shop, bot: StandIn
) -> None:
    async with Browser() as browser:
        await browser.open(served.url)
        await browser.follow("Bob")
        assert (await browser.submit("Buy Gold", period_s="soon")).status == 409
        await browser.open(f"{served.url}/people/{shop.fan}")
        page = await browser.submit("Buy Gold", period_s="60")
        assert page.title == "Arrived"
        (bought,) = await platform.memberships()
        (found,) = map(claims, bot.launched)
        assert found["next"] == f"/memberships/confirm?membership={bought['id']}"
        assert found["membership"] == bought
        await browser.open(f"{served.url}/people/{shop.fan}")
        page = await browser.submit("Cancel Gold")
        assert "canceled" in page.text
        await browser.open(f"{served.url}/people/{shop.creator}")
        await browser.follow("Integrations Hub")
        assert claims(bot.launched[-1])["next"] == "/hub"


async def test_without_the_bots_address_it_says_so(shop: Shop, platform: PlatformDriver) -> None:
    await platform.configure(bot_url=None)
    with pytest.raises(PlatformError, match="bot's address"):
        await platform.launch_url(shop.fan)
