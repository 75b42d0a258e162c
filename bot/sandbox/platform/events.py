"""Takes what the bot tells the platform, checks its signature and shape, and keeps it in order."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from aiohttp import web

from . import signing
from .records import Json, iso
from .settings import Settings


class Events:
    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.now = now
        self.attempts: list[Json] = []  # every request, taken or not
        self.taken: list[Json] = []
        self.refusals = 0
        self.refusal_status = 500
        self._news = asyncio.Condition()

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/events", self.take)]

    def refuse(self, times: int, status: int = 500) -> None:
        """Answer the next so many events with a failure, whatever they are."""
        self.refusals, self.refusal_status = times, status

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        status, envelope = self._judge(request, body)
        event_id = request.headers.get("webhook-id")
        self.attempts.append({"id": event_id, "status": status, "at": iso(self.now())})
        if status == 202:
            self.taken.append({"id": event_id, "received_at": iso(self.now())} | envelope)
            async with self._news:
                self._news.notify_all()
        return web.json_response({}, status=status)

    async def wait(
        self, event_type: str, match: Json | None = None, since: int = 0, timeout_s: float = 10
    ) -> Json | None:
        """The first event after `since` of this type whose data holds what is asked for; None if none came in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._news:
                await self._news.wait_for(lambda: self._first(event_type, match or {}, since))
        return self._first(event_type, match or {}, since)

    def _first(self, event_type: str, match: Json, since: int) -> Json | None:
        for event in self.taken[since:]:
            data = event["data"]
            if event["type"] == event_type and all(data.get(n) == v for n, v in match.items()):
                return event
        return None

    def _judge(self, request: web.Request, body: bytes) -> tuple[int, Json]:
        if self.refusals > 0:
            self.refusals -= 1
            return self.refusal_status, {}
        secrets, now_s = self.settings.webhook_secrets, self.now().timestamp()
        if not signing.is_genuine(secrets, request.headers, body, now_s):
            return 401, {}
        if any(event["id"] == request.headers["webhook-id"] for event in self.taken):
            return 200, {}
        try:
            envelope = json.loads(body)
        except ValueError:
            return 400, {}
        whole = isinstance(envelope, dict) and {"type", "timestamp", "data"} <= set(envelope)
        return (202, envelope) if whole else (400, {})
