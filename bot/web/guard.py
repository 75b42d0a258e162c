"""What holds for every page: headers, proof of origin for whatever changes something, and errors in plain words.

Two traps. ``Referrer-Policy: no-referrer`` would make browsers send ``Origin: null`` with our own forms (Fetch
standard, "append a request Origin header"), so it is ``same-origin``. And browsers hold the *redirect* after a form to
``form-action`` too, so Discord's consent page has to be named there.
"""

import asyncio
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from multidict import MultiDictProxy

from bot.config import Config
from bot.identity.sessions import Sessions
from bot.web.bodies import BROKEN_OFF, is_encoded
from bot.web.homes import onward
from bot.web.pages import Pages
from bot.web.tracing import number
from bot.web.visitors import Visitors

log = structlog.get_logger()

LARGEST_FORM = 64 * 1024
FORM_WITHIN_S = 10
_FORMS = frozenset({"application/x-www-form-urlencoded", "application/octet-stream"})
"""The second is aiohttp's word for an empty body without a type."""
_SAFE = frozenset({"GET", "HEAD"})
_SIGNED_ELSEWHERE = "/webhooks/"
"""The platform signs what it sends there; no browser, no session."""


class Guard:
    def __init__(self, config: Config, pages: Pages, visitors: Visitors, sessions: Sessions) -> None:
        self._origin = _origin(config.public_url)
        self._headers = _headers(config)
        self._pages = pages
        self._visitors = visitors
        self._sessions = sessions

    def middlewares(self) -> list[Middleware]:
        """The outermost first."""
        return [self.headers, self.errors, self.proof]

    @web.middleware
    async def headers(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        response.headers.update(self._headers)
        return response

    @web.middleware
    async def errors(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(_SIGNED_ELSEWHERE):
            return await handler(request)
        try:
            return await self._answer(request, handler)
        except Exception:
            log.exception("page_failed", method=request.method, path=request.path)
            return self._pages.plain(
                "Something went wrong",
                "It was not you, and nothing was lost. Please try again in a moment.",
                f"If it stays so, tell us this number: {number()}",
                status=500,
                ways=onward(request, None),  # who it is would be asked of what may just have failed
            )

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            return error if error.status < 400 else await self._refused(request, error)

    @web.middleware
    async def proof(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever changes something comes from our own page, in the session it was shown to."""
        if request.method in _SAFE or request.path.startswith(_SIGNED_ELSEWHERE):
            return await handler(request)
        if request.headers.get("Origin") != self._origin:
            return await self._not_from_here(request)
        form = await _form(request)
        signed_in = await self._visitors.who(request)
        if signed_in is None:
            return self._visitors.signed_out(request)
        if not self._sessions.is_csrf_token(signed_in, str(form.get("csrf", ""))):
            return await self._not_from_here(request)
        return await handler(request)

    async def _not_from_here(self, request: web.Request) -> web.Response:
        return self._pages.plain(
            "This did not come from our page",
            "Nothing was changed. Open the page and do it there once more.",
            status=403,
            ways=await self._visitors.onward(request),
        )

    async def _refused(self, request: web.Request, error: web.HTTPException) -> web.StreamResponse:
        title, sentence = _SENTENCES.get(
            error.status, ("This did not work", "Please go back and try it once more.")
        )
        ways = await self._visitors.onward(request)
        response = self._pages.plain(title, sentence, status=error.status, ways=ways)
        if isinstance(error, web.HTTPMethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response


async def _form(request: web.Request) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    """The form that was sent; whatever is none is refused in words."""
    if request.content_type not in _FORMS or is_encoded(request):
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(FORM_WITHIN_S):
            return await request.post()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (
        *BROKEN_OFF,
        ValueError,
        LookupError,
    ):  # the last two: not what its charset says, or an unknown one
        raise web.HTTPBadRequest from None


_SENTENCES = {
    404: ("There is no such page", "Check the address, or go on from here."),
    405: ("This is not how the page is used", "Nothing was changed. Go on from here."),
    408: ("That took too long", "Please try it once more."),
    413: ("That was too much at once", "Please go back and try it once more."),
}


def _headers(config: Config) -> dict[str, str]:
    targets = ["'self'", _origin(config.invite_url)]
    if config.membership_login_url:  # a press can lead on to a page for which one has to sign in
        targets.append(_origin(config.membership_login_url))
    policy = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {' '.join(targets)}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if config.public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


def _origin(url: str) -> str:
    """Scheme, host and port as browsers write them: lower case, without the scheme's own port."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port and parts.port != usual else ""
    return f"{parts.scheme}://{host}{port}"
