"""A description of two operations, small enough to be read beside the tests, and a way to send something past the watch."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.discord.description.amendments import AMENDMENTS
from bot.sandbox.discord.description.exchange import Answer, Exchange
from bot.sandbox.discord.description.ledger import Ledger
from bot.sandbox.discord.description.operations import Description
from bot.sandbox.discord.description.watching import Watch

SNOWFLAKE = {"$ref": "#/components/schemas/SnowflakeType"}
ROLE = {
    "type": "object",
    "properties": {"id": SNOWFLAKE, "name": {"type": "string", "maxLength": 100}},
    "required": ["id", "name"],
}
FIELDS = {"type": "object", "properties": {"name": {"type": "string"}, "hoist": {"type": "boolean"}}}
BODY = {
    kind: {"schema": FIELDS}
    for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")
}
REFUSED = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorResponse"}}}}
ANSWERED = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/GuildRoleResponse"}}}}
TO_BOTS: list[dict[str, list[str]]] = [{"BotToken": []}]
OBJECTS = ("UserResponse", "UserPIIResponse", "GuildMemberResponse", "GuildResponse", "MessageResponse")
MORE_OBJECTS = ("AuditLogEntryResponse", "GuildChannelResponse", "PrivateChannelResponse")
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/guilds/{guild_id}/roles": {
            "parameters": [{"name": "guild_id", "in": "path", "required": True, "schema": SNOWFLAKE}],
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}},
                    {"name": "full", "in": "query", "schema": {"type": "boolean"}},
                    {"name": "ids", "in": "query", "schema": {"type": "array", "items": SNOWFLAKE}},
                ],
                "responses": {"200": ANSWERED, "4XX": REFUSED},
                "security": TO_BOTS,
            },
            "post": {
                "requestBody": {"content": BODY, "required": True},
                "responses": {"201": ANSWERED, "4XX": REFUSED},
                "security": TO_BOTS,
            },
        },
        "/guilds/@me/roles": {"get": {"responses": {"204": {}, "4XX": REFUSED}, "security": TO_BOTS}},
    },
    "components": {
        "schemas": {
            "SnowflakeType": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$", "format": "snowflake"},
            "GuildRoleResponse": ROLE,
            "Error": {
                "type": "object",
                "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
                "required": ["code", "message"],
            },
            "InnerErrors": {"type": "object", "properties": {"_errors": {"type": "array"}}},
            "ErrorResponse": {
                "type": "object",
                "allOf": [
                    {"$ref": "#/components/schemas/Error"},
                    {
                        "type": "object",
                        "properties": {"errors": {"$ref": "#/components/schemas/InnerErrors"}},
                    },
                ],
            },
            **{name: {"type": "object", "properties": {}} for name in (*OBJECTS, *MORE_OBJECTS)},
        }
    },
}
AS_A_BOT = {"Authorization": "Bot token", "User-Agent": "DiscordBot (https://bot.test, 1)"}
JSON = {"Content-Type": "application/json"}


def document() -> dict[str, Any]:
    """What the amendments find is what they are about."""
    found = copy.deepcopy(DOCUMENT)
    for amendment in AMENDMENTS:
        *way, last = amendment.pointer.split("/")[1:]
        place = found
        for part in way:
            place = place.setdefault(part, {})
        if amendment.described is not None:
            place[last] = amendment.described
    return found


class Watched:
    """Sends exchanges past a watch; what it finds wrong is returned."""

    def __init__(self) -> None:
        self.watch = Watch(Description(document()), Ledger())

    def answer(
        self, status: int = 200, body: Any = None, headers: Mapping[str, str] | None = None, raw: bytes = b""
    ) -> Answer:
        text = json.dumps(body).encode() if body is not None else raw
        return Answer(
            status=status, headers=(JSON if body is not None else {}) | dict(headers or {}), body=text
        )

    def send(
        self,
        asked: str,
        answer: Answer | None,
        *,
        body: Any = None,
        raw: bytes = b"",
        headers: Mapping[str, str] | None = None,
        query: tuple[tuple[str, str], ...] = (),
        guest: bool = False,
    ) -> list[str]:
        method, _, path = asked.partition(" ")
        told = len(self.watch.ledger.violations)
        self.watch.hold(
            Exchange(
                method=method,
                path=path,
                query=query,
                headers=AS_A_BOT | (JSON if body is not None else {}) | dict(headers or {}),
                body=json.dumps(body).encode() if body is not None else raw,
                answer=answer,
                guest=guest,
            )
        )
        return [each.fault for each in self.watch.ledger.violations[told:]]
