"""Discord's OAuth2: the consent page for people, the token endpoints for the application.

The application may trust nothing that it did not get from here over its own connection; so wrong secrets, used codes, other redirect
addresses and dead tokens are refused as RFC 6749 and Discord say. https://discord.com/developers/docs/topics/oauth2
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from aiohttp import web

from bot.sandbox.discord import errors, payloads
from bot.sandbox.discord.authorize import AuthorizePage
from bot.sandbox.discord.calls import Call, Reply, RouteTable
from bot.sandbox.discord.grants import TOKEN_LIFE, Grant, Grants, InvalidGrantError
from bot.sandbox.discord.transport import bind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.sandbox.discord.server import Discord
    from bot.sandbox.discord.state import State, User

type Json = dict[str, Any]

TABLE = RouteTable()
GRANTS = web.AppKey("grants", Grants)
# RFC 6749 §5.1 and §5.2
_NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_BY_BASIC = {"WWW-Authenticate": 'Basic realm="oauth2"'}
_PUBLIC = ("/oauth2/authorize", "/api/oauth2/authorize", "/api/v10/oauth2/authorize")


def routes(discord: Discord) -> list[web.RouteDef]:
    """Give this sandbox its grants, and return the OAuth2 pages and endpoints."""
    grants = Grants()
    discord.app[GRANTS] = grants
    page = AuthorizePage(discord.state, grants)
    pages = [route for path in _PUBLIC for route in (web.get(path, page.show), web.post(path, page.decide))]
    done = web.get("/oauth2/authorized", page.done)
    # The application's calls are documented below /api as well as below /api/v10.
    unversioned = [
        web.route(each.method, each.path.replace("/api/v10/", "/api/", 1), each.handler)
        for each in bind(discord, TABLE)
    ]
    return [*pages, done, *bind(discord, TABLE), *unversioned]


def identify(discord: Discord, access_token: str) -> tuple[User, Iterable[str]]:
    """Return whose access token it is and its scopes; raises 401 for a dead one."""
    grant = discord.app[GRANTS].living(access_token)
    if grant is None:
        raise errors.unauthorized()
    return discord.state.find_user(grant.user_id), grant.scopes


@TABLE.route("POST", "/oauth2/token", auth=(None,))
def token(call: Call) -> Reply:
    """Exchange a code, or a refresh token, for access."""
    form = _client_form(call)
    if isinstance(form, Reply):
        return form
    grants = call.discord.app[GRANTS]
    try:
        match form.get("grant_type"):
            case "authorization_code":
                grant = grants.exchange(form.get("code", ""), form.get("redirect_uri"))
            case "refresh_token":
                grant = grants.refresh(form.get("refresh_token", ""))
            case _:
                return _refused(400, "unsupported_grant_type", "The grant type is not supported.")
    except InvalidGrantError:
        what = "code" if form["grant_type"] == "authorization_code" else "refresh_token"
        return _refused(400, "invalid_grant", f'Invalid "{what}" in request.')
    call.state.note("tokens given", user_id=grant.user_id, scopes=list(grant.scopes))
    return Reply(body=_access(call.state, grant), headers=_NOT_KEPT)


@TABLE.route("POST", "/oauth2/token/revoke", auth=(None,))
def revoke(call: Call) -> Reply:
    """End an authorization, by any of its tokens."""
    form = _client_form(call)
    if isinstance(form, Reply):
        return form
    if not form.get("token"):
        return _refused(400, "invalid_request", "A token is required.")
    call.discord.app[GRANTS].revoke(form["token"])
    return Reply(body={})


@TABLE.route("GET", "/oauth2/@me", auth=("Bearer",))
def current_authorization(call: Call) -> Reply:
    """Tell what the caller's token allows, and until when."""
    grant = call.discord.app[GRANTS].living(call.headers["Authorization"].removeprefix("Bearer "))
    if grant is None:
        raise errors.unauthorized()
    app = call.state.app
    body: Json = {
        "application": {
            "id": str(app.id),
            "name": app.name,
            "icon": None,
            "description": "",
            "type": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": app.verify_key,
            "flags": payloads.application_flags(app),
            "flags_new": str(payloads.application_flags(app)),
        },
        "scopes": list(grant.scopes),
        "expires": payloads.timestamp(grant.expires_at),
    }
    if "identify" in grant.scopes:
        body["user"] = payloads.user(call.actor)
    return Reply(body=body)


def _access(state: State, grant: Grant) -> Json:
    body: Json = {
        "token_type": "Bearer",
        "access_token": grant.access_token,
        "expires_in": int(TOKEN_LIFE.total_seconds()),
        "refresh_token": grant.refresh_token,
        "scope": " ".join(grant.scopes),
    }
    guild = state.guilds.get(grant.guild_id or 0)
    return body | ({"guild": payloads.guild(guild)} if guild else {})


def _client_form(call: Call) -> dict[str, str] | Reply:
    """Return the form of a client that proved itself; JSON is not taken, as the RFCs and Discord say."""
    if call.headers.get("Content-Type", "").partition(";")[0] != "application/x-www-form-urlencoded":
        return _refused(400, "invalid_request", "Send the parameters as application/x-www-form-urlencoded.")
    form = dict(parse_qsl((call.json or b"").decode(errors="replace")))
    given = _basic(call.headers) or (form.get("client_id", ""), form.get("client_secret", ""))
    if given != (str(call.state.app.id), call.state.app.client_secret):
        return _refused(401, "invalid_client", "The client's credentials are wrong.", _BY_BASIC)
    return form


def _basic(headers: Mapping[str, str]) -> tuple[str, str] | None:
    kind, _, packed = headers.get("Authorization", "").partition(" ")
    if kind != "Basic":
        return None
    try:
        name, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, secret


def _refused(status: int, error: str, description: str, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(
        status=status, body={"error": error, "error_description": description}, headers=headers or {}
    )
