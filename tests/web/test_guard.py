"""What holds for every page: headers, proof of origin, limits, and errors in plain words."""

import asyncio

import pytest
from aiohttp import ClientSession, web

from bot.readers import Address
from bot.sandbox.browser import Browser
from bot.web.server import build_app, serve
from models import Session
from tests.web.house import Wired, wired


async def test_headers_of_every_answer(house: Wired) -> None:
    async with ClientSession(house.url) as client:
        for path in ("/healthz", "/nowhere", "/static/style.css", "/launch"):
            async with client.get(path) as answer:
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy
                assert "style-src 'self'" in policy
                assert "frame-ancestors 'none'" in policy
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                # no-referrer would make our own forms arrive with Origin: null
                assert answer.headers["Referrer-Policy"] == "same-origin"
                assert "Strict-Transport-Security" not in answer.headers


async def test_forms_may_lead_to_discord_and_nowhere_else(house: Wired) -> None:
    async with ClientSession(house.url) as client, client.get("/healthz") as answer:
        targets = answer.headers["Content-Security-Policy"].split("form-action ")[1]
        discord = house.config.invite_url.removesuffix("/oauth2/authorize")
        assert targets.startswith(f"'self' {discord}")


@pytest.mark.usefixtures("database")
async def test_hsts_where_people_come_by_tls() -> None:
    async with (
        wired(PUBLIC_URL="https://bot.example.com") as house,
        serve(build_app(house.rooms), Address("127.0.0.1", 0)) as port,
        ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}/healthz") as answer,
    ):
        assert "max-age" in answer.headers["Strict-Transport-Security"]


async def test_the_cookie_is_what_its_prefix_promises(house: Wired) -> None:
    url = await house.platform.launch_url(await house.fan("Ana"))
    async with ClientSession() as client, client.get(url, allow_redirects=False) as answer:
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1:1"])
async def test_a_post_from_elsewhere_changes_nothing(house: Wired, origin: str | None) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        fields = browser.page.form("Sign out")[0].fields
        page = await browser.post(f"{house.url}/signout", fields, origin=origin)
        assert page.status == 403
        assert "Get help" in page.text
    assert await Session.all().count() == 1


async def test_a_post_needs_the_token_of_its_own_session(house: Wired) -> None:
    async with Browser() as browser, Browser() as other:
        await house.sign_in(browser, await house.fan("Ana"))
        await house.sign_in(other, await house.fan("Eve"))
        theirs = dict(other.page.form("Sign out")[0].fields)["csrf"]
        for token in (theirs, "", "ä", None):
            fields = [] if token is None else [("csrf", token)]
            assert (await browser.post(f"{house.url}/signout", fields, origin=house.url)).status == 403
    assert await Session.all().count() == 2


async def test_a_post_without_a_session_says_so(house: Wired) -> None:
    async with Browser() as browser:
        page = await browser.post(f"{house.url}/connect", [], origin=house.url)
        assert page.status == 401
        assert "signed out" in page.text


async def test_a_body_that_is_too_large_is_refused(house: Wired) -> None:
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("Ana"))
        page = await browser.post(f"{house.url}/signout", [("csrf", "x" * 70_000)], origin=house.url)
        assert page.status == 413
        assert "Get help" in page.text


@pytest.mark.parametrize(
    ("media_type", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"x", 415),
        ("application/x-www-form-urlencoded; charset=nonsense", b"csrf=1", 400),
        ("application/x-www-form-urlencoded", b"csrf=\xff\xfe", 400),
    ],
)
async def test_a_body_that_is_no_form_is_refused(
    house: Wired, media_type: str, body: bytes, status: int
) -> None:
    headers = {"Origin": house.url, "Content-Type": media_type}
    async with (
        ClientSession(house.url) as client,
        client.post("/signout", data=body, headers=headers) as answer,
    ):
        assert answer.status == status
        assert "Get help" in await answer.text()


async def test_a_form_that_is_encoded_is_refused(house: Wired) -> None:
    """aiohttp would unpack it, and a body that is no gzip would be an error of the server."""
    form = "application/x-www-form-urlencoded"
    headers = {"Origin": house.url, "Content-Type": form, "Content-Encoding": "gzip"}
    async with (
        ClientSession(house.url) as client,
        client.post("/signout", data=b"csrf=1", headers=headers) as answer,
    ):
        assert answer.status == 415
        assert "Get help" in await answer.text()


async def test_who_hangs_up_in_the_middle_of_a_form_is_no_error_of_ours(
    house: Wired, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
    writer.write(
        f"POST /signout HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nOrigin: {house.url}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\n".encode()
    )
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
    writer.write(b"csrf=")
    writer.close()
    await writer.wait_closed()
    async with ClientSession(house.url) as client, client.get("/healthz") as answer:
        assert answer.status == 200
    assert [record for record in caplog.records if record.exc_info] == []


async def test_a_cookie_that_is_no_text_is_nobodys(house: Wired) -> None:
    port = int(house.url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /code?as=fan HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: __Host-passes=\xff\xfe\r\n\r\n"
    )
    async with asyncio.timeout(5):
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 303")
    writer.close()
    await writer.wait_closed()


async def test_a_long_token_is_read(house: Wired) -> None:
    url = await house.platform.launch_url(await house.fan("Ana"), more="x" * 9000)
    async with Browser() as browser:
        assert (await browser.open(url)).status == 200


async def test_unknown_pages_and_methods_are_plain_pages(house: Wired) -> None:
    async with Browser() as browser:
        page = await browser.open(f"{house.url}/no/such/page")
        assert (page.status, "There is no such page" in page.text) == (404, True)
        assert "https://help.example.com" in page.links.values()
        await house.sign_in(browser, await house.fan("Ana"))
        fields = browser.page.form("Sign out")[0].fields
        assert (await browser.post(f"{house.url}/hub", fields, origin=house.url)).status == 405


async def test_an_exception_is_a_plain_page_and_says_nothing_of_itself(house: Wired) -> None:
    async def broken(_: web.Request) -> web.Response:
        raise RuntimeError("the secret is 42")

    app = build_app(house.rooms, more=[web.get("/broken", broken)])
    async with serve(app, Address("127.0.0.1", 0)) as port, Browser() as browser:
        page = await browser.open(f"http://127.0.0.1:{port}/broken")
        assert page.status == 500
        assert "It was not you" in page.text
        assert "42" not in page.html


async def test_a_header_that_drips_is_cut_off(house: Wired) -> None:
    async with serve(build_app(house.rooms), Address("127.0.0.1", 0), idle_s=0.2) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        async with asyncio.timeout(5):
            assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_pages_have_one_heading_a_language_and_no_scripts(house: Wired) -> None:
    club = await house.integration()
    creator = await house.platform.create_creator("Mira")
    async with Browser() as browser:
        await house.sign_in(browser, await house.fan("<script>alert(1)</script>", club))
        for path in ("/memberships", "/memberships/confirm?membership=m1", "/code?as=fan", "/nowhere"):
            html = (await browser.open(f"{house.url}{path}")).html
            assert html.count("<h1>") == 1
            assert '<html lang="en">' in html
            assert "<script" not in html
    async with Browser() as browser:
        await house.sign_in(browser, creator)
        assert browser.page.html.count("<h1>") == 1
