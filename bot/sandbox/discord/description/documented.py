"""What every request and every answer has to keep to beyond the description, written from Discord's documentation.

The description says nothing of the user agent, of audit reasons, of the headers that a 429 carries, of 5xx, and of Cloudflare, which
stands before Discord. Each rule names the page that it is written from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bot.sandbox.discord.description.exchange import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.discord.description.exchange import Answer, Exchange

_DOCS = "https://discord.com/developers/docs"
_RATE_HEADERS = tuple(
    f"X-RateLimit-{each}" for each in ("Limit", "Remaining", "Reset", "Reset-After", "Bucket")
)
_USER_AGENT = re.compile(r"DiscordBot \(\S+,? [^)]+\)")
"""The comma is documented; nextcord leaves it out, and is not blocked for it."""
_TAKE_REASONS = frozenset(
    line.strip()
    for line in """
    PATCH /guilds/{}
    PATCH /guilds/{}/members/{}
    PATCH /guilds/{}/members/@me
    PUT /guilds/{}/members/{}/roles/{}
    DELETE /guilds/{}/members/{}/roles/{}
    DELETE /guilds/{}/members/{}
    PUT /guilds/{}/bans/{}
    DELETE /guilds/{}/bans/{}
    POST /guilds/{}/bulk-ban
    POST /guilds/{}/roles
    PATCH /guilds/{}/roles
    PATCH /guilds/{}/roles/{}
    DELETE /guilds/{}/roles/{}
    POST /guilds/{}/channels
    POST /guilds/{}/prune
    PATCH /channels/{}
    DELETE /channels/{}
    PUT /channels/{}/permissions/{}
    DELETE /channels/{}/permissions/{}
    POST /channels/{}/invites
    DELETE /channels/{}/messages/{}
    POST /channels/{}/messages/bulk-delete
    PUT /channels/{}/messages/pins/{}
    DELETE /channels/{}/messages/pins/{}
    POST /channels/{}/webhooks
    DELETE /invites/{}
    PATCH /webhooks/{}
    DELETE /webhooks/{}
    """.strip().splitlines()
)
"""Of what the sandbox could ever serve, the operations whose documentation says that they support X-Audit-Log-Reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule[T]:
    """A check that says what is wrong, and the page that it is written from."""

    source: str
    check: Callable[[T], Iterator[str]]
    of_guests: bool = True
    """Whether libraries that are not ours are held to it too."""


def of_request(exchange: Exchange, template: str | None) -> list[str]:
    """Say how a request breaks what is documented for all of them."""
    rules = [rule for rule in REQUEST_RULES if rule.of_guests or not exchange.guest]
    faults = [fault for rule in rules for fault in rule.check(exchange)]
    if "X-Audit-Log-Reason" in exchange.headers and template is not None:
        shape = f"{exchange.method} {re.sub(r'{[^}]*}', '{}', template)}"
        if shape not in _TAKE_REASONS:
            faults.append("X-Audit-Log-Reason: this operation takes none")
    return faults


def of_answer(answer: Answer) -> list[str]:
    """Say how an answer breaks what is documented for all of them."""
    return [fault for rule in ANSWER_RULES for fault in rule.check(answer)]


def is_described(answer: Answer) -> bool:
    """Tell whether the description speaks of such answers at all: not of 5xx, nor of the pages that `_page` looks at."""
    return answer.status < 500 and not _is_page(answer)


def _is_page(answer: Answer) -> bool:
    """Tell whether this is a refusal that did not come from Discord, which refuses in JSON."""
    return answer.status >= 400 and answer.media_type != "application/json"


def _user_agent(exchange: Exchange) -> Iterator[str]:
    if not _USER_AGENT.match(exchange.headers.get("User-Agent", "")):
        yield "User-Agent is not 'DiscordBot ($url, $versionNumber)'"


def _audit_reason(exchange: Exchange) -> Iterator[str]:
    reason = exchange.headers.get("X-Audit-Log-Reason")
    if reason is not None and (not reason.isascii() or not 1 <= len(unquote(reason)) <= 512):
        yield "X-Audit-Log-Reason is not 1 to 512 characters, URL-encoded"


def _allowance(answer: Answer) -> Iterator[str]:
    missing = [name for name in _RATE_HEADERS if name not in answer.headers]
    if 0 < len(missing) < len(_RATE_HEADERS):
        yield f"rate limit headers come together; missing: {', '.join(missing)}"
    if answer.status != 429:
        only = [name for name in ("X-RateLimit-Global", "X-RateLimit-Scope") if name in answer.headers]
        yield from (f"{name} comes only with a 429" for name in only)


def _too_many(answer: Answer) -> Iterator[str]:
    if answer.status != 429:
        return
    if not answer.headers.get("Retry-After", "").isdecimal():
        yield "a 429 has Retry-After in whole seconds"
    if _is_page(answer):
        return
    scope = answer.headers.get("X-RateLimit-Scope")
    if scope not in {"user", "global", "shared"}:
        yield f"X-RateLimit-Scope {scope!r} is not user, global or shared"
    marks = {answer.headers.get("X-RateLimit-Global") == "true", _body_says_global(answer), scope == "global"}
    if len(marks) > 1:
        yield "X-RateLimit-Global, X-RateLimit-Scope and `global` in the body disagree"


def _body_says_global(answer: Answer) -> bool:
    try:
        body = answer.json()
    except UnreadableError:
        return False
    return isinstance(body, dict) and body.get("global") is True


def _server_error(answer: Answer) -> Iterator[str]:
    if answer.status < 500 or answer.media_type != "application/json":
        return
    try:
        body = answer.json()
    except UnreadableError as error:
        yield str(error)
        return
    if (
        not isinstance(body, dict)
        or not isinstance(body.get("message"), str)
        or not isinstance(body.get("code"), int)
    ):
        yield "a 5xx in JSON has `message` and `code`"


def _page(answer: Answer) -> Iterator[str]:
    """Only Cloudflare, which stands before Discord, refuses with a page."""
    if not _is_page(answer):
        return
    is_page = answer.body and answer.media_type in {"text/html", "text/plain"}
    if not is_page or answer.headers.get("Server") != "cloudflare":
        kind = answer.media_type or "nothing"
        yield f"a refusal is Discord's JSON or a page that says `Server: cloudflare`, not {kind!r}"
    given = [name for name in answer.headers if name.lower().startswith("x-ratelimit-")]
    yield from (f"{name} is Discord's, and this is not its answer" for name in given)


REQUEST_RULES: tuple[Rule[Exchange], ...] = (
    Rule(source=f"{_DOCS}/reference#user-agent", check=_user_agent, of_guests=False),
    Rule(source=f"{_DOCS}/resources/audit-log#audit-log-entry-object", check=_audit_reason),
)
ANSWER_RULES: tuple[Rule[Answer], ...] = (
    Rule(source=f"{_DOCS}/topics/rate-limits#header-format", check=_allowance),
    Rule(source=f"{_DOCS}/topics/rate-limits#exceeding-a-rate-limit", check=_too_many),
    Rule(source=f"{_DOCS}/topics/opcodes-and-status-codes#http", check=_server_error),
    Rule(
        source=f"{_DOCS}/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans",
        check=_page,
    ),
)
