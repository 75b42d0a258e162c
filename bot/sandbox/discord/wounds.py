"""What a client is left with when something goes wrong outside Discord: a page of Cloudflare's, half an answer, a dead connection."""

from __future__ import annotations

import math
import socket
import struct
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.discord.calls import Reply

if TYPE_CHECKING:
    from bot.sandbox.discord.faults import Fault

_TITLES = {429: "Error 1015", 502: "502: Bad gateway", 503: "503: Service Temporarily Unavailable"}


def of_cloudflare(fault: Fault) -> Reply:
    """Return Cloudflare's own answer: nothing in it is JSON, and nothing says when a bucket is full again."""
    title = _TITLES.get(fault.status, f"Error {fault.status}")
    plain = f"error code: {1015 if fault.status == 429 else fault.status}"
    page = f"<!DOCTYPE html><html><head><title>{title} | discord.com</title></head><body><h1>{title}</h1></body></html>"
    headers = {
        "Content-Type": "text/html; charset=UTF-8" if fault.page == "html" else "text/plain; charset=UTF-8",
        "Server": "cloudflare",
    }
    if fault.status == 429:
        headers["Retry-After"] = str(max(1, math.ceil(fault.retry_after_s)))
    return Reply(status=fault.status, body=page if fault.page == "html" else plain, headers=headers)


def cut(request: web.Request, *, hard: bool) -> None:
    """Close the connection where it stands: as a reset, or as a plain end."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if hard and connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()


class HalfResponse(web.Response):
    """An answer that promises its whole length, breaks off in the middle, and takes the connection with it."""

    def __init__(self, request: web.Request, whole: web.Response) -> None:
        body = whole.body if isinstance(whole.body, bytes) else b""
        super().__init__(status=whole.status, headers=whole.headers, body=body or None)
        self._asked = request
        self._half = body[: len(body) // 2]

    async def write_eof(self, data: bytes = b"") -> None:
        """Send half, and close."""
        if not self._half:
            await super().write_eof(data)
            return
        await self.write(self._half)
        if self._asked.transport is not None:
            self._asked.transport.close()
