"""Discord's components as values: their types, how they stand inside each other, and how Discord gives them back.

What it refuses is said in `controls.py` (what is pressed and chosen), `layouts.py` (messages) and `modals.py` (forms).
https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

type Json = dict[str, Any]

EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(
    1, 9
)
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL, FILE_UPLOAD = 17, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component, layouts before what they hold."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for inner in ("component", "accessory"):
            if component.get(inner):
                yield from walk([component[inner]])


def is_empty(body: Mapping[str, Any]) -> bool:
    """Tell whether a message has nothing to show."""
    return not any(
        body.get(part) for part in ("content", "embeds", "components", "attachments", "sticker_ids", "poll")
    )


def stored(components: list[Json]) -> list[Json]:
    """Return components as Discord gives them back: each with an id, the first free ones from 1."""
    taken = {part["id"] for part in walk(components) if part.get("id")}
    free = (number for number in range(1, 10_000) if number not in taken)

    def numbered(part: Json) -> Json:
        own = {**part, "id": part.get("id") or next(free)}
        if part.get("components"):
            own["components"] = [numbered(each) for each in part["components"]]
        for inner in ("component", "accessory"):
            if part.get(inner):
                own[inner] = numbered(part[inner])
        return own

    return [numbered(part) for part in components]
