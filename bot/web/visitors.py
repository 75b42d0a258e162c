"""Who is asking: reads and sets the session's cookie, and sends away those who first have to sign in.

``__Host-`` makes the browser promise that the cookie came over TLS, from this host, for every path; so nobody beside us
on the domain can plant one. Lax lets it come along when Discord or the platform sends the browser back to us.
"""

from urllib.parse import urlencode

from aiohttp import web

from bot.config import Config
from bot.identity.people import Person
from bot.identity.sessions import Sessions, SignedIn
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
        await self._sessions.end(request.cookies.get(COOKIE, ""))
        response = self._pages.plain(
            "You are signed out", "Open your memberships from Passes to sign in again.", status=200
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

    def signed_out(self, path: str) -> web.Response:
        """For a press that came after the session had ended."""
        login = self.login(_kind(path), path)
        ways = [Way(label="Sign in", href=login)] if login else []
        return self._pages.plain(
            "You are signed out",
            "Nothing was changed. Sign in again, then do it once more.",
            status=401,
            ways=ways,
        )

    async def _as(self, kind: PersonKind, request: web.Request) -> SignedIn | web.Response:
        signed_in = await self.who(request)
        if signed_in and signed_in.person.kind is kind:
            return signed_in
        if request.method == "POST":  # a press cannot be repeated by coming back to its address
            return self.signed_out(_home(kind))
        login = self.login(kind, request.path_qs)
        if login:
            return see_other(login)
        return self._pages.plain(
            "Please sign in", "Open this page from Passes, so that we know who you are.", status=401
        )


def _home(kind: PersonKind) -> str:
    return "/hub" if kind is PersonKind.CREATOR else "/memberships"


def _kind(path: str) -> PersonKind:
    """Whose page it is."""
    return PersonKind.CREATOR if path.startswith("/hub") else PersonKind.FAN
