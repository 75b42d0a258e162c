"""OAuth2 between the application and Discord, which the description leaves out: authorize, token, revoke.

Written from RFC 6749 and RFC 7009 and from https://discord.com/developers/docs/topics/oauth2, which follows them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from bot.sandbox.discord.description.exchange import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.sandbox.discord.description.exchange import Answer, Exchange
    from bot.sandbox.discord.description.schemas import Schemas

type Json = dict[str, Any]

TOKEN, REVOKE, AUTHORIZE = "/oauth2/token", "/oauth2/token/revoke", "/oauth2/authorize"

_TEXT = {"type": "string", "minLength": 1}
_ERRORS = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "unsupported_token_type",  # RFC 7009 §2.2.1
)
# RFC 6749 §5.1; `guild` comes with the bot scope: https://discord.com/developers/docs/topics/oauth2#advanced-bot-authorization
_ACCESS = {
    "type": "object",
    "properties": {
        "access_token": _TEXT,
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "exclusiveMinimum": 0},
        "refresh_token": _TEXT,
        "scope": _TEXT,
        "guild": {"$ref": "#/components/schemas/GuildResponse"},
    },
    "required": ["access_token", "token_type", "expires_in", "refresh_token", "scope"],
}
# RFC 6749 §5.2
_REFUSAL = {
    "type": "object",
    "properties": {"error": {"enum": list(_ERRORS)}, "error_description": _TEXT, "error_uri": _TEXT},
    "required": ["error"],
}
_GRANTS = {"authorization_code": ("code", "redirect_uri"), "refresh_token": ("refresh_token",)}


def of_request(exchange: Exchange) -> Iterator[str]:
    """Say how a request to one of the three breaks the rules."""
    if exchange.path == AUTHORIZE:
        yield from _asking(dict(exchange.query))
        return
    if exchange.media_type != "application/x-www-form-urlencoded":
        yield "the token endpoints take application/x-www-form-urlencoded alone (Discord: OAuth2 URLs)"
        return
    pairs = parse_qsl(exchange.body.decode(errors="replace"), keep_blank_values=True)
    form = dict(pairs)
    if len(form) != len(pairs):
        yield "a parameter is given twice (RFC 6749 §3.2)"
    yield from _client(exchange.headers.get("Authorization", ""), form)
    if exchange.path == REVOKE:
        if not form.get("token"):
            yield "token is required (RFC 7009 §2.1)"
        return
    grant = form.get("grant_type", "")
    if grant not in _GRANTS:
        yield f"grant_type {grant!r} is none of those that Discord takes for a user"
    yield from (f"{name} is required for {grant}" for name in _GRANTS.get(grant, ()) if not form.get(name))


def _asking(query: Mapping[str, str]) -> Iterator[str]:
    """RFC 6749 §4.1.1; without a redirect only the bot may be added, which needs no response_type."""
    if not query.get("client_id", "").isdecimal():
        yield "client_id is required (RFC 6749 §4.1.1)"
    scopes = set(query.get("scope", "").split())
    if not scopes:
        yield "scope is required (Discord: Authorization URL Example)"
    if ("redirect_uri" in query or not scopes <= {"bot", "applications.commands"}) and query.get(
        "response_type"
    ) != "code":
        yield "response_type=code is required (RFC 6749 §4.1.1)"
    if query.get("prompt", "consent") not in {"consent", "none"}:
        yield "prompt is consent or none (Discord: Authorization URL Example)"


def _client(header: str, form: Mapping[str, str]) -> Iterator[str]:
    basic = header.startswith("Basic ")
    in_body = bool(form.get("client_id")) and bool(form.get("client_secret"))
    if basic == in_body:
        how = "twice" if basic else "not at all"
        yield f"the client proves itself {how}; once is right, by Basic or in the form (RFC 6749 §2.3)"


def of_answer(exchange: Exchange, answer: Answer, schemas: Schemas) -> Iterator[str]:
    """Say how an answer of one of the three breaks the rules."""
    if exchange.path == AUTHORIZE:
        yield from _sent_back(exchange, answer)
        return
    try:
        body = answer.json() if answer.body else {}
    except UnreadableError as error:
        yield str(error)
        return
    if answer.status != 200:
        yield from _refused(exchange, answer, body, schemas)
    elif exchange.path == TOKEN:
        yield from (f"answer {fault}" for fault in schemas.faults(_ACCESS, body))
        if answer.headers.get("Cache-Control") != "no-store" or answer.headers.get("Pragma") != "no-cache":
            yield "tokens come with Cache-Control: no-store and Pragma: no-cache (RFC 6749 §5.1)"


def _refused(exchange: Exchange, answer: Answer, body: Json, schemas: Schemas) -> Iterator[str]:
    if answer.status not in {400, 401}:
        yield f"status {answer.status} is not 200, 400 or 401 (RFC 6749 §5.2)"
        return
    yield from (f"answer {fault}" for fault in schemas.faults(_REFUSAL, body))
    if (answer.status == 401) != (body.get("error") == "invalid_client"):
        yield "401 is for invalid_client, and 400 for all else (RFC 6749 §5.2)"
    tried_basic = exchange.headers.get("Authorization", "").startswith("Basic ")
    if answer.status == 401 and tried_basic and "WWW-Authenticate" not in answer.headers:
        yield "a client refused after Basic is told so by WWW-Authenticate (RFC 6749 §5.2)"


def _sent_back(exchange: Exchange, answer: Answer) -> Iterator[str]:
    """RFC 6749 §4.1.2: back to where the application said, with its state and with either a code or an error."""
    location = answer.headers.get("Location")
    asked = dict(exchange.query)
    if location is None or "redirect_uri" not in asked:
        return
    given = dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))
    if location.partition("?")[0] != asked["redirect_uri"].partition("?")[0]:
        yield "the browser is sent somewhere else than to redirect_uri"
    if given.get("state") != asked.get("state"):
        yield "the state that comes back is not the one that was sent"
    if ("code" in given) == ("error" in given):
        yield "what comes back is a code or an error"
