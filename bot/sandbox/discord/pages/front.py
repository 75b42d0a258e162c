"""The first page: which account you are, which servers there are; and how Discord treats your account."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.discord.pages.room import see_other, snowflake
from bot.sandbox.site import ACCOUNT_COOKIE, text

if TYPE_CHECKING:
    from bot.sandbox.discord.pages.room import Room

TREATMENTS = {
    "dms_open": "The bot may send me direct messages",
    "guild_limit_reached": "I am in as many servers as Discord allows",
    "joining_limited": "Discord holds me back from joining servers",
}


class Front:
    """Accounts."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def routes(self) -> list[web.RouteDef]:
        guarded = self._room.guarded
        return [
            web.get("/", guarded(self.show)),
            web.post("/account", guarded(self.choose)),
            web.post("/account/treatment", guarded(self.treat)),
            web.post("/account/deauthorize", guarded(self.deauthorize)),
        ]

    async def show(self, request: web.Request) -> web.Response:
        guilds = list(self._room.state.guilds.values())
        return self._room.show(request, "front.html", guilds=guilds, treatments=TREATMENTS)

    async def choose(self, request: web.Request) -> web.Response:
        """Be another account from now on, on the same page."""
        form = await request.post()
        account = self._room.state.find_user(snowflake(text(form, "account")))
        answer = see_other(_own(text(form, "next")))
        answer.set_cookie(ACCOUNT_COOKIE, str(account.id), httponly=True, samesite="Lax")
        return answer

    async def treat(self, request: web.Request) -> web.Response:
        you, form = self._room.acting(request), await request.post()
        self._room.people.set_user(you.id, **{name: name in form for name in TREATMENTS})
        return see_other("/")

    async def deauthorize(self, request: web.Request) -> web.Response:
        """Take the bot's access to this account back, as in Discord's settings."""
        self._room.desk.deauthorize(self._room.acting(request).id)
        return see_other("/")


def _own(path: str) -> str:
    """Only pages of this site are gone to."""
    parts = urlsplit(path)
    return path if path.startswith("/") and not parts.netloc and not path.startswith("//") else "/"
