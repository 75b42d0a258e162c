"""The platform's side of the wire: it signs by hand, posts to the door, and listens for what it is told."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientSession, web
from multidict import CIMultiDict
from yarl import URL

from bot.memberships.inbox import Inbox
from bot.web.webhooks import routes
from tests.memberships.data import Json
from tests.memberships.room import SECRET


def signature(message_id: str, moment: str, body: bytes, secret: str = SECRET) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{moment}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> Json:
        assert self.headers["Content-Type"].startswith("application/problem+json")
        found: Json = json.loads(self.body)
        assert found["status"] == self.status
        return found


@dataclass
class Platform:
    url: URL
    clock: Callable[[], datetime]
    session: ClientSession
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def send(self, event_type: str, data: Any, message_id: str | None = None) -> Answer:
        body = self.body(event_type, data)
        return await self.post(body, self.headers(body, message_id))

    def body(self, event_type: str, data: Any) -> bytes:
        envelope = {"type": event_type, "timestamp": self.clock().isoformat(), "data": data}
        return json.dumps(envelope).encode()

    def headers(
        self,
        body: bytes,
        message_id: str | None = None,
        *,
        away: timedelta = timedelta(0),
        secret: str = SECRET,
    ) -> dict[str, str]:
        message_id = message_id or f"msg_{next(self.ids)}"
        moment = str(int((self.clock() + away).timestamp()))
        return {
            "webhook-id": message_id,
            "webhook-timestamp": moment,
            "webhook-signature": signature(message_id, moment, body, secret),
            "content-type": "application/json",
        }

    async def post(self, body: Any, headers: Mapping[str, str]) -> Answer:
        async with self.session.post(self.url, data=body, headers=headers) as answer:
            return Answer(answer.status, answer.headers.copy(), await answer.read())

    async def raw(self, body: bytes, headers: Mapping[str, str | bytes]) -> Answer:
        """Post what no client would send, such as bytes in a header."""
        async with self._connected({"content-length": str(len(body)), **headers}) as (reader, writer):
            writer.write(body)
            async with asyncio.timeout(5):
                head, _, answered = (await reader.read()).partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        fields = (line.partition(": ") for line in lines)
        return Answer(
            int(first.split()[1]), CIMultiDict((name, value) for name, _, value in fields), answered
        )

    @asynccontextmanager
    async def waiting_for_a_body(self, headers: Mapping[str, str]) -> AsyncIterator[asyncio.StreamWriter]:
        """A connection on which the door waits for the body; leaving hangs up."""
        async with self._connected(
            {"content-type": "application/json", "expect": "100-continue", **headers}
        ) as (reader, writer):
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 ")
            yield writer

    @asynccontextmanager
    async def _connected(
        self, headers: Mapping[str, str | bytes]
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection(self.url.host, self.url.port)
        lines = [f"POST {self.url.path} HTTP/1.1".encode(), b"Host: x", b"Connection: close"]
        for name, value in headers.items():
            lines.append(f"{name}: ".encode() + (value if isinstance(value, bytes) else value.encode()))
        writer.write(b"\r\n".join([*lines, b"", b""]))
        try:
            yield reader, writer
        finally:
            writer.close()
            await writer.wait_closed()


@asynccontextmanager
async def served(route_defs: list[web.RouteDef]) -> AsyncIterator[URL]:
    app = web.Application()
    app.add_routes(route_defs)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield URL(f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()


@asynccontextmanager
async def platform_at(
    inbox: Inbox, clock: Callable[[], datetime], *, read_within: timedelta = timedelta(seconds=10)
) -> AsyncIterator[Platform]:
    async with served(routes(inbox, read_within=read_within)) as home, ClientSession() as session:
        yield Platform(url=home / "webhooks/memberships", clock=clock, session=session)


@dataclass
class Listener:
    """Takes the bot's events; ``refuse`` says which ids are answered 500."""

    url: str = ""
    heard: list[tuple[str, Json]] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    refuse: set[str] = field(default_factory=set)
    requests: list[tuple[Mapping[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.requests.append((request.headers.copy(), body))
        event = json.loads(body)
        self.attempts.append(event["data"]["n"] if "n" in event["data"] else event["type"])
        if event["data"].get("n") in self.refuse:
            return web.Response(status=500)
        self.heard.append((event["type"], event["data"]))
        return web.Response(status=202)


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    listener = Listener()
    async with served([web.post("/events", listener.take)]) as home:
        listener.url = str(home / "events")
        yield listener
