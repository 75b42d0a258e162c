"""Answers for the truth: memberships and tiers as they are now, in pages, to who knows the token.

It can also fall silent, answer nonsense, or not know a membership, because the bot must not end anybody's
access only because it got no answer.
"""

import asyncio
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime

from aiohttp import web

from .records import Json, Membership, Record, Tier
from .settings import Settings
from .state import RefusedError, State

MOODS = ("normal", "hang", "unavailable", "unknown", "garbage", "refused")


class Truth:
    def __init__(self, state: State, settings: Settings) -> None:
        self.state = state
        self.settings = settings
        self.mood = "normal"
        self.asked: list[Json] = []
        self._moved = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/memberships", self.memberships),
            web.get("/api/memberships/{id}", self.membership),
            web.get("/api/tiers", self.tiers),
        ]

    def set_mood(self, mood: str) -> None:
        """Be "normal", "hang", be "unavailable" (503), know nothing ("unknown", 404), talk "garbage", or be "refused" (401)."""
        if mood not in MOODS:
            raise RefusedError(f"no such mood: {mood!r}; one of {', '.join(MOODS)}")
        self.mood = mood
        self.release()

    def release(self) -> None:
        """Let those go on who are kept waiting."""
        self._moved.set()
        self._moved = asyncio.Event()

    def hide(self, membership: str, *, hidden: bool = True) -> None:
        """Behave as if this membership had never been, or stop doing so."""
        self.state.get(Membership, membership)
        (self.state.hidden.add if hidden else self.state.hidden.discard)(membership)

    async def membership(self, request: web.Request) -> web.Response:
        if refusal := await self._refusal(request):
            return refusal
        found = {each.id: each for each in self._memberships()}.get(request.match_info["id"])
        if found is None:
            return _problem(404, "there is no such membership")
        return web.json_response(self.state.snapshot(found))

    async def memberships(self, request: web.Request) -> web.Response:
        if refusal := await self._refusal(request):
            return refusal
        known = self._memberships()
        if since := request.query.get("updated_since"):
            try:
                moment = datetime.fromisoformat(since)
                known = [each for each in known if each.updated_at >= moment]
            except (TypeError, ValueError):
                return _problem(400, "updated_since is not an ISO 8601 date with an offset")
        return self._page(request, known)

    async def tiers(self, request: web.Request) -> web.Response:
        if refusal := await self._refusal(request):
            return refusal
        creator = request.query.get("creator_id")
        return self._page(request, [t for t in self.state.all(Tier) if creator in (None, t.creator_id)])

    def _memberships(self) -> list[Membership]:
        return [m for m in self.state.all(Membership) if m.id not in self.state.hidden]

    def _page(self, request: web.Request, found: Sequence[Record]) -> web.Response:
        """Pages follow the order of making, so that a change between two pages loses nobody."""
        ids = list(self.state.records)
        after = request.query.get("cursor")
        if after is not None and after not in self.state.records:
            return _problem(400, "no such cursor")
        start = ids.index(after) if after else -1
        place = {record_id: n for n, record_id in enumerate(ids)}
        rest = [each for each in found if place[each.id] > start]
        page = rest[: self.settings.page_size]
        more = page[-1].id if len(rest) > len(page) else None
        return web.json_response({"data": self._snapshots(page), "next_cursor": more})

    def _snapshots(self, records: Iterable[Record]) -> list[Json]:
        return [self.state.snapshot(record) for record in records]

    async def _refusal(self, request: web.Request) -> web.Response | None:
        self.asked.append({"path": request.path, "query": dict(request.query), "mood": self.mood})
        if self.mood == "hang":
            await self._moved.wait()
        given = request.headers.get("Authorization", "")
        if self.mood == "refused" or not hmac.compare_digest(
            given.encode(), f"Bearer {self.settings.api_token}".encode()
        ):
            return _problem(401, "the token is not known")
        match self.mood:
            case "unavailable":
                return _problem(503, "not now")
            case "unknown":
                return _problem(404, "nothing is known")
            case "garbage":
                return web.Response(text="<html>Something went wrong", content_type="text/html")
            case _:
                return None


def _problem(status: int, title: str) -> web.Response:
    return web.json_response({"title": title, "status": status}, status=status)
