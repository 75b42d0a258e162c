"""Between HTTP and the handlers: who is asking, may they ask now, what goes wrong, what is answered and written down.

A handler is a plain function from a `Call` to a `Reply`; it raises `DiscordError` to refuse. Everything that all of Discord's
endpoints share is here once: authorization, rate limits, faults, the error body, the journal. Handlers do not await between looking
and changing, so that each request is one step, as it is with Discord.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import socket
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from aiohttp import web

from bot.sandbox.discord import errors
from bot.sandbox.discord.errors import DiscordError
from bot.sandbox.discord.limits import Refusal, Standing
from bot.sandbox.discord.model import By, Json, User

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.sandbox.discord.faults import Fault, Strike
    from bot.sandbox.discord.journal import Entry
    from bot.sandbox.discord.server import Discord
    from bot.sandbox.discord.state import State

API = "/api/v10"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer; without `body` there is none, as with 204."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


NO_CONTENT = Reply(status=204)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request, understood: `auth` is Bot, Bearer or None, `user` who is acting, `params` the path's parts, ids as ints."""

    discord: Discord
    auth: str | None
    user: User | None
    scopes: frozenset[str]
    params: Mapping[str, str]
    query: Mapping[str, str]
    json: Any
    headers: Mapping[str, str]
    reason: str | None

    @property
    def state(self) -> State:
        """The state of the sandbox that was asked."""
        return self.discord.state

    @property
    def actor(self) -> User:
        """Who is acting; raises 401 where nobody is."""
        if self.user is None:
            raise errors.unauthorized()
        return self.user

    @property
    def by(self) -> By:
        """Who and why, for the audit log."""
        return By(user_id=self.actor.id, reason=self.reason)

    def id(self, name: str) -> int:
        """Return a snowflake of the path; `@me` is the caller; raises 50035 for anything else."""
        text = self.params[name]
        if text == "@me":
            return self.actor.id
        return snowflake(name, text)

    def form(self) -> Json:
        """Return the body as an object; raises 50035 where it is none."""
        if not isinstance(self.json, dict):
            raise errors.invalid_form(
                {
                    "_errors": [
                        {
                            "code": "MODEL_TYPE_CONVERT",
                            "message": "Only dictionaries may be used in a DictType",
                        }
                    ]
                }
            )
        return self.json


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An endpoint: method, template, handler; `auth` who may call it: `Bot`, `Bearer`, both, or `None` for anybody."""

    method: str
    template: str
    handler: Callable[[Call], Reply | Awaitable[Reply]]
    auth: tuple[str | None, ...] = ("Bot",)

    @property
    def name(self) -> str:
        """`METHOD /template`, as limits, faults and journal name it."""
        return f"{self.method} {self.template}"


class RouteTable:
    """Collects a module's endpoints, in the order in which they are to be tried."""

    def __init__(self) -> None:
        self.routes: list[Route] = []

    def route[H: Callable[[Call], Reply | Awaitable[Reply]]](
        self, method: str, template: str, *, auth: tuple[str | None, ...] = ("Bot",)
    ) -> Callable[[H], H]:
        """Register the decorated function."""

        def register(handler: H) -> H:
            self.routes.append(Route(method=method, template=template, handler=handler, auth=auth))
            return handler

        return register


def bind(discord: Discord, table: RouteTable) -> list[web.RouteDef]:
    """Return a table's endpoints as aiohttp's, below the API's prefix."""
    return [web.route(each.method, API + each.template, _endpoint(discord, each)) for each in table.routes]


def snowflake(name: str, text: Any) -> int:
    """Read an id; raises 50035 where it is none."""
    if str(text).isdecimal() and int(text) < 1 << 63:
        return int(text)
    raise errors.invalid_form(errors.field(name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.'))


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
        return self._render(reply)

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
            return _faulty(strike.fault)
        if strike and do == "delay":
            await asyncio.sleep(strike.fault.delay_s)
        if do == "reset_before":
            self._cut(hard=True)
        if strike and do == "hold_before":
            await strike.hold()
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
            taken = (
                self.discord.limits.take(self.route.name, self.request.match_info, caller) if caller else None
            )
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

    def _cut(self, *, hard: bool) -> None:
        """Close the connection without an answer: as a reset, or as a plain end."""
        transport = self.request.transport
        if transport is not None:
            connection = transport.get_extra_info("socket")
            if hard and connection is not None:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
        raise ConnectionAbortedError

    def _settle(self, reply: Reply) -> None:
        self.entry.status = reply.status
        self.entry.code = (
            reply.body.get("code") if isinstance(reply.body, dict) and reply.status >= 400 else None
        )
        shared = reply.headers.get("X-RateLimit-Scope") == "shared"
        if reply.status in {401, 403} or (reply.status == 429 and not shared):
            self.discord.limits.count_invalid(self.address)

    def _render(self, reply: Reply) -> web.Response:
        headers = {**(self.standing.headers() if self.standing else {}), **reply.headers}
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


def _faulty(fault: Fault) -> Reply:
    if fault.status == 429:
        return _refused(Refusal(retry_after_s=fault.retry_after_s, scope=fault.scope))
    message = fault.message or f"{fault.status}: the sandbox was told to fail"
    return Reply(status=fault.status, body={"message": message, "code": fault.code})


def _readable(raw: bytes) -> Any:
    if not raw:
        return None
    try:
        return json.loads(raw)
    except ValueError:
        return raw.decode(errors="replace")
