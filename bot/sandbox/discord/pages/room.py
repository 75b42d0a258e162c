"""What all pages of the sandbox Discord share: who is looking, how a page is shown, how a refusal is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.discord.callbacks import INTERACTIONS
from bot.sandbox.discord.control import Desk
from bot.sandbox.discord.errors import DiscordError
from bot.sandbox.discord.interactions import DidNotRespondError, NeverFinishedError
from bot.sandbox.discord.invocation import CannotError
from bot.sandbox.discord.pages.markdown import Markdown
from bot.sandbox.discord.people import People
from bot.sandbox.discord.play import Play
from bot.sandbox.site import ACCOUNT_COOKIE, Site

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.discord.model import Guild, User
    from bot.sandbox.discord.server import Discord

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class NobodyError(Exception):
    """Something was done before an account was chosen."""


class Room:
    """The pages' view of one sandbox."""

    def __init__(self, discord: Discord) -> None:
        self.discord = discord
        self.state = discord.state
        self.interactions = discord.app[INTERACTIONS]
        self.people = People(discord.state)
        self.desk = Desk(discord)
        self.play = Play(discord.state, self.interactions)
        self.site = Site("discord", Path(__file__).parent / "templates")
        self.site.filters["markdown"] = Markdown(discord.state)

    def accounts(self) -> list[User]:
        """Return everybody that a person can be: no bots, and not who registered the application."""
        owner = self.state.app.owner_id
        return [u for u in self.state.users.values() if not u.bot and not u.deleted and u.id != owner]

    def looking(self, request: web.Request) -> User | None:
        """Return whose browser it is, if an account was chosen."""
        account = self.state.users.get(snowflake(request.cookies.get(ACCOUNT_COOKIE, "")))
        return account if account in self.accounts() else None

    def acting(self, request: web.Request) -> User:
        """Return who does something; raises NobodyError."""
        you = self.looking(request)
        if you is None:
            raise NobodyError
        return you

    def guild(self, request: web.Request) -> Guild:
        return self.state.find_guild(snowflake(request.match_info["guild"]))

    def show(self, request: web.Request, template: str, *, status: int = 200, **values: Any) -> web.Response:
        return self.site.page(
            template,
            status=status,
            you=self.looking(request),
            accounts=self.accounts(),
            here=request.path,
            **values,
        )

    def guarded(self, handler: Handler) -> Handler:
        """Tell a person in words why something was not done."""

        async def call(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except NobodyError:
                return self._refused(request, "Choose first which account you are.")
            except DiscordError as error:
                return self._refused(request, f"Discord refused: {error.message} (code {error.code}).")
            except (CannotError, NeverFinishedError) as error:
                return self._refused(request, f"{error}.")
            except DidNotRespondError:
                return self._refused(
                    request, "The application did not respond: the bot took longer than three seconds."
                )

        return call

    def _refused(self, request: web.Request, sentence: str) -> web.Response:
        """Lead back to the page whose form was sent."""
        came_from = urlsplit(request.headers.get("Referer", ""))
        back = came_from.path if came_from.netloc == request.host else "/"
        return self.show(request, "refused.html", status=409, sentence=sentence, back=back)


def snowflake(text: str) -> int:
    """Read an id; what is none is 0, which nothing has."""
    return int(text) if text.isdecimal() and len(text) <= 20 else 0


def see_other(path: str) -> web.Response:
    """Go on with a GET, so that reloading does nothing twice."""
    return web.Response(status=303, headers={"Location": path})
