"""Answers to the gateway's Request Guild Members (op 8).

By ids it needs no intent, answers for at most a hundred people with their roles and `pending`, and leaves out who is absent; that is how
the bot looks at members without a REST call. The entire list takes the members intent.
https://discord.com/developers/docs/events/gateway-events#request-guild-members
"""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import intents, payloads

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Guild
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]

MOST_BY_ID = 100
MOST_BY_NAME = 100
CHUNK_SIZE = 1000
NONCE_BYTES = 32


def member_chunks(state: State, asked: Json, allowed: int) -> list[Json]:
    """Return the chunks that answer `asked`; none where the intents do not allow it or the guild is not the bot's."""
    guild = _guild(state, asked.get("guild_id"))
    if guild is None:
        return []
    user_ids = asked.get("user_ids")
    not_found: list[str] = []
    if user_ids is not None:
        found, not_found = _by_id(guild, user_ids)
    elif (by_name := _by_name(state, guild, asked, allowed)) is not None:
        found = by_name
    else:
        return []
    return [
        chunk | ({"not_found": not_found} if not_found else {})
        for chunk in _chunks(state, guild, found, asked)
    ]


def asks_for_everyone(asked: Json) -> bool:
    """Tell whether this asks for the entire list, of which Discord gives one in thirty seconds."""
    return asked.get("user_ids") is None and asked.get("query") == "" and asked.get("limit") == 0


def _guild(state: State, asked: Any) -> Guild | None:
    if isinstance(asked, list):  # older libraries send a list of one
        asked = asked[0] if len(asked) == 1 else None
    guild = state.guilds.get(_snowflake(asked))
    return guild if guild is not None and state.bot_is_in(guild) else None


def _by_id(guild: Guild, asked: Any) -> tuple[list[int], list[str]]:
    ids = (asked if isinstance(asked, list) else [asked])[:MOST_BY_ID]
    found = [_snowflake(each) for each in ids if _snowflake(each) in guild.members]
    return found, [str(each) for each in ids if _snowflake(each) not in guild.members]


def _by_name(state: State, guild: Guild, asked: Json, allowed: int) -> list[int] | None:
    query, limit = asked.get("query"), asked.get("limit")
    if not isinstance(query, str) or not isinstance(limit, int):
        return None
    if not query:
        if not allowed & intents.GUILD_MEMBERS:
            return None
        everyone = list(guild.members)
        return everyone[:limit] if limit else everyone
    names = {uid: state.anybody(uid).username.lower() for uid in guild.members}
    return [uid for uid, name in names.items() if name.startswith(query.lower())][
        : min(limit or MOST_BY_NAME, MOST_BY_NAME)
    ]


def _chunks(state: State, guild: Guild, found: list[int], asked: Json) -> list[Json]:
    parts = list(batched(found, CHUNK_SIZE)) or [()]
    common: Json = {"guild_id": str(guild.id), "chunk_count": len(parts)}
    nonce = asked.get("nonce")
    if isinstance(nonce, str) and len(nonce.encode()) <= NONCE_BYTES:
        common["nonce"] = nonce
    if asked.get("presences"):
        common["presences"] = []
    return [
        common
        | {
            "chunk_index": index,
            "members": [payloads.member(guild.members[uid], state.anybody(uid)) for uid in part],
        }
        for index, part in enumerate(parts)
    ]


def _snowflake(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
