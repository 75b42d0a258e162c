"""nextcord's HTTP client, with the sending done by us: in turn, within a time, and again where that is safe.

Defects of nextcord 3.2 that end here: a 429 of scope ``shared`` with requests left is repeated at once, five times, and
raised; 408, 501, 503, time-outs and resets are not repeated at all; a call may take 300 s; and each refusal is
logged as if a programmer had to look ("check your path?"), although an absent member is an ordinary answer. Whose turn it
is says ``pacing.py``; here is what came of it. Errors are nextcord's own, so that its other parts understand them.
"""

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
import nextcord
import structlog
from nextcord.http import HTTPClient, Route, json_or_text

from bot.discord.invalid_requests import InvalidRequests
from bot.discord.pacing import Pacing, Turn
from models.access import Urgency

log = structlog.get_logger()

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)
NOT_NOW = frozenset({408, 425, 500, 501, 502, 503, 504, 520, 521, 522, 523, 524})
"""Discord, or what stands before it, could not answer; asked again it may."""
_SAFE_TO_REPEAT = frozenset({"GET", "HEAD", "PUT", "DELETE"})
_OVERLOADED = 130000
_REPEATS = 3
_FIRST_PAUSE_S = 0.3
_REPEAT_WITHIN_S = 20.0
_WAIT_WITHIN_S = 300.0
"""How long a call may go on being told to wait."""
_AFTER_A_BAN_S = 300.0
_CUT = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    response: aiohttp.ClientResponse
    body: Any

    @property
    def status(self) -> int:
        return self.response.status

    @property
    def is_ban(self) -> bool:
        """Refused by what stands before Discord, which shuts out addresses and says no more."""
        return "Via" not in self.response.headers or not isinstance(self.body, dict)

    @property
    def is_global(self) -> bool:
        return self.response.headers.get("X-RateLimit-Scope") == "global" or (
            self.response.headers.get("X-RateLimit-Global") == "true"
        )

    @property
    def retry_after_s(self) -> float:
        told = self.body.get("retry_after") if isinstance(self.body, dict) else None
        try:
            return float(told or self.response.headers["Retry-After"])
        except (KeyError, TypeError, ValueError):
            return _AFTER_A_BAN_S if self.is_ban else 1.0

    def error(self) -> nextcord.HTTPException:
        kinds = {401: nextcord.Unauthorized, 403: nextcord.Forbidden, 404: nextcord.NotFound}
        kind = nextcord.DiscordServerError if self.status >= 500 else nextcord.HTTPException
        return kinds.get(self.status, kind)(self.response, self.body)


class PacedHTTP(HTTPClient):
    """Every request of nextcord's, and ours, but for answers to interactions, which Discord does not count."""

    def __init__(
        self, *, pacing: Pacing | None = None, timeout: aiohttp.ClientTimeout | None = None, **options: Any
    ) -> None:
        super().__init__(**options, ratelimit_shed_timer=None)
        self.pacing = pacing or Pacing(invalid=InvalidRequests())
        self.timeout = timeout or TIMEOUT
        self._own: aiohttp.ClientSession | None = None

    async def request(  # noqa: PLR0913 - nextcord's signature, and two more
        self,
        route: Route,
        *,
        files: Sequence[nextcord.File] | None = None,
        form: Iterable[dict[str, Any]] | None = None,
        auth: str | None = nextcord.utils.MISSING,
        retry_request: bool = True,
        urgency: Urgency = Urgency.PERSON,
        repeatable: bool | None = None,
        **options: Any,
    ) -> Any:
        """Ask Discord; what nextcord asks by itself is asked as if a person waited.

        ``repeatable``: asking twice does no more than asking once; by default the method says so. Raises NotNowError,
        nextcord.HTTPException, and what a broken connection raises.
        """
        await self.recreate()
        headers = self._make_headers(options.pop("headers", {}), auth=auth)
        if reason := options.pop("reason", None):
            headers["X-Audit-Log-Reason"] = quote(reason, safe="/ ")
        parts = tuple(form or ())
        safe = route.method in _SAFE_TO_REPEAT if repeatable is None else repeatable
        turn = self.pacing.turn(f"{route.method} {route.path}", _resource(route), urgency=urgency)
        tries = _Tries(self._now(), most=_REPEATS if safe and retry_request else 0)
        while True:
            try:
                answer = await self._ask(turn, route, headers, parts, options)
            except _CUT:
                if not tries.left(self._now()):
                    raise
            else:
                if answer.status < 400:
                    return answer.body
                if not (retry_request and self._may_repeat(answer, tries)):
                    raise answer.error()
                if answer.status == 429:
                    continue
            await tries.pause()
            for file in files or ():
                file.reset(seek=True)

    async def close(self) -> None:
        if self._own is not None:
            await self._own.close()
        await super().close()

    def _may_repeat(self, answer: Answer, tries: "_Tries") -> bool:
        if answer.status == 429:
            return self._now() - tries.began_at < _WAIT_WITHIN_S
        overloaded = isinstance(answer.body, dict) and answer.body.get("code") == _OVERLOADED
        return answer.status in NOT_NOW and not overloaded and tries.left(self._now())

    async def _ask(
        self,
        turn: Turn,
        route: Route,
        headers: Mapping[str, str],
        parts: Sequence[dict[str, Any]],
        options: Mapping[str, Any],
    ) -> Answer:
        """Once, when it is this call's turn."""
        await self.pacing.wait(turn)
        answered = False
        try:
            sent = {"timeout": self.timeout, **options}
            if parts:
                sent["data"] = _form_of(parts)
            async with self._session().request(route.method, route.url, headers=headers, **sent) as response:
                answer = Answer(response=response, body=await json_or_text(response))
            answered = True
        finally:
            if not answered:
                self.pacing.ended(turn)
        self._take_note(turn, answer)
        return answer

    def _take_note(self, turn: Turn, answer: Answer) -> None:
        headers = answer.response.headers
        self.pacing.answered(turn, answer.status, headers)
        self.pacing.invalid.count(answer.status, headers)
        if answer.status == 429:
            scope = "ban" if answer.is_ban else headers.get("X-RateLimit-Scope", "user")
            self.pacing.block(turn, answer.retry_after_s, everything=answer.is_global or answer.is_ban)
            log.warning(
                "rate_limited", scope=scope, after_s=answer.retry_after_s, route=turn.route, of=turn.resource
            )

    def _session(self) -> aiohttp.ClientSession:
        if self._own is None or self._own.closed:
            self._own = aiohttp.ClientSession()
        return self._own

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()


class _Tries:
    """How often a call that found nobody is made again."""

    def __init__(self, began_at: float, *, most: int) -> None:
        self.began_at = began_at
        self._most = most
        self._made = 0

    def left(self, now: float) -> bool:
        return self._made < self._most and now - self.began_at < _REPEAT_WITHIN_S

    async def pause(self) -> None:
        """Longer each time, and not in step with others."""
        await asyncio.sleep(_FIRST_PAUSE_S * 2**self._made * random.uniform(0.5, 1.0))  # noqa: S311 - spread, not secrecy
        self._made += 1


def _resource(route: Route) -> str:
    """The top-level resource: what an allowance belongs to."""
    return f"{route.guild_id}:{route.channel_id}:{route.webhook_id}:{route.webhook_token}"


def _form_of(parts: Iterable[dict[str, Any]]) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for part in parts:
        form.add_field(**part)
    return form
