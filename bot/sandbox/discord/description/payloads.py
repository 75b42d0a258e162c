"""The shapes of gateway frames, written from the documentation, with the objects in them as the description has them.

https://discord.com/developers/docs/events/gateway-events; interactions:
https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-object
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.discord.description.schemas import Schemas

type Json = dict[str, Any]

_SNOWFLAKE: Json = {"$ref": "#/components/schemas/SnowflakeType"}
_ASKED_ID: Json = {"type": ["string", "integer"], "pattern": "^[0-9]+$"}
"""Discord reads numbers too, and nextcord sends them: https://discord.com/developers/docs/reference#id-serialization"""
_USER: Json = {"$ref": "#/components/schemas/UserResponse"}
_MEMBER: Json = {"$ref": "#/components/schemas/GuildMemberResponse"}
_ROLE: Json = {"$ref": "#/components/schemas/GuildRoleResponse"}
_CHANNEL: Json = {"$ref": "#/components/schemas/GuildChannelResponse"}
_TEXT: Json = {"type": "string"}
_NUMBER: Json = {"type": "integer", "minimum": 0}
_TIME: Json = {"type": "string", "format": "date-time"}
_TRUTH: Json = {"type": "boolean"}
_BITS: Json = {"type": "string", "pattern": "^[0-9]+$"}
_OBJECTS: Json = {"type": "array", "items": {"type": "object"}}
_SHARD: Json = {"type": "array", "prefixItems": [_NUMBER, _NUMBER], "minItems": 2, "maxItems": 2}
_ANYTHING: Json = {}
_TRACE = {"_trace": _ANYTHING}
"""Undocumented, and sent by Discord all the same, as every library's fixtures show."""


def _object(needs: Json, may: Json | None = None) -> Json:
    return {"type": "object", "properties": needs | (may or {}), "required": list(needs)}


def _array(items: Json, most: int | None = None) -> Json:
    return {"type": "array", "items": items} | ({"maxItems": most} if most is not None else {})


_PRESENCE = _object(
    {
        "since": {"type": ["integer", "null"]},
        "activities": _OBJECTS,
        "status": {"enum": ["online", "dnd", "idle", "invisible", "offline"]},
        "afk": _TRUTH,
    }
)

SENT_BY_CLIENTS: dict[int, tuple[str, Json]] = {
    1: ("Heartbeat", {"type": ["integer", "null"]}),
    2: (
        "Identify",
        _object(
            {
                "token": _TEXT,
                "properties": _object(
                    {},
                    {
                        name: _TEXT
                        for each in ("os", "browser", "device", "referrer", "referring_domain")
                        for name in (each, f"${each}")
                    },
                ),
                "intents": _NUMBER,
            },
            {
                "compress": _TRUTH,
                "large_threshold": {"type": "integer", "minimum": 50, "maximum": 250},
                "shard": _SHARD,
                "presence": _PRESENCE,
            },
        ),
    ),
    3: ("Update Presence", _PRESENCE),
    4: (
        "Update Voice State",
        _object(
            {
                "guild_id": _SNOWFLAKE,
                "channel_id": {"oneOf": [_SNOWFLAKE, {"type": "null"}]},
                "self_mute": _TRUTH,
                "self_deaf": _TRUTH,
            }
        ),
    ),
    6: ("Resume", _object({"token": _TEXT, "session_id": _TEXT, "seq": _NUMBER})),
    8: (
        "Request Guild Members",
        _object(
            {"guild_id": _ASKED_ID},
            {
                "query": _TEXT,
                "limit": _NUMBER,
                "presences": _TRUTH,
                "user_ids": {"oneOf": [_ASKED_ID, _array(_ASKED_ID)]},
                "nonce": _TEXT,
            },
        )
        | {"oneOf": [{"required": ["query", "limit"]}, {"required": ["user_ids"]}]},
    ),
    31: ("Request Soundboard Sounds", _object({"guild_ids": _array(_SNOWFLAKE)})),
    43: (
        "Request Channel Info",
        _object({"guild_id": _SNOWFLAKE, "fields": _array({"enum": ["status", "voice_start_time"]})}),
    ),
}

SENT_BY_DISCORD: dict[int, tuple[str, Json]] = {
    1: ("Heartbeat", {"type": "null"}),
    7: ("Reconnect", {"type": "null"}),
    9: ("Invalid Session", _TRUTH),
    10: ("Hello", _object({"heartbeat_interval": {"type": "integer", "minimum": 1}}, _TRACE)),
    11: ("Heartbeat ACK", {"type": "null"}),
}


def dispatched(schemas: Schemas) -> dict[str, Json]:
    """Return the shape of `d` for every event that is known here."""
    unavailable = _object({"id": _SNOWFLAKE}, {"unavailable": _TRUTH})
    of_role = _object({"guild_id": _SNOWFLAKE, "role": _ROLE})
    of_user = _object({"guild_id": _SNOWFLAKE, "user": _USER})
    message = schemas.extended("MessageResponse", may=_IN_GUILD | {"channel_type": _NUMBER})
    channel = {"anyOf": [_CHANNEL, {"$ref": "#/components/schemas/PrivateChannelResponse"}]}
    return {
        "READY": _ready(),
        "RESUMED": _object({}, _TRACE),
        "GUILD_CREATE": {"anyOf": [_guild_create(schemas), unavailable]},
        "GUILD_UPDATE": {"$ref": "#/components/schemas/GuildResponse"},
        "GUILD_DELETE": unavailable,
        "GUILD_AUDIT_LOG_ENTRY_CREATE": schemas.extended(
            "AuditLogEntryResponse", needs={"guild_id": _SNOWFLAKE}
        ),
        "GUILD_BAN_ADD": of_user,
        "GUILD_BAN_REMOVE": of_user,
        "GUILD_MEMBER_ADD": schemas.extended("GuildMemberResponse", needs={"guild_id": _SNOWFLAKE}),
        "GUILD_MEMBER_REMOVE": of_user,
        "GUILD_MEMBER_UPDATE": schemas.extended("GuildMemberResponse", needs={"guild_id": _SNOWFLAKE}),
        "GUILD_MEMBERS_CHUNK": _chunk(),
        "GUILD_ROLE_CREATE": of_role,
        "GUILD_ROLE_UPDATE": of_role,
        "GUILD_ROLE_DELETE": _object({"guild_id": _SNOWFLAKE, "role_id": _SNOWFLAKE}),
        "CHANNEL_CREATE": channel,
        "CHANNEL_UPDATE": channel,
        "CHANNEL_DELETE": channel,
        "MESSAGE_CREATE": message,
        "MESSAGE_UPDATE": message,
        "MESSAGE_DELETE": _object({"id": _SNOWFLAKE, "channel_id": _SNOWFLAKE}, {"guild_id": _SNOWFLAKE}),
        "INTERACTION_CREATE": _interaction(schemas),
        "RATE_LIMITED": _object(
            {
                "opcode": _NUMBER,
                "retry_after": {"type": "number", "minimum": 0},
                "meta": _object({"guild_id": _SNOWFLAKE}, {"nonce": _TEXT}),
            }
        ),
    }


_IN_GUILD: Json = {"guild_id": _SNOWFLAKE, "member": {"type": "object"}}


def _ready() -> Json:
    known = {
        "v": {"const": 10},
        "user": {"$ref": "#/components/schemas/UserPIIResponse"},
        "guilds": _array(_object({"id": _SNOWFLAKE, "unavailable": {"const": True}})),
        "session_id": _TEXT,
        "resume_gateway_url": {"type": "string", "pattern": "^wss?://"},
        "application": _object({"id": _SNOWFLAKE, "flags": _NUMBER}),
    }
    undocumented = ("user_settings", "private_channels", "relationships", "presences")
    return _object(known, {"shard": _SHARD} | _TRACE | dict.fromkeys(undocumented, _ANYTHING))


def _guild_create(schemas: Schemas) -> Json:
    extra = {
        "joined_at": _TIME,
        "large": _TRUTH,
        "member_count": _NUMBER,
        "voice_states": _OBJECTS,
        "members": _array(_MEMBER),
        "channels": _array(_CHANNEL),
        "threads": _OBJECTS,
        "presences": _OBJECTS,
        "stage_instances": _OBJECTS,
        "guild_scheduled_events": _OBJECTS,
        "soundboard_sounds": _OBJECTS,
    }
    return schemas.extended("GuildResponse", needs=extra, may={"unavailable": {"const": False}})


def _chunk() -> Json:
    return _object(
        {
            "guild_id": _SNOWFLAKE,
            "members": _array(_MEMBER, 1000),
            "chunk_index": _NUMBER,
            "chunk_count": {"type": "integer", "minimum": 1},
        },
        {"not_found": _array(_TEXT), "presences": _OBJECTS, "nonce": {"type": "string", "maxLength": 32}},
    )


def _interaction(schemas: Schemas) -> Json:
    needs = {
        "id": _SNOWFLAKE,
        "application_id": _SNOWFLAKE,
        "type": {"enum": [2, 3, 4, 5]},
        "data": {"type": "object"},
        "token": _TEXT,
        "version": {"const": 1},
        "app_permissions": _BITS,
        "locale": _TEXT,
        "entitlements": _OBJECTS,
        "authorizing_integration_owners": {"type": "object", "additionalProperties": _SNOWFLAKE},
        "attachment_size_limit": _NUMBER,
        "channel": {"type": "object"},
        "channel_id": _SNOWFLAKE,
    }
    may = {
        "guild": {"type": "object"},
        "guild_id": _SNOWFLAKE,
        "guild_locale": _TEXT,
        "member": schemas.extended("GuildMemberResponse", needs={"permissions": _BITS}),
        "user": _USER,
        "message": {"$ref": "#/components/schemas/MessageResponse"},
        "context": {"enum": [0, 1, 2]},
    }
    somebody = [{"required": ["member", "guild_id"]}, {"required": ["user"]}]
    return _object(needs, may) | {"oneOf": somebody}
