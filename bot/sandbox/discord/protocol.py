"""What a gateway client may say, and what each frame does.

Whoever breaks the protocol is closed with Discord's code for it; some of the codes tell a client to come back and some to give up, so a
wrong one here would hide an endless loop. https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import intents, payloads
from bot.sandbox.discord.chunks import asks_for_everyone, member_chunks
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.sessions import Connection, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.discord.model import Guild
    from bot.sandbox.discord.state import State

HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME, RECONNECT = 1, 2, 3, 4, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
MAX_FRAME_BYTES = 4096

type Json = dict[str, Any]


class Refused(Exception):  # noqa: N818  a close code is the protocol's way to speak, not an error of ours
    """The connection is to be closed with this code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Protocol:
    """Carries out frames for the sessions of one gateway."""

    def __init__(self, state: State, sessions: dict[str, Session], *, url: Callable[[], str]) -> None:
        self._state = state
        self._sessions = sessions
        self._url = url
        self.limits = Limits()

    def receive(self, connection: Connection, frame: str | bytes) -> None:
        """Carry out one frame; raises Refused."""
        if connection.too_fast():
            raise Refused(4008, "You are being rate limited.")
        op, data = _decoded(frame)
        if op == HEARTBEAT:
            connection.send(HEARTBEAT_ACK)
        elif op == IDENTIFY:
            self._identify(connection, data)
        elif op == RESUME:
            self._resume(connection, data)
        elif (session := self.session_of(connection)) is None:
            raise Refused(4003, "Not authenticated.")
        elif op == REQUEST_MEMBERS:
            self._request_members(session, data)
        elif op not in {PRESENCE, VOICE_STATE}:
            raise Refused(4001, "Unknown opcode.")

    def _identify(self, connection: Connection, data: Any) -> None:
        if self.session_of(connection) is not None:
            raise Refused(4005, "Already authenticated.")
        if not isinstance(data, dict) or not isinstance(data.get("properties"), dict):
            raise Refused(4002, "Error while decoding payload.")
        self._check_token(data.get("token"))
        session = Session(
            id=secrets.token_hex(16),
            intents=self._checked_intents(data.get("intents")),
            shard=_checked_shard(data),
        )
        if len(self._guilds_of(session)) > self.limits.guilds_per_shard:
            raise Refused(4011, "Sharding required.")
        if not self.limits.take_identify():
            connection.send(INVALID_SESSION, False)  # noqa: FBT003  op 9 carries a bare boolean
            return
        session.attach(connection)
        self._sessions[session.id] = session
        self.journal("IDENTIFY", {"intents": session.intents, "session_id": session.id})
        self._welcome(session, sharded="shard" in data)

    def _welcome(self, session: Session, *, sharded: bool) -> None:
        app = self._state.app
        mine = self._guilds_of(session)
        ready: Json = {
            "v": 10,
            "user": payloads.private_user(self._state.anybody(app.bot_id)),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in mine],
            "session_id": session.id,
            "resume_gateway_url": self._url(),
            "application": {"id": str(app.id), "flags": payloads.application_flags(app)},
            "user_settings": {},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "_trace": ["sandbox"],
        }
        if sharded:
            ready["shard"] = list(session.shard)
        session.dispatch("READY", ready)
        if session.intents & intents.GUILDS:
            for guild in mine:
                if not guild.unavailable:
                    session.dispatch("GUILD_CREATE", self._state.guild_as_seen(guild))

    def _guilds_of(self, session: Session) -> list[Guild]:
        return [g for g in self._state.guilds.values() if self._state.bot_is_in(g) and session.holds(g.id)]

    def _resume(self, connection: Connection, data: Any) -> None:
        if not isinstance(data, dict) or not isinstance(data.get("seq"), int | None):
            raise Refused(4002, "Error while decoding payload.")
        self._check_token(data.get("token"))
        session = self._sessions.get(str(data.get("session_id")))
        after = data.get("seq") or 0
        if session is not None and after > session.sequence:
            raise Refused(4007, "Invalid seq.")
        if session is None or not session.can_replay(after):
            if session is not None:
                del self._sessions[session.id]
            connection.send(INVALID_SESSION, False)  # noqa: FBT003  op 9 carries a bare boolean
            return
        if session.connection is not None:
            session.connection.close(4000, "Resumed elsewhere.")
        session.attach(connection)
        self.journal("RESUME", {"session_id": session.id, "seq": after, "missed": session.sequence - after})
        session.replay(after)
        session.dispatch("RESUMED", {"_trace": ["sandbox"]})

    def _request_members(self, session: Session, data: Any) -> None:
        if not isinstance(data, dict):
            raise Refused(4002, "Error while decoding payload.")
        self.journal("REQUEST_GUILD_MEMBERS", data)
        guild_id = str(data.get("guild_id"))
        if asks_for_everyone(data) and (wait_s := self.limits.take_whole_list(guild_id)):
            meta = {"guild_id": guild_id} | ({"nonce": data["nonce"]} if "nonce" in data else {})
            session.dispatch("RATE_LIMITED", {"opcode": REQUEST_MEMBERS, "retry_after": wait_s, "meta": meta})
            return
        for chunk in member_chunks(self._state, data, session.intents):
            session.dispatch("GUILD_MEMBERS_CHUNK", chunk)

    def _check_token(self, token: object) -> None:
        if not isinstance(token, str) or token.removeprefix("Bot ") != self._state.app.token:
            raise Refused(4004, "Authentication failed.")

    def _checked_intents(self, asked: object) -> int:
        if isinstance(asked, bool) or not isinstance(asked, int) or asked < 0 or asked & ~intents.KNOWN:
            raise Refused(4013, "Invalid intent(s).")
        if asked & intents.PRIVILEGED and not self._state.app.privileged_intents:
            raise Refused(4014, "Disallowed intent(s).")
        return asked

    def session_of(self, connection: Connection) -> Session | None:
        return next((each for each in self._sessions.values() if each.connection is connection), None)

    def journal(self, what: str, body: Json) -> None:
        self._state.journal.open(f"gateway {what}", auth="Bot", actor=self._state.app.bot_id, body=body)


def _decoded(frame: str | bytes) -> tuple[int, Any]:
    if len(frame.encode() if isinstance(frame, str) else frame) > MAX_FRAME_BYTES:
        raise Refused(4002, "Payload too large.")
    try:
        message = json.loads(frame)
    except ValueError:
        raise Refused(4002, "Error while decoding payload.") from None
    if not isinstance(message, dict) or not isinstance(message.get("op"), int):
        raise Refused(4002, "Error while decoding payload.")
    return message["op"], message.get("d")


def _checked_shard(data: Json) -> tuple[int, int]:
    match data.get("shard", [0, 1]):
        case [int(index), int(count)] if 0 <= index < count:
            return index, count
    raise Refused(4010, "Invalid shard.")
