"""The platform's door: bytes in, the inbox's receipt out, and limits that hold for whoever knocks.

The body is read here, chunk by chunk, because a length that is not announced, or announced wrongly, must not fill
the memory, and a sender who drips must not keep a connection; aiohttp's server limits neither.
"""

import asyncio
from datetime import timedelta
from http import HTTPStatus

from aiohttp import web

from bot.memberships.contract import Problem
from bot.memberships.inbox import Inbox, Receipt
from bot.web.bodies import BROKEN_OFF, is_encoded

LARGEST_BODY = 64 * 1024
READ_WITHIN = timedelta(seconds=10)

_TITLES = {
    HTTPStatus.BAD_REQUEST: "This is not an event envelope.",
    HTTPStatus.UNAUTHORIZED: "The signature or its timestamp is missing or not valid.",
    HTTPStatus.REQUEST_TIMEOUT: "The body took too long to arrive.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than 64 KiB.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body must be application/json, without a Content-Encoding.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The event could not be stored. Send it again later.",
}


def routes(inbox: Inbox, *, read_within: timedelta = READ_WITHIN) -> list[web.RouteDef]:
    async def receive(request: web.Request) -> web.Response:
        body = await _body(request, read_within)
        if isinstance(body, Receipt):
            return _refusal(body)
        return _answer(await inbox.receive(request.headers, body))

    return [web.post("/webhooks/memberships", receive)]


async def _body(request: web.Request, read_within: timedelta) -> bytes | Receipt:
    if request.content_type != "application/json" or is_encoded(request):
        return Receipt(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if (request.content_length or 0) > LARGEST_BODY:
        return Receipt(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(read_within.total_seconds()):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LARGEST_BODY:
                    return Receipt(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    except TimeoutError:
        return Receipt(status=HTTPStatus.REQUEST_TIMEOUT)
    except BROKEN_OFF:
        problem = Problem(field="body", reason="did not arrive whole")
        return Receipt(status=HTTPStatus.BAD_REQUEST, problem=problem)
    return bytes(body)


def _answer(receipt: Receipt) -> web.Response:
    if receipt.status.is_success:
        return web.Response(status=receipt.status)
    response = _problem(receipt.status, receipt.problem)
    if receipt.retry_after:
        response.headers["Retry-After"] = str(int(receipt.retry_after.total_seconds()))
    return response


def _refusal(receipt: Receipt) -> web.Response:
    """Answer before the body was read; the connection goes, because the rest of it may never come."""
    response = _answer(receipt)
    response.force_close()
    return response


def _problem(status: HTTPStatus, problem: Problem | None) -> web.Response:
    """RFC 9457; ``field`` names what does not fit."""
    body = {"type": "about:blank", "title": _TITLES[status], "status": int(status)}
    if problem:
        body |= {"field": problem.field, "detail": str(problem)}
    return web.json_response(body, status=status, content_type="application/problem+json")
