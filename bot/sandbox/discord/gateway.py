"""Discord's gateway: who is listening, and what each of them is told.

The rules that a client meets here are Discord's: identify within them or be closed with the code that says why, beat the heart, come
back with `resume` and be told what was missed. https://discord.com/developers/docs/events/gateway
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from aiohttp import WSMsgType, web

from bot.sandbox.discord import intents, wounds
from bot.sandbox.discord.audience import may_hear
from bot.sandbox.discord.content import readable
from bot.sandbox.discord.description.exchange import BY_HAND
from bot.sandbox.discord.protocol import HELLO, INVALID_SESSION, RECONNECT, Protocol, Refused
from bot.sandbox.discord.sessions import Connection, Losing, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.discord.description.frames import Dialogue
    from bot.sandbox.discord.limits import Limits
    from bot.sandbox.discord.model import Event
    from bot.sandbox.discord.server import Discord
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]
type How = Literal["close", "reconnect", "invalidate", "invalidate_resumable", "drop", "reset"]


class Gateway:
    """The sessions of one sandbox and the sockets they are heard through."""

    def __init__(
        self,
        state: State,
        *,
        url: Callable[[], str],
        listen: Callable[[web.Request], Dialogue | None] = lambda _: None,
    ) -> None:
        self._state = state
        self._listen = listen
        self._sessions: dict[str, Session] = {}
        self.heartbeat_s = 41.25
        self.session_life_s = 180.0
        """How long a session waits for a client that went away."""
        self.turn_away = 0
        """So many connections more are refused with a 503."""
        self.resume_url: str | None = None
        """Where READY says to resume, if not here: a dead address, for one."""
        self._protocol = Protocol(state, self._sessions, url=lambda: self.resume_url or url())
        self._connections: set[Connection] = set()
        self._losing = Losing()
        self._open = asyncio.Event()
        self._open.set()
        state.on(self.publish)

    # What the rest of the sandbox asks of it

    def obey(self, limits: Limits) -> None:
        """Count identifies, sessions, guilds and whole lists of members by these."""
        self._protocol.limits = limits

    def publish(self, event: Event) -> None:
        """Tell every session that is to hear of it."""
        if event.user_id not in (None, self._state.app.bot_id) or not may_hear(self._state, event):
            return
        self._forget_lapsed()
        for session in self._sessions.values():
            if not session.holds(event.guild_id) or not self._wanted(event, session.intents):
                continue
            if not self._losing.takes(event.name):
                session.dispatch(event.name, self._readable(event, session.intents))

    def _forget_lapsed(self) -> None:
        """Forget the sessions whose clients stayed away too long."""
        for session in [each for each in self._sessions.values() if each.lapsed(self.session_life_s)]:
            del self._sessions[session.id]

    def sessions(self) -> list[Json]:
        """Describe the sessions."""
        return [
            {
                "session_id": session.id,
                "connected": session.connection is not None,
                "sequence": session.sequence,
                "intents": session.intents,
                "shard": list(session.shard),
            }
            for session in self._sessions.values()
        ]

    def disconnect(self, how: How = "close") -> int:
        """End every connection; return how many there were.

        `close`, `reconnect` (op 7) and `invalidate_resumable` (op 9 with `true`) leave the sessions to be resumed; `invalidate` (op 9
        with `false`) forgets them. `drop` and `reset` say nothing: the connection ends, or is reset, without a close frame, as when a
        proxy on the way dies; the sessions can be resumed.
        """
        heard = [session for session in self._sessions.values() if session.connection is not None]
        for session in heard:
            connection = session.connection
            if connection is None:
                continue
            session.detach()
            if how in {"drop", "reset"}:
                connection.cut(hard=how == "reset")
                continue
            if how in {"invalidate", "invalidate_resumable"}:
                connection.send(INVALID_SESSION, how == "invalidate_resumable")
            elif how == "reconnect":
                connection.send(RECONNECT)
            connection.close(4000, "Unknown error.")
        if how == "invalidate":
            self._sessions.clear()
        self._protocol.journal("DISCONNECT", {"how": how, "connections": len(heard)})
        return len(heard)

    def numb(self) -> int:
        """Make zombies of the connections: they stay open, and neither acknowledgements nor events come any more; return how many.

        The sessions go on, so that whoever notices and resumes is told what was missed.
        """
        heard = [each.connection for each in self._sessions.values() if each.connection is not None]
        for connection in heard:
            connection.numb = True
        self._protocol.journal("NUMB", {"connections": len(heard)})
        return len(heard)

    def lose(self, count: int, name: str | None = None) -> None:
        """Never send the next `count` events, of one name if it is given; resuming does not bring them back."""
        self._losing = Losing(left=count, name=name)
        self._protocol.journal("LOSE", {"count": count, "name": name})

    def hold(self) -> None:
        """Keep new connections waiting at the door, as in an outage, until `release`."""
        self._open.clear()

    def release(self) -> None:
        self._open.set()

    async def stop(self) -> None:
        """Close every socket; for the end of the sandbox."""
        self.release()
        for connection in self._connections:
            connection.close(1001, "Going away")

    # A client's life

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Speak to one client until it goes."""
        await self._open.wait()
        if self.turn_away:
            self.turn_away -= 1
            raise web.HTTPServiceUnavailable
        # A client that was told to go does not always answer the close: do not wait for it long.
        socket = web.WebSocketResponse(timeout=0.5, compress=False, max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection(
            socket,
            compressed=request.query.get("compress") == "zlib-stream",
            cut=partial(wounds.cut, request),
            dialogue=self._listen(request),
        )
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write())
        try:
            if request.query.get("v", "10") != "10" or request.query.get("encoding", "json") != "json":
                connection.close(4012, "Invalid API version.")
            else:
                connection.send(
                    HELLO, {"heartbeat_interval": int(self.heartbeat_s * 1000), "_trace": ["sandbox"]}
                )
            await self._converse(socket, connection)
        finally:
            self._connections.discard(connection)
            await self._finish(socket, connection, writer)
        return socket

    async def _finish(
        self, socket: web.WebSocketResponse, connection: Connection, writer: asyncio.Task[None]
    ) -> None:
        session = self._protocol.session_of(connection)
        if session is not None:
            session.detach()
            if socket.close_code in {1000, 1001}:
                del self._sessions[session.id]
        if connection.closing:
            with contextlib.suppress(ConnectionError):
                await writer
        else:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    async def _converse(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        while True:
            try:
                frame = await socket.receive(timeout=self.heartbeat_s * 2)
            except TimeoutError:
                self._forget(connection)
                connection.close(4009, "Session timed out.")
                return
            if frame.type not in {WSMsgType.TEXT, WSMsgType.BINARY}:
                return
            self._forget_lapsed()
            try:
                self._protocol.receive(connection, frame.data)
                if connection.dialogue:
                    connection.dialogue.received(frame.data, None)
            except Refused as refused:
                if connection.dialogue:
                    connection.dialogue.received(frame.data, refused.code)
                if refused.code == 4003:
                    self._forget(connection)
                connection.close(refused.code, refused.reason)
                return
            except Exception as error:
                if connection.dialogue:
                    connection.dialogue.crashed(error)
                raise

    def _forget(self, connection: Connection) -> None:
        session = self._protocol.session_of(connection)
        if session is not None:
            del self._sessions[session.id]

    def _wanted(self, event: Event, asked: int) -> bool:
        about = str(event.data.get("user", {}).get("id", "")) if event.name.startswith("GUILD_MEMBER") else ""
        about_self = about == str(self._state.app.bot_id)
        return intents.wanted(event.name, asked, in_guild=event.guild_id is not None, about_self=about_self)

    def _readable(self, event: Event, asked: int) -> Json:
        """Leave out what people wrote in a guild, unless the bot may read it."""
        hidden = event.name in {"MESSAGE_CREATE", "MESSAGE_UPDATE"} and event.guild_id is not None
        if not hidden or asked & intents.MESSAGE_CONTENT:
            return event.data
        return readable(event.data, self._state.app.bot_id)


GATEWAY = web.AppKey("gateway", Gateway)


def routes(discord: Discord) -> list[web.RouteDef]:
    """Give this sandbox its gateway, and return where it listens."""

    def listen(request: web.Request) -> Dialogue | None:
        if discord.watch is None:
            return None
        by_hand = BY_HAND in request.headers
        return discord.watch.frames.connection(by_hand=by_hand, guest=discord.guests)

    gateway = Gateway(discord.state, url=lambda: discord.gateway_url, listen=listen)
    gateway.obey(discord.limits)
    discord.app[GATEWAY] = gateway

    async def stop(_: web.Application) -> None:
        await gateway.stop()

    discord.app.on_shutdown.append(stop)
    return [web.get(path, gateway.serve) for path in ("/gateway", "/gateway/")]
