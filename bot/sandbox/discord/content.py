"""What people wrote, as an app reads it that may not read messages: empty, but where it is meant for the app.

Message content is a privilege across the APIs: over the gateway it goes by a session's intent, over REST by what is switched on for the
application. A bot that was shown too much here would find empty messages on the real Discord.
https://discord.com/developers/docs/events/gateway#message-content-intent
"""

from __future__ import annotations

from typing import Any

type Json = dict[str, Any]


def readable(message: Json, app_id: int) -> Json:
    """Return a guild's message as it is told without the intent: its content only in one's own and where one is mentioned."""
    mentioned = any(mention in message["content"] for mention in (f"<@{app_id}>", f"<@!{app_id}>"))
    if mentioned or message["author"]["id"] == str(app_id):
        return message
    return message | {"content": "", "embeds": [], "attachments": [], "components": []}
