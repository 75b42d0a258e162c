"""The audit log's action numbers, and how a change is told in it.

https://discord.com/developers/docs/resources/audit-log
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

type Json = dict[str, Any]


class Action(IntEnum):
    """What was done."""

    GUILD_UPDATE = 1
    CHANNEL_CREATE = 10
    CHANNEL_OVERWRITE_CREATE = 13
    CHANNEL_OVERWRITE_UPDATE = 14
    MEMBER_KICK = 20
    MEMBER_BAN_ADD = 22
    MEMBER_BAN_REMOVE = 23
    MEMBER_UPDATE = 24
    MEMBER_ROLE_UPDATE = 25
    BOT_ADD = 28
    ROLE_CREATE = 30
    ROLE_UPDATE = 31
    ROLE_DELETE = 32
    MESSAGE_DELETE = 72


def changes(before: Json, after: Json) -> list[Json]:
    """Return the audit log's `changes` between two payloads of one object: its fields as the API names them; null is left out."""
    return [
        _unless_null(key=key, old_value=before[key], new_value=after[key])
        for key in sorted(before)
        if before[key] != after[key]
    ]


def _unless_null(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}
