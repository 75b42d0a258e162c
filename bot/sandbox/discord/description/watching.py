"""Sees every exchange and every gateway frame of a sandbox, and holds it against the description and the documented rules.

It stands outside everything else that the sandbox does, and writes into a ledger: it never changes an answer.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.discord.description import documented, oauth2
from bot.sandbox.discord.description.exchange import Answer, Exchange
from bot.sandbox.discord.description.frames import Frames
from bot.sandbox.discord.description.ledger import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp.typedefs import Handler, Middleware

    from bot.sandbox.discord.description.ledger import Ledger
    from bot.sandbox.discord.description.operations import Description

_PREFIXES = ("/api/v10", "/api")
_CUT = 499
"""The transport's own mark for an answer that never left."""


class Watch:
    """Holds what it is shown against one description; shared by all sandboxes of a process."""

    def __init__(self, description: Description, ledger: Ledger) -> None:
        self._description = description
        self.ledger = ledger
        self.frames = Frames(description.schemas, ledger)

    def middleware(self, *, guests: bool = False) -> Middleware:
        """Return what has to stand outermost in the application that is watched; `guests` are libraries that are not ours."""

        @web.middleware
        async def watch(request: web.Request, handler: Handler) -> web.StreamResponse:
            path = _api_path(request.path)
            if path is None:
                return await handler(request)
            raw = await request.read()
            try:
                response = await handler(request)
            except web.HTTPException as page:
                self.hold(_exchange(request, path, raw, page, guest=guests))
                raise
            except Exception as error:
                operation = self._description.find(request.method, path)
                name = operation.name if operation else f"{request.method} {path}"
                self.ledger.note(name, [f"answered: crashed: {error!r}"])
                raise
            self.hold(_exchange(request, path, raw, response, guest=guests))
            return response

        return watch

    def leave_ledger(self) -> None:
        """Write what was seen until now, if somebody wants to read it."""
        folder = os.environ.get(LEDGER)
        if folder:
            self.ledger.write(Path(folder))

    def hold(self, exchange: Exchange) -> None:
        """Note one exchange and whatever is wrong with it."""
        if exchange.path in {oauth2.AUTHORIZE, oauth2.TOKEN, oauth2.REVOKE}:
            self._hold_oauth2(exchange)
            return
        operation = self._description.find(exchange.method, exchange.path)
        if operation is None:
            self._hold_unknown(exchange)
            return
        asked = self._description.faults_of_request(operation, exchange)
        asked += documented.of_request(exchange, operation.template)
        answered: list[str] = []
        if exchange.answer is not None:
            answered = documented.of_answer(exchange.answer)
            if documented.is_described(exchange.answer):
                answered += self._description.faults_of_answer(operation, exchange.answer)
        self.ledger.note(operation.name, _verdict(exchange, asked, answered))

    def _hold_oauth2(self, exchange: Exchange) -> None:
        asked = list(oauth2.of_request(exchange))
        answered: list[str] = []
        if exchange.answer is not None:
            described = exchange.path == oauth2.AUTHORIZE or documented.is_described(exchange.answer)
            if exchange.path != oauth2.AUTHORIZE:
                answered = documented.of_answer(exchange.answer)
                asked += documented.of_request(exchange, None)
            if described and exchange.answer.status != 429:
                answered += oauth2.of_answer(exchange, exchange.answer, self._description.schemas)
        self.ledger.note(f"{exchange.method} {exchange.path}", _verdict(exchange, asked, answered))

    def _hold_unknown(self, exchange: Exchange) -> None:
        wanted = 405 if self._description.knows(exchange.path) else 404
        status = exchange.answer.status if exchange.answer else wanted
        refused = status == wanted or status >= 500 or status in {401, 429}
        faults = [] if refused else [f"{exchange.method} {exchange.path} is not described, and got {status}"]
        if refused and not exchange.by_hand:
            faults = [f"{exchange.method} {exchange.path} was asked for"]
        if refused and exchange.answer is not None:
            answered = documented.of_answer(exchange.answer)
            if documented.is_described(exchange.answer):
                answered += self._description.faults_of_refusal(exchange.answer)
            faults += [f"answered {status}: {fault}" for fault in answered]
        self.ledger.note("(no operation of Discord's)", faults)


def _verdict(exchange: Exchange, asked: Iterable[str], answered: Iterable[str]) -> list[str]:
    """Return what counts: a wrong request must be refused, and may be made only by those who say that they try."""
    status = exchange.answer.status if exchange.answer else 0
    accepted = 0 < status < 400
    counted = [f"asked: {fault}" for fault in asked if accepted or not _may_be_wrong(exchange)]
    return [*counted, *(f"answered {status}: {fault}" for fault in answered)]


def _may_be_wrong(exchange: Exchange) -> bool:
    # Whose link a browser followed to the consent page cannot be told; there a refusal is enough.
    return exchange.by_hand or exchange.path == oauth2.AUTHORIZE


def _api_path(path: str) -> str | None:
    if path == oauth2.AUTHORIZE:
        return path
    for prefix in _PREFIXES:
        if path.startswith(prefix + "/"):
            return path.removeprefix(prefix)
    return None


def _exchange(
    request: web.Request, path: str, raw: bytes, response: web.StreamResponse, *, guest: bool
) -> Exchange:
    body = response.body if isinstance(response, web.Response) else b""
    answer = Answer(
        status=response.status, headers=response.headers, body=body if isinstance(body, bytes) else b""
    )
    return Exchange(
        method=request.method,
        path=path,
        query=tuple(request.query.items()),
        headers=request.headers,
        body=raw,
        answer=None if response.status == _CUT else answer,
        guest=guest,
    )
