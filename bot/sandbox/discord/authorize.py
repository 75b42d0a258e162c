"""What happens on the consent page: who it is, what is asked, and where the browser goes next.

Whatever could send a browser to a stranger (another redirect address, another application) ends on a page here; everything else goes
back to the application with `code` or `error`, and always with its `state`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aiohttp import web

from bot.sandbox.discord import permissions
from bot.sandbox.discord.consent import SCOPES, Consent, account_page, consent_page, notice
from bot.sandbox.discord.model import By
from bot.sandbox.site import ACCOUNT_COOKIE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.discord.grants import Grants
    from bot.sandbox.discord.model import Guild, User
    from bot.sandbox.discord.state import State

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_WITHOUT_CODE = {"bot", "applications.commands"}


class AuthorizePage:
    """The consent page of one sandbox."""

    def __init__(self, state: State, grants: Grants) -> None:
        self._state = state
        self._grants = grants

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show the question, or pass on whom it was asked before."""
        user = self._account(request.query.get("as") or request.cookies.get(ACCOUNT_COOKIE))
        if user is None:
            people = [each for each in self._state.users.values() if not each.bot and not each.deleted]
            return _html(account_page(people, request.query))
        consent = self._asked(request.query, user)
        silent = request.query.get("prompt") == "none" and "bot" not in consent.scopes
        if silent and self._grants.has_consented(user.id, consent.scopes):
            code = self._grants.consent(user.id, consent.scopes, consent.redirect_uri)
            raise _back(consent, request, code=code)
        response = _html(consent_page(consent, request.query))
        response.set_cookie(ACCOUNT_COOKIE, str(user.id), path="/", httponly=True, samesite="Lax")
        return response

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """Carry out what the person pressed."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        user = self._account(form.get("as"))
        if user is None:
            raise _stop("Sign in first", "Open the page again and choose which account you are.")
        consent = self._asked(request.query, user)
        entry = self._state.journal.open(
            "hand authorize", actor=user.id, body={**form, "scopes": list(consent.scopes)}
        )
        with self._state.journal.recording(entry):
            if form.get("decision") != "approve":
                raise _back(
                    consent,
                    request,
                    error="access_denied",
                    error_description="The resource owner or authorization server denied the request",
                )
            return self._approve(request, consent, form)

    async def done(self, _: web.Request) -> web.StreamResponse:
        """Say that the bot was added, where no application waits for the browser."""
        return _html(notice("Authorized", "The bot was added to the server. You can close this page."))

    def _approve(self, request: web.Request, consent: Consent, form: Mapping[str, str]) -> web.StreamResponse:
        added: dict[str, str] = {}
        if "bot" in consent.scopes:
            guild = next((each for each in consent.guilds if str(each.id) == form.get("guild_id")), None)
            if guild is None or (consent.guild_fixed and guild.id != consent.guild_id):
                raise _stop("Not this server", "Choose a server in which you may manage the server.")
            self._state.add_bot(guild, consent.permissions, by=By(user_id=consent.user.id))
            consent = replace(consent, guild_id=guild.id)
            added = {"guild_id": str(guild.id), "permissions": str(consent.permissions)}
        if not consent.redirect_uri:
            raise web.HTTPFound("/oauth2/authorized")
        code = self._grants.consent(
            consent.user.id, consent.scopes, consent.redirect_uri, consent.guild_id if added else None
        )
        raise _back(consent, request, code=code, **added)

    def _account(self, given: str | None) -> User | None:
        user = self._state.users.get(int(given)) if given and given.isdecimal() else None
        return None if user is None or user.bot or user.deleted else user

    def _asked(self, query: Mapping[str, str], user: User) -> Consent:
        """Read what the application asks for; whatever is wrong with it ends on a page."""
        app = self._state.app
        if query.get("client_id") != str(app.id):
            raise _stop("Unknown application", "No application has this client_id.")
        scopes = tuple(dict.fromkeys(query.get("scope", "").split()))
        redirect_uri = self._redirect_uri(query, scopes)
        if redirect_uri and query.get("response_type") != "code":
            raise _stop("Unsupported response type", "The application has to ask with response_type=code.")
        if not scopes or not set(scopes) <= set(SCOPES):
            raise _stop("Unknown scope", "The application asks for something that Discord does not know.")
        return Consent(
            app_name=app.name,
            user=user,
            scopes=scopes,
            redirect_uri=redirect_uri,
            permissions=_number(query.get("permissions", "")) or 0,
            guilds=self._manageable(user),
            guild_id=_number(query.get("guild_id", "")),
            guild_fixed=query.get("disable_guild_select") == "true",
        )

    def _redirect_uri(self, query: Mapping[str, str], scopes: tuple[str, ...]) -> str:
        known = self._state.app.redirect_uris
        given = query.get("redirect_uri")
        if given is None:
            if set(scopes) <= _WITHOUT_CODE:
                return ""
            if known:
                return known[0]
            raise _stop("No redirect address", "The application has to say where to go afterwards.")
        allowed = given in known if known else urlsplit(given).hostname in _LOOPBACK
        if not allowed:
            raise _stop("Invalid OAuth2 redirect_uri", "The application has not registered this address.")
        return given

    def _manageable(self, user: User) -> list[Guild]:
        return [
            guild
            for guild in self._state.guilds.values()
            if user.id in guild.members
            and permissions.of_member(guild, guild.members[user.id]) & permissions.Permission.MANAGE_GUILD
        ]


def _back(consent: Consent, request: web.Request, **answer: str) -> web.HTTPFound:
    """Send the browser back to the application, with its state."""
    state = request.query.get("state")
    if state is not None:
        answer["state"] = state
    if not consent.redirect_uri:
        return web.HTTPFound("/oauth2/authorized")
    parts = urlsplit(consent.redirect_uri)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *answer.items()])
    return web.HTTPFound(urlunsplit(parts._replace(query=query)))


def _stop(title: str, sentence: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=notice(title, sentence), content_type="text/html")


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html", headers={"Cache-Control": "no-store"})


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
