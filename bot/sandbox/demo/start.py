"""The start page: what this is, who you can be, and the story to try, each step one press away.

Being somebody means having signed in on both sides, and browsers do not keep apart the cookies of two ports of one host
(RFC 6265, 8.5): so this page can sign a person in at the sandbox's Discord and platform at once.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.demo.ports import HOST
from bot.sandbox.demo.world import Somebody, World
from bot.sandbox.site import ACCOUNT_COOKIE, PERSON_COOKIE, Site, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    start: str
    discord: str
    platform: str
    bot: str


class StartPage:
    def __init__(self, addresses: Addresses, world: World) -> None:
        self._at = addresses
        self._world = world
        self._site = Site("start", Path(__file__).parent / "templates", start=addresses.start)

    @asynccontextmanager
    async def serve(self, port: int) -> AsyncIterator[None]:
        app = web.Application()
        app.add_routes([web.get("/", self.show), web.post("/be", self.be)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, port).start()
            yield
        finally:
            await runner.cleanup()

    async def show(self, request: web.Request) -> web.Response:
        world = self._world
        return self._site.page(
            "start.html", at=self._at, world=world, you=self._you(request), server=f"/servers/{world.guild}"
        )

    async def be(self, request: web.Request) -> web.Response:
        """Sign in on both sides as one person, and go where the step leads."""
        form = await request.post()
        somebody = self._world.find(text(form, "person"))
        if somebody is None:
            raise web.HTTPNotFound(text="There is nobody of this name here.")
        answer = web.Response(status=303, headers={"Location": self._ours(text(form, "next"))})
        answer.set_cookie(ACCOUNT_COOKIE, str(somebody.account), httponly=True, samesite="Lax")
        answer.set_cookie(PERSON_COOKIE, somebody.at_platform, httponly=True, samesite="Lax")
        return answer

    def _you(self, request: web.Request) -> Somebody | None:
        account, person = request.cookies.get(ACCOUNT_COOKIE), request.cookies.get(PERSON_COOKIE)
        same = (p for p in self._world.people if (str(p.account), p.at_platform) == (account, person))
        return next(same, None)

    def _ours(self, url: str) -> str:
        """Only pages of the demo are gone to."""
        known = {urlsplit(each).netloc for each in (self._at.discord, self._at.platform, self._at.bot)}
        return url if urlsplit(url).scheme == "http" and urlsplit(url).netloc in known else self._at.start
