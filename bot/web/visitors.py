"""Who is asking: reads and sets the session's cookie, and sends away those who first have to sign in.

``__Host-`` makes the browser promise that the cookie came over TLS, from this host, for every path; so nobody beside us
on the domain can plant one. Lax lets it come along when Discord or the platform sends the browser back to us.
"""

from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web

from bot.config import Config
from bot.identity.people import Person
from bot.identity.sessions import Sessions, SignedIn
from bot.web.homes import HOMES, again, onward, way_home, whose
from bot.web.pages import Pages, Way, see_other
from models.identity import PersonKind

COOKIE = "__Host-passes"


class Visitors:
    def __init__(self, config: Config, sessions: Sessions, pages: Pages) -> None:
        self._login_url = config.membership_login_url
        self._length = config.session_length
        self._sessions = sessions
        self._pages = pages

    async def who(self, request: web.Request) -> SignedIn | None:
        return await self._sessions.read(request.cookies.get(COOKIE))

    async def fan(self, request: web.Request) -> SignedIn | web.Response:
        """The fan who asks; otherwise the answer that lets them sign in and come back."""
        return await self._as(PersonKind.FAN, request)

    async def creator(self, request: web.Request) -> SignedIn | web.Response:
        return await self._as(PersonKind.CREATOR, request)

    async def sign_in(self, request: web.Request, person: Person, path: str) -> web.Response:
        """Begin a session with a new id, end the one before, and go on to ``path``."""
        cookie = await self._sessions.begin(person, instead_of=request.cookies.get(COOKIE))
        response = see_other(path)
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=int(self._length.total_seconds()),
            path="/",
            secure=True,
            httponly=True,
            samesite="Lax",
        )
        return response

    async def sign_out(self, request: web.Request) -> web.Response:
        me = await self.who(request)
        kinds = [me.person.kind] if me else [*HOMES]
        await self._sessions.end(request.cookies.get(COOKIE, ""))
        response = self._pages.plain(
            "You are signed out",
            "Come back from Passes at any time.",
            status=200,
            ways=self._logins(request, kinds),
        )
        response.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    def login(self, kind: PersonKind, path: str) -> str | None:
        """Where the platform signs somebody in and sends them back to ``path``."""
        if self._login_url is None:
            return None
        joint = "&" if "?" in self._login_url else "?"
        return f"{self._login_url}{joint}{urlencode({'as': kind.value, 'next': path})}"

    def csrf_token(self, signed_in: SignedIn) -> str:
        return self._sessions.csrf_token(signed_in)

    async def onward(self, request: web.Request) -> list[Way]:
        """Where whoever reads the answer goes on."""
        return onward(request, await self.who(request))

    def signed_out(self, request: web.Request) -> web.Response:
        """For a press that came after the session had ended."""
        kind = whose(request)
        return self._pages.plain(
            "You are signed out",
            "Nothing was changed. Sign in again, then do it once more.",
            status=401,
            ways=self._logins(request, [kind] if kind else [*HOMES]),
        )

    async def _as(self, kind: PersonKind, request: web.Request) -> SignedIn | web.Response:
        signed_in = await self.who(request)
        if signed_in and signed_in.person.kind is kind:
            return signed_in
        if request.method == "POST":  # a press cannot be repeated by coming back to its address
            return self.signed_out(request)
        login = self.login(kind, request.path_qs)
        if login:
            return see_other(login)
        return self._pages.plain(
            "Please sign in",
            "Open this page from Passes, so that we know who you are.",
            status=401,
            ways=way_home(signed_in.person.kind) if signed_in else [],
        )

    def _logins(self, request: web.Request, kinds: Sequence[PersonKind]) -> list[Way]:
        label = "Sign in again" if len(kinds) == 1 else "Sign in as a {}"
        logins = {kind: self.login(kind, again(request, kind)) for kind in kinds}
        return [Way(label=label.format(kind.value), href=login) for kind, login in logins.items() if login]
