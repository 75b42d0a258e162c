"""Asks the platform for the truth, over HTTP; what was not answered as agreed is a value too.

Its own session, because a platform that hangs must hold up nothing else: every question has a time-out, an answer a
greatest length, and no redirect is followed (whoever could answer with one would be sent our token). Every snapshot
is read by the contract, as a webhook's is. Silence, nonsense and a refusal are all :class:`Silent`: none of them says
anything about a membership.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from msgspec import Meta, Struct

from bot.ids import CreatorId, MembershipId
from bot.memberships.contract import MembershipSnapshot, Problem, Snapshot, TierSnapshot, read_snapshot
from bot.memberships.reading import read_json

TIME_OUT = timedelta(seconds=10)
LARGEST = 8 * 1024 * 1024
CLOSED = "closed"
"""Why an answer is missing when the bot is being stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The platform does not know what it was asked for (404): reported, no proof of an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """No answer, or none that means anything; ``why`` is for the log."""

    why: str
    status: int = 0
    """0: no answer at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page[S: Snapshot]:
    snapshots: tuple[S, ...]
    unreadable: tuple[Problem, ...]
    """What was wrong with the others, one for each."""
    next_cursor: str | None


class _Body(Struct, frozen=True):
    data: Annotated[list[dict[str, Any]], Meta(max_length=500)]
    next_cursor: str | None


class Truth:
    """``url``: MEMBERSHIP_API_URL; the session is opened by the first question and ends with :meth:`close`."""

    def __init__(self, *, url: str, token: str, timeout: timedelta = TIME_OUT) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._timeout = ClientTimeout(total=timeout.total_seconds(), connect=timeout.total_seconds() / 2)
        self._session: ClientSession | None = None
        self.closed = False

    async def close(self) -> None:
        """Let go of questions under way: they, and all later ones, are answered ``Silent``."""
        self.closed = True
        if self._session:
            await self._session.close()

    async def membership(self, membership_id: MembershipId) -> MembershipSnapshot | Unknown | Silent:
        answer = await self._ask(f"/memberships/{quote(membership_id, safe='')}", {})
        if isinstance(answer, Silent):
            return Unknown() if answer.status == HTTPStatus.NOT_FOUND else answer
        try:
            snapshot = _one(MembershipSnapshot, msgspec.convert(read_json(answer), type=dict[str, Any]))
        except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
            return Silent(why="not a snapshot", status=HTTPStatus.OK)
        if isinstance(snapshot, Problem):
            return Silent(why=f"outside the contract: {snapshot}", status=HTTPStatus.OK)
        if snapshot.id != membership_id:
            return Silent(why="about another membership", status=HTTPStatus.OK)
        return snapshot

    async def memberships(
        self, *, since: datetime | None, cursor: str | None
    ) -> Page[MembershipSnapshot] | Silent:
        """One page of what changed since ``since`` (None: of all), from ``cursor`` on."""
        query = {} if since is None else {"updated_since": since.isoformat()}
        return await self._page("/memberships", MembershipSnapshot, query, cursor)

    async def tiers(self, creator_id: CreatorId, *, cursor: str | None) -> Page[TierSnapshot] | Silent:
        return await self._page("/tiers", TierSnapshot, {"creator_id": creator_id}, cursor)

    async def _page[S: Snapshot](
        self, path: str, kind: type[S], query: Mapping[str, str], cursor: str | None
    ) -> Page[S] | Silent:
        answer = await self._ask(path, {**query, "cursor": cursor} if cursor else query)
        if isinstance(answer, Silent):
            return answer
        try:
            body = msgspec.convert(read_json(answer), type=_Body)
        except (ValueError, RecursionError):
            return Silent(why="not a page", status=HTTPStatus.OK)
        if body.next_cursor is not None and body.next_cursor in {"", cursor}:
            return Silent(why="its cursor does not move", status=HTTPStatus.OK)
        read = [_one(kind, item) for item in body.data]
        return Page(
            snapshots=tuple(each for each in read if not isinstance(each, Problem)),
            unreadable=tuple(each for each in read if isinstance(each, Problem)),
            next_cursor=body.next_cursor,
        )

    async def _ask(self, path: str, query: Mapping[str, str]) -> bytes | Silent:
        if self.closed:
            return Silent(why=CLOSED)
        if self._session is None:
            self._session = ClientSession(timeout=self._timeout, headers=self._headers)
        try:
            async with self._session.get(self._url + path, params=query, allow_redirects=False) as answer:
                if answer.status != HTTPStatus.OK:
                    return Silent(why=f"answered {answer.status}", status=answer.status)
                body = bytearray()
                async for chunk in answer.content.iter_any():
                    body += chunk
                    if len(body) > LARGEST:
                        return Silent(why="too long", status=answer.status)
                return bytes(body)
        except (ClientError, OSError) as error:  # a time-out is an OSError
            return Silent(why=CLOSED if self.closed else type(error).__name__)


def _one[S: Snapshot](kind: type[S], data: Mapping[str, Any]) -> S | Problem:
    name = "tier" if kind is TierSnapshot else "membership"
    found = read_snapshot(name, data)
    if isinstance(found, Problem):
        about = data.get("id")
        return Problem(field=found.field, reason=f"{found.reason} (id {str(about)[:64]!r})")
    assert isinstance(found, kind)  # noqa: S101 - the name says which
    return found
