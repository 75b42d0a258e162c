"""Sends signed events over HTTP; an answer is its status, and 0 is no answer at all.

Each attempt has its own time-out, shorter than the outbox's lease, and redirects are not followed: whoever could
answer with one would choose where our events go.
"""

import asyncio
from collections.abc import Sequence

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from bot.memberships.signature import Signatures

TIME_OUT_S = 10
AT_ONCE = 8


class Delivery:
    def __init__(self, *, url: str, signatures: Signatures, timeout_s: float = TIME_OUT_S) -> None:
        self._url = url
        self._signatures = signatures
        self._timeout = ClientTimeout(total=timeout_s)

    async def send(self, messages: Sequence[tuple[str, bytes]]) -> list[int]:
        """Send (id, body) pairs, several at once; the answers are in their order."""
        connector = TCPConnector(limit=AT_ONCE)
        async with ClientSession(timeout=self._timeout, connector=connector) as session:
            async with asyncio.TaskGroup() as tasks:
                sending = [tasks.create_task(self._send(session, *message)) for message in messages]
            return [task.result() for task in sending]

    async def _send(self, session: ClientSession, webhook_id: str, body: bytes) -> int:
        headers = self._signatures.sign(webhook_id, body) | {"Content-Type": "application/json"}
        try:
            async with session.post(self._url, data=body, headers=headers, allow_redirects=False) as answer:
                return answer.status
        except (ClientError, OSError):
            return 0
