"""Between HTTP and the handlers: who is asking, may they ask now, what goes wrong, what is answered and written down.

Everything that all of Discord's endpoints share is here once: authorization, rate limits, faults, the error body, the journal.
Handlers do not await between looking and changing, so that each request is one step, as it is with Discord.
"""

from __future__ import annotations

import asyncio
import inspect
import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox.discord import errors, wounds
from bot.sandbox.discord.calls import NO_CONTENT, Call, Reply, Route, RouteTable
from bot.sandbox.discord.errors import DiscordError
from bot.sandbox.discord.limits import Refusal, Standing

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.sandbox.discord.faults import Fault, Strike
    from bot.sandbox.discord.journal import Entry
    from bot.sandbox.discord.model import User
    from bot.sandbox.discord.server import Discord

__all__ = ["API", "NO_CONTENT", "Call", "Reply", "RouteTable", "bind", "json_response"]

API = "/api/v10"
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def bind(discord: Discord, table: RouteTable) -> list[web.RouteDef]:
    """Return a table's endpoints as aiohttp's, below the API's prefix."""
    return [web.route(each.method, API + each.template, _endpoint(discord, each)) for each in table.routes]


def _endpoint(discord: Discord, route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def endpoint(request: web.Request) -> web.StreamResponse:
        return await _Exchange(discord, route, request).answer()

    return endpoint


class _Exchange:
    """One request on its way through."""

    def __init__(self, discord: Discord, route: Route, request: web.Request) -> None:
        self.discord = discord
        self.route = route
        self.request = request
        self.address = request.remote or "?"
        self.standing: Standing | None = None

    async def answer(self) -> web.StreamResponse:
        """Carry the request through and write down what became of it."""
        raw = await self.request.read()
        self.entry = self._open_entry(raw)
        strike = self.discord.faults.match(self.entry)
        if strike:
            self.entry.fault = strike.fault.do
        banned = self.discord.limits.banned(self.address)
        try:
            reply = _refused(banned) if banned else await self._with_fault(strike, raw)
        except ConnectionAbortedError:
            return web.Response(status=499)
        self._settle(reply)
        response = self._render(reply)
        if strike and strike.fault.do == "half_body":
            return wounds.HalfResponse(self.request, response)
        return response

    def _open_entry(self, raw: bytes) -> Entry:
        params = self.request.match_info
        guild_id = params.get("guild_id", "")
        reason = self.request.headers.get("X-Audit-Log-Reason")
        return self.discord.journal.open(
            self.route.name,
            method=self.route.method,
            path=self.request.path_qs,
            guild_id=int(guild_id) if guild_id.isdecimal() else None,
            body=_readable(raw),
            reason=unquote(reason) if reason else None,
        )

    async def _with_fault(self, strike: Strike | None, raw: bytes) -> Reply:
        do = strike.fault.do if strike else None
        if strike and do == "status":
            return self._faulty(strike.fault)
        if strike and do == "cloudflare":
            return wounds.of_cloudflare(strike.fault)
        if strike and do == "delay":
            await asyncio.sleep(strike.fault.delay_s)
        if do == "reset_before":
            self._cut(hard=True)
        if strike and do == "hold_before":
            await strike.hold()
            self._drop_if_nobody_waits()
        reply = await self._respond(raw, ghost=do == "ghost")
        if strike and do == "hold_after":
            await strike.hold()
        if do == "drop_after":
            self.entry.status = reply.status
            self._cut(hard=False)
        return reply

    async def _respond(self, raw: bytes, *, ghost: bool) -> Reply:
        try:
            auth, user, scopes, caller = self._authorize()
            taken = self.discord.limits.take(self.route.name, self.request.match_info, caller)
            if isinstance(taken, Refusal):
                return _refused(taken)
            self.standing = taken
            if ghost:
                return NO_CONTENT
            call = Call(
                discord=self.discord,
                auth=auth,
                user=user,
                scopes=scopes,
                params=dict(self.request.match_info),
                query=dict(self.request.query),
                json=self._json(raw),
                headers=self.request.headers,
                reason=self.entry.reason,
            )
            with self.discord.journal.recording(self.entry):
                reply = self.route.handler(call)
                return await reply if inspect.isawaitable(reply) else reply
        except DiscordError as refusal:
            return Reply(status=refusal.status, body=refusal.body())

    def _faulty(self, fault: Fault) -> Reply:
        if fault.status == 429:
            return _refused(self.discord.limits.as_if(self.route.name, fault.scope, fault.retry_after_s))
        message = fault.message or f"{fault.status}: {_PHRASES.get(fault.status, 'Unknown Error')}"
        return Reply(status=fault.status, body={"message": message, "code": fault.code})

    def _authorize(self) -> tuple[str | None, User | None, frozenset[str], str]:
        """Return kind, user, scopes and whose allowance it costs; endpoints open to anybody cost nobody's."""
        header = self.request.headers.get("Authorization", "")
        kind, _, token = header.partition(" ")
        if kind == "Bot" and "Bot" in self.route.auth and token == self.discord.state.app.token:
            bot = self.discord.state.anybody(self.discord.state.app.bot_id)
            self.entry.auth, self.entry.actor = "Bot", bot.id
            return "Bot", bot, frozenset(), header
        if kind == "Bearer" and "Bearer" in self.route.auth:
            user, scopes = self.discord.identify(token)
            self.entry.auth, self.entry.actor = "Bearer", user.id
            return "Bearer", user, frozenset(scopes), header
        if None in self.route.auth:
            return None, None, frozenset(), ""
        raise errors.unauthorized()

    def _json(self, raw: bytes) -> Any:
        if not raw:
            return None
        if self.request.content_type != "application/json":
            return raw
        try:
            return json.loads(raw)
        except ValueError:
            raise errors.invalid_json() from None

    def _drop_if_nobody_waits(self) -> None:
        """Whoever was killed while the request was still on its way never sent it."""
        transport = self.request.transport
        if transport is None or transport.is_closing():
            raise ConnectionAbortedError

    def _cut(self, *, hard: bool) -> None:
        """Close the connection without an answer: as a reset, or as a plain end."""
        wounds.cut(self.request, hard=hard)
        raise ConnectionAbortedError

    def _settle(self, reply: Reply) -> None:
        self.entry.status = reply.status
        refused = isinstance(reply.body, dict) and reply.status >= 400
        self.entry.code = reply.body.get("code") or None if refused else None
        shared = reply.headers.get("X-RateLimit-Scope") == "shared"
        if reply.status in {401, 403} or (reply.status == 429 and not shared):
            self.discord.limits.count_invalid(self.address)

    def _render(self, reply: Reply) -> web.Response:
        headers = {**(self.standing.headers() if self.standing else {}), **reply.headers}
        if "Content-Type" in headers:
            return web.Response(status=reply.status, body=str(reply.body).encode(), headers=headers)
        if reply.body is None:
            return web.Response(status=reply.status, headers=headers)
        if isinstance(reply.body, str):
            return web.Response(status=reply.status, text=reply.body, headers=headers)
        return json_response(reply.body, status=reply.status, headers=headers)


def json_response(body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return JSON whose media type is `application/json` and no more: with a charset, nextcord takes it for text."""
    all_headers = {**(headers or {}), "Content-Type": "application/json"}
    return web.Response(status=status, body=json.dumps(body).encode(), headers=all_headers)


def _refused(refusal: Refusal) -> Reply:
    body = refusal.body() if refusal.scope else "error code: 1015"
    return Reply(status=429, body=body, headers=refusal.headers())


def _readable(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")
