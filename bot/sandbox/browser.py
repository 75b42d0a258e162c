"""A person's browser with scripts off: it opens pages, follows links, fills in forms and keeps cookies.

It behaves as browsers do where the bot depends on it: `Secure` cookies go to loopback addresses without TLS,
`__Host-` cookies are refused unless they are what the prefix promises, a POST carries the `Origin` of the
page it was sent from, and a redirect after a POST is a GET.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from http.cookies import BaseCookie
from types import TracebackType
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

from aiohttp import ClientResponse, ClientSession, ClientTimeout, CookieJar
from multidict import CIMultiDictProxy
from yarl import URL

from .page import Button, Form, Markup, read

type Value = str | bool | Sequence[str]
type Authorize = Callable[[str], Awaitable[str]]

MOST_REDIRECTS = 15
CONSENT_PATH = "/oauth2/authorize"
NOWHERE = URL()


class NotOnPageError(LookupError):
    """The page has no such link, button or field; the message holds what it does have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    status: int
    url: str
    headers: CIMultiDictProxy[str]
    html: str
    markup: Markup
    hops: tuple[str, ...]  # every address on the way here, this one last

    @property
    def title(self) -> str:
        return self.markup.title

    @property
    def text(self) -> str:
        """What a person can read, line by line."""
        return self.markup.text

    @property
    def links(self) -> dict[str, str]:
        """Text to absolute address; of several links with one text, the first."""
        return {text: urljoin(self.url, href) for text, href in reversed(self.markup.links)}

    @property
    def forms(self) -> tuple[Form, ...]:
        return self.markup.forms

    @property
    def buttons(self) -> list[str]:
        return [button.text for form in self.forms for button in form.buttons]

    def link(self, text: str) -> str:
        """The address of a link, by its text or a part of it."""
        return self.links[self._named("link", text, self.links)]

    def form(self, button: str) -> tuple[Form, Button]:
        """The form that a button sends, and the button, by its text or a part of it."""
        text = self._named("button", button, self.buttons)
        return next((f, b) for f in self.forms for b in f.buttons if b.text == text)

    def _named(self, what: str, text: str, there: Iterable[str]) -> str:
        found = [each for each in there if each == text] or [each for each in there if text in each]
        if not found:
            raise NotOnPageError(
                f"no {what} {text!r} on {self.url} ({self.status}):\n{self.text}\n{list(there)}"
            )
        return found[0]


class LoopbackJar(CookieJar):
    """Treats loopback addresses as secure, which browsers do and aiohttp does only for ports it is told of."""

    def __init__(self) -> None:
        super().__init__(unsafe=True)  # aiohttp's word for "keep cookies of IP addresses"

    def filter_cookies(self, request_url: URL = NOWHERE) -> BaseCookie[str]:
        return super().filter_cookies(request_url.with_scheme("https") if request_url.host else request_url)

    def update_cookies_from_headers(self, headers: Sequence[str], response_url: URL) -> None:
        kept = [each for each in headers if _keeps_its_prefix(each)]
        super().update_cookies_from_headers(kept, response_url.with_scheme("https"))


class Browser:
    """One person's browser: `async with Browser() as browser`; the page on the screen is `browser.page`."""

    def __init__(self, on_redirect_to_discord: Authorize | None = None) -> None:
        """Play Discord's consent page with `authorize(url) -> location`, instead of showing it."""
        self.authorize = on_redirect_to_discord
        self.jar = LoopbackJar()
        self._session = ClientSession(cookie_jar=self.jar, timeout=ClientTimeout(total=60))
        self._page: Page | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    @property
    def page(self) -> Page:
        if self._page is None:
            raise NotOnPageError("nothing has been opened yet")
        return self._page

    def cookies(self, url: str) -> dict[str, str]:
        """What would be sent to this address."""
        return {name: morsel.value for name, morsel in self.jar.filter_cookies(URL(url)).items()}

    async def open(self, url: str) -> Page:
        return await self._go("GET", url)

    async def reload(self) -> Page:
        return await self.open(self.page.url)

    async def follow(self, link_text: str) -> Page:
        return await self.open(self.page.link(link_text))

    async def submit(self, button_text: str, **fields: Value) -> Page:
        """Press a button after filling in fields: a text, a tick (True/False), or several values."""
        form, button = self.page.form(button_text)
        if button.disabled:
            raise NotOnPageError(f"the button {button.text!r} cannot be pressed")
        if missing := set(fields) - form.names:
            raise NotOnPageError(f"the form has no field {sorted(missing)}, only {sorted(form.names)}")
        sent = _filled(form, fields) + ([(button.name, button.value)] if button.name else [])
        action = urljoin(self.page.url, button.action or form.action or self.page.url)
        if form.method == "get":
            return await self.open(urlunsplit(urlsplit(action)._replace(query=urlencode(sent))))
        return await self.post(action, sent, origin=_origin(self.page.url))

    async def post(
        self, url: str, fields: Sequence[tuple[str, str]] = (), *, origin: str | None = None
    ) -> Page:
        """Send a form that is on no page, as another site or an attacker would."""
        return await self._go("POST", url, fields=fields, origin=origin)

    async def _go(
        self, method: str, url: str, *, fields: Sequence[tuple[str, str]] = (), origin: str | None = None
    ) -> Page:
        hops: list[str] = []
        while len(hops) < MOST_REDIRECTS:
            if self.authorize and urlsplit(url).path.endswith(CONSENT_PATH):
                hops.append(url)
                method, url = "GET", await self.authorize(url)
            hops.append(url)
            async with self._session.request(
                method,
                URL(url),
                data=list(fields) if method == "POST" else None,
                headers={"Origin": origin} if method == "POST" and origin else None,
                allow_redirects=False,
            ) as answer:
                if not _redirects(answer):
                    self._page = await _page(answer, hops)
                    return self._page
                url = urljoin(url, answer.headers["Location"])
                method = method if answer.status in {307, 308} else "GET"
        raise NotOnPageError(f"more than {MOST_REDIRECTS} redirects: {hops}")


async def _page(answer: ClientResponse, hops: Sequence[str]) -> Page:
    html = await answer.text(errors="replace")
    return Page(
        status=answer.status,
        url=hops[-1],
        headers=answer.headers,
        html=html,
        markup=read(html),
        hops=tuple(hops),
    )


def _redirects(answer: ClientResponse) -> bool:
    return answer.status in {301, 302, 303, 307, 308} and "Location" in answer.headers


def _filled(form: Form, fields: dict[str, Value]) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in form.fields if name not in fields]
    for name, value in fields.items():
        match value:
            case True:
                kept.append((name, next(iter(form.options.get(name, {"on": ""})))))
            case False:
                pass
            case str():
                kept.append((name, _option(form, name, value)))
            case _:
                kept += [(name, _option(form, name, each)) for each in value]
    return kept


def _option(form: Form, name: str, value: str) -> str:
    """A choice may be named by what it says, as people do, or by its value."""
    offered = form.options.get(name, {})
    by_text = [each for each, text in offered.items() if text == value]
    return value if value in offered or not by_text else by_text[0]


def _origin(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path="", query="", fragment=""))


def _keeps_its_prefix(set_cookie: str) -> bool:
    """Browsers drop a `__Host-` cookie without Secure and Path=/, or with a Domain (RFC 6265bis)."""
    name, *rest = (part.strip() for part in set_cookie.split(";"))
    attributes = {part.lower() for part in rest}
    whole = {"secure", "path=/"} <= attributes and not any(a.startswith("domain") for a in attributes)
    return whole or not name.startswith("__Host-")
