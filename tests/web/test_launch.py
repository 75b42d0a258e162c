"""``/launch``: people arrive signed in, or see one plain page and get nothing."""

import base64
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from bot.sandbox.browser import Browser
from bot.web.visitors import COOKIE
from models import Creator, Membership, Session, Tier
from tests.web.house import Wired, wired

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "memberships",
    "/a b",
    "/line\nend",
    "",
]


async def test_a_fan_arrives_signed_in_at_the_memberships_page(house: Wired) -> None:
    fan = await house.fan("Ana")
    async with Browser() as browser:
        page = await browser.open(await house.platform.launch_url(fan))
        assert page.url == f"{house.url}/memberships"
        assert "Signed in as Ana" in page.text
        assert browser.cookies(house.url).keys() == {COOKIE}


async def test_a_creator_arrives_at_the_hub(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    async with Browser() as browser:
        page = await browser.open(await house.platform.launch_url(creator))
        assert page.url == f"{house.url}/hub"
        assert "/passes setup" in page.text


async def test_next_is_followed_when_it_is_a_path_of_ours(house: Wired) -> None:
    fan = await house.fan("Ana")
    async with Browser() as browser:
        page = await browser.open(await house.platform.launch_url(fan, next_path="/code?as=fan"))
        assert page.url == f"{house.url}/code?as=fan"


@pytest.mark.parametrize("next_path", ELSEWHERE)
async def test_a_next_that_leaves_our_site_signs_nobody_in(house: Wired, next_path: str) -> None:
    fan = await house.fan("Ana")
    async with Browser() as browser:
        page = await browser.open(await house.platform.launch_url(fan, next=next_path))
        assert page.status == 400
        assert browser.cookies(house.url) == {}
        assert "https://help.example.com" in page.links.values()


async def test_a_token_works_once(house: Wired) -> None:
    url = await house.platform.launch_url(await house.fan("Ana"))
    async with Browser() as first, Browser() as second:
        assert (await first.open(url)).status == 200
        page = await second.open(url)
        assert page.status == 400
        assert "used already" in page.text
        assert second.cookies(house.url) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "somebody-else"},
        {"aud": None},
        {"jti": None},
        {"exp": None},
        {"exp": "soon"},
        {"exp": 10**30},
        {"exp": True},
        {"iat": None},
        {"name": None},
        {"name": 5},
        {"name": "\u200b\n"},
        {"sub": None},
        {"sub": "fan"},
        {"sub": "admin:ana"},
        {"sub": "fan:"},
        {"sub": "fan:../../x"},
        {"sub": "fan:" + "a" * 65},
        {"key": "another-secret-that-is-long-enough-too"},
        {"alg": "none"},
    ],
    ids=str,
)
async def test_a_token_that_is_not_the_platforms_signs_nobody_in(
    house: Wired, wrong: dict[str, object]
) -> None:
    fan = await house.fan("Ana")
    async with Browser() as browser:
        url = await house.platform.launch_url(fan)
        known = {"key", "alg"}
        claims = {name: value for name, value in wrong.items() if name not in known}
        removed = [name for name, value in claims.items() if value is None]
        arguments = {name: str(value) for name, value in wrong.items() if name in known}
        if removed:
            url = _signed_without(house, url, removed)
        else:
            url = await house.platform.launch_url(fan, **arguments, **claims)  # type: ignore[arg-type]  # wrong on purpose
        page = await browser.open(url)
        assert page.status == 400
        assert browser.cookies(house.url) == {}
    assert await Session.all().count() == 0


def _signed_without(house: Wired, url: str, removed: list[str]) -> str:
    return _signed(house, {name: value for name, value in _claims(url).items() if name not in removed})


def _claims(url: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(url.split("token=")[1], options={"verify_signature": False})
    return claims


def _signed(house: Wired, claims: dict[str, Any]) -> str:
    return (
        f"{house.url}/launch?token={jwt.encode(claims, house.config.launch_secret or '', algorithm='HS256')}"
    )


async def test_a_token_without_a_bottom_signs_nobody_in(house: Wired) -> None:
    bottomless = base64.urlsafe_b64encode(b"[" * 10_000).decode()
    async with Browser() as browser:
        page = await browser.open(f"{house.url}/launch?token={bottomless}.e30.x")
        assert page.status == 400


async def test_an_expired_token_signs_nobody_in(house: Wired) -> None:
    url = await house.platform.launch_url(await house.fan("Ana"))
    house.clock.move(timedelta(minutes=5, seconds=1))
    async with Browser() as browser:
        page = await browser.open(url)
        assert page.status == 400
        assert "too old" in page.text


async def test_a_token_made_for_more_than_ten_minutes_signs_nobody_in(house: Wired) -> None:
    fan = await house.fan("Ana")
    now_s = int(house.clock().timestamp())
    async with Browser() as browser:
        good = await house.platform.launch_url(fan, iat=now_s, exp=now_s + 600)
        long = await house.platform.launch_url(fan, iat=now_s, exp=now_s + 601)
        early = await house.platform.launch_url(fan, iat=now_s + 3600, exp=now_s + 3900)
        assert (await browser.open(long)).status == 400
        assert (await browser.open(early)).status == 400
        assert (await browser.open(good)).status == 200


@pytest.mark.usefixtures("database")
async def test_the_algorithm_follows_from_the_setting() -> None:
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    async with wired(LAUNCH_SECRET="", LAUNCH_PUBLIC_KEY=public.replace("\n", "\\n")) as house:
        fan = await house.fan("Ana")
        async with Browser() as browser:
            # The public key is no secret: whoever signs with it as an HMAC key must get nothing.
            forged = await house.platform.launch_url(fan, key=public, alg="HS256")
            assert (await browser.open(forged)).status == 400
            page = await browser.open(await house.platform.launch_url(fan, key=pem, alg="EdDSA"))
            assert page.status == 200


async def test_a_purchase_that_came_along_is_known_before_the_page(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    tier = await house.platform.create_tier(creator, "Gold")
    fan = await house.fan("Ana")
    await house.platform.pause_webhooks()
    membership = await house.platform.buy(fan, tier)
    async with Browser() as browser:
        url = await house.platform.launch_url(
            fan, membership=membership, next_path=f"/memberships/confirm?membership={membership}"
        )
        page = await browser.open(url)
        assert "You have Gold from Mira." in page.text
    assert await Membership.exists(id=membership)


async def test_half_a_character_in_a_name_keeps_nobody_out(house: Wired) -> None:
    """The platform may cut a name in the middle of an emoji, and JSON has a way to write that."""
    creator = await house.platform.create_creator("Mira")
    fan = await house.fan("Ana")
    await house.platform.pause_webhooks()
    membership = await house.platform.buy(fan, await house.platform.create_tier(creator, "Gold"))
    claims = _claims(await house.platform.launch_url(fan, membership=membership))
    half = "Ana \ud83c"
    claims |= {"name": half, "jti": half, "ignored": half}
    for who in ("fan", "creator"):
        claims["membership"][who]["display_name"] = half
    claims["membership"] |= {half: half, "tier": claims["membership"]["tier"] | {"name": half}}
    async with Browser() as browser:
        page = await browser.open(_signed(house, claims))
        assert (page.status, "Signed in as Ana" in page.text) == (200, True)
    assert await Membership.exists(id=membership)
    (bought,), (seller,) = await Tier.all(), await Creator.all()
    assert (bought.name, seller.display_name) == ("Ana \ufffd", "Ana \ufffd")


async def test_somebody_elses_purchase_in_a_token_is_not_applied(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    tier = await house.platform.create_tier(creator, "Gold")
    membership = await house.platform.buy(await house.fan("Ben"), tier)
    async with Browser() as browser:
        page = await browser.open(
            await house.platform.launch_url(await house.fan("Ana"), membership=membership)
        )
        assert page.status == 200
    assert not await Membership.exists(id=membership)


async def test_where_somebody_else_is_signed_in_a_page_asks(house: Wired) -> None:
    ana, ben = await house.fan("Ana"), await house.fan("Ben")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        before = browser.cookies(house.url)
        page = await browser.open(await house.platform.launch_url(ben))
        assert "Continue as Ben?" in page.title
        assert browser.cookies(house.url) == before
        page = await browser.submit("Continue as Ben")
        assert "Signed in as Ben" in page.text
        assert browser.cookies(house.url) != before


async def test_the_question_is_worth_nothing_after_ten_minutes(house: Wired) -> None:
    ana, ben = await house.fan("Ana"), await house.fan("Ben")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        await browser.open(await house.platform.launch_url(ben))
        house.clock.move(timedelta(minutes=10))
        page = await browser.submit("Continue as Ben")
        assert page.status == 400


async def test_signing_in_again_makes_a_new_id_and_ends_the_one_before(house: Wired) -> None:
    ana = await house.fan("Ana")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        first = browser.cookies(house.url)[COOKIE]
        await house.sign_in(browser, ana)
        assert browser.cookies(house.url)[COOKIE] != first
    assert await house.rooms.sessions.read(first) is None
    assert await Session.all().count() == 1


async def test_a_session_lasts_twelve_hours_and_can_be_ended(house: Wired) -> None:
    ana = await house.fan("Ana")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        cookie = browser.cookies(house.url)[COOKIE]
        house.clock.move(timedelta(hours=11, minutes=59))
        assert await house.rooms.sessions.read(cookie)
        house.clock.move(timedelta(minutes=1))
        assert await house.rooms.sessions.read(cookie) is None
    assert await house.rooms.sessions.forget_expired() == 1


async def test_signing_out_ends_the_session(house: Wired) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        page = await browser.submit("Sign out")
        assert "signed out" in page.text
        assert browser.cookies(house.url) == {}
    assert await Session.all().count() == 0
