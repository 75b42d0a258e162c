"""What Discord fills in when it gives a message's embeds and components back.

A bot may leave out how many options a menu takes; the answer names it all the same, and a client that reads answers may rely on that.
"""

from __future__ import annotations

from typing import Any

from bot.sandbox.discord.components import CONTAINER, SELECTS

type Json = dict[str, Any]


def embed(given: Json) -> Json:
    """Return an embed as Discord answers with it."""
    full: Json = {"type": "rich", **{name: value for name, value in given.items() if value is not None}}
    if "fields" in full:
        full["fields"] = [{"inline": False, **each} for each in full["fields"]]
    return full


def component(given: Json) -> Json:
    """Return a component, and those inside it, as Discord answers with them."""
    full = {name: value for name, value in given.items() if value is not None}
    if full.get("type") in SELECTS:
        full = {"min_values": 1, "max_values": 1, **full}
    if full.get("type") == CONTAINER:
        full = {"accent_color": None, "spoiler": False, **full}
    for inner in ("component", "accessory"):
        if inner in full:
            full[inner] = component(full[inner])
    if "components" in full:
        full["components"] = [component(each) for each in full["components"]]
    return full
