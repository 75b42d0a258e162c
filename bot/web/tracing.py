"""One id for each request: on every log line that it causes, and in the answer, so that a report leads to the log."""

import secrets

from aiohttp import web
from aiohttp.typedefs import Handler
from structlog.contextvars import bound_contextvars, get_contextvars

HEADER = "X-Request-Id"


@web.middleware
async def trace(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The id is always our own: one that came with the request could be anything."""
    request_id = secrets.token_hex(6)
    with bound_contextvars(request_id=request_id):
        response = await handler(request)
    response.headers[HEADER] = request_id
    return response


def number() -> str:
    """Of the request under way, as its log lines have it."""
    return str(get_contextvars().get("request_id", ""))
