"""The audit log's action numbers, and how a change is told in it.

https://discord.com/developers/docs/resources/audit-log
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any


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


def changed(record: object, traits: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the audit log's `changes` for setting `traits` on a record; only what differs."""
    return [
        {"key": name, "old_value": _plain(getattr(record, name)), "new_value": _plain(value)}
        for name, value in traits.items()
        if getattr(record, name) != value
    ]


def _plain(value: Any) -> Any:
    """Ids and permissions go as strings, sets as lists, times as text."""
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, bool) or value is None or isinstance(value, str | list | dict):
        return value
    if isinstance(value, int) and value < 1 << 31:
        return value
    return str(value)
