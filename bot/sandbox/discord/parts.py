"""What Discord fills in when it gives a message's embeds and components back.

A bot may leave out how many options a menu takes; the answer names it all the same, and a client that reads answers may rely on that.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

from bot.sandbox.discord.components import CONTAINER, GALLERY, SELECTS, SEPARATOR, THUMBNAIL

type Json = dict[str, Any]

_DEFAULTS: dict[int, Json] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
    CONTAINER: {"accent_color": None, "spoiler": False},
    SEPARATOR: {"divider": True, "spacing": 1},
}


def embed(given: Json) -> Json:
    """Return an embed as Discord answers with it."""
    full: Json = {"type": "rich", **{name: value for name, value in given.items() if value is not None}}
    if "fields" in full:
        full["fields"] = [{"inline": False, **each} for each in full["fields"]]
    return full


def component(given: Json) -> Json:
    """Return a component, and those inside it, as Discord answers with them."""
    full = {name: value for name, value in given.items() if value is not None}
    full = _DEFAULTS.get(full["type"], {}) | full
    if full["type"] == THUMBNAIL:
        full = _shown(full)
    if full["type"] == GALLERY:
        full["items"] = [_shown(each) for each in full["items"]]
    for inner in ("component", "accessory"):
        if inner in full:
            full[inner] = component(full[inner])
    if "components" in full:
        full["components"] = [component(each) for each in full["components"]]
    return full


def _shown(given: Json) -> Json:
    """Return a picture as Discord answers with it; it stays where it is, since no proxy stands before it here."""
    url = given["media"]["url"]
    media = {"id": str(crc32(url.encode())), "url": url, "proxy_url": url}
    return {"description": None, "spoiler": False, **given, "media": media}
