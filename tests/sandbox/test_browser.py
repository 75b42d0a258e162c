"""The browser that people use in the tests, against pages made to trip it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web

from bot.sandbox.browser import Browser, NotOnPageError
from bot.sandbox.page import read

FORM = """<!doctype html><title>A  form</title><style>p { color: red }</style>
<nav><a href="/seen?a=1&amp;b=2">Seen</a> <a href="elsewhere">Go <b>there</b></a></nav>
<p>Hello <b>you</b>,
how are you?</p><script>var hidden = 1</script>
<form method="post" action="/echo">
<input type="hidden" name="csrf" value="t0ken">
<label>Name <input name="name" value="old"></label>
<label><input type="checkbox" name="roles" value="11"> Gold</label>
<label><input type="checkbox" name="roles" value="12" checked> Silver</label>
<select name="policy"><option value="k">keep<option value="r" selected>roles</option></select>
<textarea name="note">
dear</textarea>
<button name="do" value="save">Save it</button>
<button name="do" value="drop" formaction="/drop">Drop it</button>
<button disabled>Not now</button>
</form>
<form action="/seen"><input name="q" value="x"><input type="submit" value="Search"></form>"""


async def form(_: web.Request) -> web.Response:
    return web.Response(text=FORM, content_type="text/html")


async def echo(request: web.Request) -> web.Response:
    posted = [f"{name}={value}" for name, value in (await request.post()).items() if isinstance(value, str)]
    text = "\n".join([request.path, f"origin={request.headers.get('Origin')}", *posted])
    return web.Response(text=f"<pre>{text}</pre>", content_type="text/html")


async def seen(request: web.Request) -> web.Response:
    cookies = " ".join(f"{name}={value}" for name, value in sorted(request.cookies.items()))
    text = f"<p>{request.method} {request.query_string}<p>{cookies}"
    return web.Response(text=text, content_type="text/html")


async def sign_in(_: web.Request) -> web.Response:
    answer = web.Response(status=303, headers={"Location": "/seen?after=1"})
    answer.set_cookie("__Host-session", "s1", secure=True, httponly=True, samesite="Lax")
    answer.set_cookie("__Host-weak", "s2", httponly=True)
    answer.set_cookie("plain", "p1")
    return answer


async def to_discord(request: web.Request) -> web.Response:
    raise web.HTTPFound(f"http://{request.host}/oauth2/authorize?state=s1")


async def for_ever(_: web.Request) -> web.Response:
    raise web.HTTPFound("/for-ever")


@pytest.fixture
async def site() -> AsyncIterator[str]:
    app = web.Application()
    routes: dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
        "/form": form,
        "/echo": echo,
        "/drop": echo,
        "/seen": seen,
        "/oauth2/authorize": seen,
        "/sign-in": sign_in,
        "/to-discord": to_discord,
        "/for-ever": for_ever,
    }
    for path, handler in routes.items():
        app.router.add_route("*", path, handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with Browser() as browser:
        yield browser


async def test_it_reads_what_a_person_sees(browser: Browser, site: str) -> None:
    page = await browser.open(f"{site}/form")
    assert (page.status, page.title) == (200, "A form")
    assert "Hello you, how are you?" in page.text.split("\n")
    assert "hidden" not in page.text
    assert "color" not in page.text
    assert page.links == {"Seen": f"{site}/seen?a=1&b=2", "Go there": f"{site}/elsewhere"}
    assert page.buttons == ["Save it", "Drop it", "Not now", "Search"]
    assert page.forms[0].options["roles"] == {"11": "Gold", "12": "Silver"}
    assert page.forms[0].options["policy"] == {"k": "keep", "r": "roles"}


async def test_an_untouched_form_is_sent_as_it_stands(browser: Browser, site: str) -> None:
    await browser.open(f"{site}/form")
    page = await browser.submit("Save it")
    assert page.html == (
        f"<pre>/echo\norigin={site}\ncsrf=t0ken\nname=old\nroles=12\npolicy=r\nnote=dear\ndo=save</pre>"
    )


async def test_fields_are_filled_in_by_value_or_by_what_they_say(browser: Browser, site: str) -> None:
    await browser.open(f"{site}/form")
    page = await browser.submit("Drop it", name="new", roles=["Gold", "12"], policy="keep")
    sent = page.text.split("\n")
    assert (
        sent[0]
        == "/drop origin=" + site + " csrf=t0ken note=dear name=new roles=11 roles=12 policy=k do=drop"
    )


async def test_a_get_form_and_a_link(browser: Browser, site: str) -> None:
    await browser.open(f"{site}/form")
    assert "GET q=y" in (await browser.submit("Search", q="y")).text
    await browser.open(f"{site}/form")
    assert "GET a=1&b=2" in (await browser.follow("Seen")).text


async def test_what_is_not_there_cannot_be_used(browser: Browser, site: str) -> None:
    with pytest.raises(NotOnPageError, match="nothing has been opened"):
        await browser.follow("Seen")
    await browser.open(f"{site}/form")
    with pytest.raises(NotOnPageError, match="no link 'Unseen'"):
        await browser.follow("Unseen")
    with pytest.raises(NotOnPageError, match="no field"):
        await browser.submit("Save it", colour="red")
    with pytest.raises(NotOnPageError, match="cannot be pressed"):
        await browser.submit("Not now")
    with pytest.raises(NotOnPageError, match="redirects"):
        await browser.open(f"{site}/for-ever")


async def test_secure_cookies_work_on_loopback_and_false_host_cookies_do_not(
    browser: Browser, site: str
) -> None:
    page = await browser.post(f"{site}/sign-in")
    assert page.text.split("\n") == ["GET after=1", "__Host-session=s1 plain=p1"]
    assert page.hops == (f"{site}/sign-in", f"{site}/seen?after=1")
    assert browser.cookies(site) == {"__Host-session": "s1", "plain": "p1"}


async def test_a_foreign_post_carries_the_origin_it_is_given(browser: Browser, site: str) -> None:
    page = await browser.post(f"{site}/echo", [("a", "1")], origin="https://evil.example")
    assert "origin=https://evil.example a=1" in page.text


async def test_discords_consent_page_can_be_played(site: str) -> None:
    asked: list[str] = []

    async def authorize(url: str) -> str:
        asked.append(url)
        return f"{site}/seen?code=c1"

    async with Browser(on_redirect_to_discord=authorize) as browser:
        page = await browser.open(f"{site}/to-discord")
        assert "GET code=c1" in page.text
        assert asked == [f"{site}/oauth2/authorize?state=s1"]
    async with Browser() as browser:
        assert "GET state=s1" in (await browser.open(f"{site}/to-discord")).text


def test_odd_markup_is_read_without_a_fuss() -> None:
    page = read(
        "<p>One<p>Two &amp; three<br>four</div><form><select name=s><option>A<option>B</select></form>"
    )
    assert page.text == "One\nTwo & three\nfour"
    assert page.forms[0].fields == [("s", "A")]
    assert page.forms[0].options == {"s": {"A": "A", "B": "B"}}
