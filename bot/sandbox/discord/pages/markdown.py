"""Discord's markdown as HTML: what bots write, and no more of it.

Everything is escaped first; only then are the marks replaced, so a name can never become a tag.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from bot.sandbox.discord.state import State

_BLOCK = re.compile(r"```(?:\w*\n)?(.*?)\n?```\n?", re.DOTALL)
_ESCAPED = re.compile(r"\\([^\w\s])")
_KEPT = re.compile("\ue000(\\d+)\ue001")
_MARKS = (
    (re.compile(r"\*\*(.+?)\*\*", re.DOTALL), r"<strong>\1</strong>"),
    (re.compile(r"__(.+?)__", re.DOTALL), r"<u>\1</u>"),
    (re.compile(r"\*(.+?)\*", re.DOTALL), r"<em>\1</em>"),
    (re.compile(r"(?m)^-# (.+)$"), r"<small>\1</small>"),
    (re.compile(r"(?m)^#{1,3} (.+)$"), r"<strong>\1</strong>"),
    (re.compile(r"\[([^\]]+)\]\((https?://[^\s)]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r'(?<!["=])(https?://[^\s<]+)(?![^<]*</a>)'), r'<a href="\1">\1</a>'),
)
_MENTION = re.compile(r"&lt;(@&amp;|@!?|#)(\d+)&gt;")
_MOMENT = re.compile(r"&lt;t:(\d{1,11})(?::([a-zA-Z]))?&gt;")


class Markdown:
    """Turns a message's text into HTML; mentions become the names in this sandbox."""

    def __init__(self, state: State) -> None:
        self._state = state

    def __call__(self, text: str) -> Markup:
        kept: list[str] = []

        def keep(html: str) -> str:
            kept.append(html)
            return f"\ue000{len(kept) - 1}\ue001"

        safe = re.sub("[\ue000\ue001]", "", text)
        safe = _BLOCK.sub(lambda found: keep(f"<pre>{escape(found[1])}</pre>"), safe)
        safe = re.sub(r"`([^`\n]+)`", lambda found: keep(f"<code>{escape(found[1])}</code>"), safe)
        safe = _ESCAPED.sub(lambda found: keep(escape(found[1])), safe)
        safe = _MOMENT.sub(lambda found: keep(_moment(int(found[1]), found[2])), escape(safe))
        safe = _MENTION.sub(lambda found: keep(self._mention(found[1], int(found[2]))), safe)
        for mark, html in _MARKS:
            safe = mark.sub(html, safe)
        while _KEPT.search(safe):
            safe = _KEPT.sub(lambda found: kept[int(found[1])], safe)
        return Markup(safe)  # noqa: S704  all of it was escaped above

    def _mention(self, kind: str, snowflake: int) -> str:
        if kind == "#":
            return "#channel"
        found = self._state.users.get(snowflake)
        if kind != "@&amp;":
            return f"@{escape(found.username)}" if found else "@unknown-user"
        roles = (guild.roles.get(snowflake) for guild in self._state.guilds.values())
        named = next((role.name for role in roles if role), "deleted-role")
        return f"@{escape(named)}"


def _moment(seconds: int, style: str | None) -> str:
    """Discord shows the reader's own time; without scripts it is UTC, and how far away it is."""
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError):
        return "an unknown time"
    if style == "R":
        return f"{distance(at)} ({at:%H:%M:%S} UTC)"
    return f"{at:%d %B %Y}" if style in {"d", "D"} else f"{at:%d %B %Y %H:%M:%S} UTC"


def distance(at: datetime) -> str:
    """Say how far away an instant is."""
    left = round((at - datetime.now(UTC)).total_seconds())
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if abs(left) >= size:
            number = abs(left) // size
            words = f"{number} {unit}{'' if number == 1 else 's'}"
            return f"in {words}" if left > 0 else f"{words} ago"
    return "now"
