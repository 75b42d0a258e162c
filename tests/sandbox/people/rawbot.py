"""A bot without a library: it speaks gateway frames and HTTP bodies by hand, so that a test can also say what no library would."""

from __future__ import annotations

import asyncio
import json
import zlib
from typing import TYPE_CHECKING, Any, Self

import aiohttp

from tests.sandbox.discord.world import AS_A_BOT

if TYPE_CHECKING:
    from bot.sandbox.discord.server import Discord

type Json = dict[str, Any]

GUILDS, MEMBERS, DIRECT_MESSAGES = 1, 1 << 1, 1 << 12


class RawBot:
    """One connection at a time; what comes in is kept until a test asks for it."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._session = aiohttp.ClientSession(headers=AS_A_BOT)
        self._sockets: list[aiohttp.ClientWebSocketResponse] = []
        self._inflate: Any = None
        self.sequence = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for socket in self._sockets:
            await socket.close(code=4000)
        await self._session.close()

    @property
    def socket(self) -> aiohttp.ClientWebSocketResponse:
        return self._sockets[-1]

    async def connect(self, *, query: str = "v=10&encoding=json", compressed: bool = False) -> Json:
        """Open a connection; return what Hello says."""
        if compressed:
            query += "&compress=zlib-stream"
            self._inflate = zlib.decompressobj()
        self._sockets.append(await self._session.ws_connect(f"{self._discord.gateway_url}?{query}"))
        hello = await self.frame()
        assert hello["op"] == 10
        return hello["d"]  # type: ignore[no-any-return]  # JSON

    async def frame(self) -> Json:
        """Return the next frame; raises ConnectionResetError with the code where there is none any more."""
        async with asyncio.timeout(5):
            message = await self.socket.receive()
        if message.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
            raise ConnectionResetError(self.socket.close_code)
        text = self._inflate.decompress(message.data) if self._inflate else message.data
        found: Json = json.loads(text)
        self.sequence = found["s"] or self.sequence
        return found

    async def closed(self) -> int | None:
        """Read until the connection ends; return the close code."""
        try:
            while True:
                await self.frame()
        except ConnectionResetError:
            return self.socket.close_code

    async def send(self, op: int, data: Any = None) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def identify(self, *, intents: Any = GUILDS, token: str | None = None, **more: Any) -> None:
        properties = {"os": "linux", "browser": "raw", "device": "raw"}
        token = token or self._discord.state.app.token
        await self.send(2, {"token": token, "intents": intents, "properties": properties, **more})

    async def resume(self, session_id: str, sequence: int) -> None:
        token = self._discord.state.app.token
        await self.send(6, {"token": token, "session_id": session_id, "seq": sequence})

    async def event(self, name: str) -> Json:
        """Return the data of the next dispatch of that name, passing others by."""
        while True:
            frame = await self.frame()
            if frame["t"] == name:
                return frame["d"]  # type: ignore[no-any-return]  # JSON

    async def next_events(self, count: int) -> list[str]:
        """Return the names of the next dispatches."""
        return [(await self.frame())["t"] for _ in range(count)]

    async def register(self, *commands: Json) -> None:
        """Make these the global commands, with one bulk PUT."""
        path = f"/applications/{self._discord.state.app.id}/commands"
        status, body = await self.request("PUT", path, list(commands), as_bot=True)
        assert status == 200, body

    async def answer(
        self, interaction: Json, kind: int, data: Json | None = None, *, query: str = ""
    ) -> tuple[int, Any]:
        """Send the callback; return the status and the body."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback{query}"
        return await self.request("POST", path, {"type": kind, "data": data} if data else {"type": kind})

    async def say(
        self, interaction: Json, body: Json | None, *, method: str = "POST", where: str = ""
    ) -> tuple[int, Any]:
        """Follow up, or with `where` act on a message of this interaction."""
        path = f"/webhooks/{self._discord.state.app.id}/{interaction['token']}{where}"
        return await self.request(method, path, body)

    async def request(
        self, method: str, path: str, body: Any = None, *, as_bot: bool = False
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bot {self._discord.state.app.token}"} if as_bot else {}
        asked = self._session.request(method, self._discord.api_url + path, json=body, headers=headers)
        async with asked as response:
            is_json = response.headers.get("Content-Type") == "application/json"
            return response.status, await response.json() if is_json else None
