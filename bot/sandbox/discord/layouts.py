"""Discord's limits for what stands in a message: text, embeds and rows, or Components V2.

Files are not taken here, so that what refers to an attached one refers to none.
https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord.components import (
    BUTTON,
    COMPONENTS_V2,
    CONTAINER,
    FILE,
    GALLERY,
    ROW,
    SECTION,
    SEPARATOR,
    TEXT_DISPLAY,
    THUMBNAIL,
)
from bot.sandbox.discord.controls import check_button, check_ids, check_row, parts, wrong_type

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.discord.forms import Form

_TOP_LEVEL = frozenset({ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER})
_IN_CONTAINER = _TOP_LEVEL - {CONTAINER}


def check_message(form: Form) -> None:
    """Note in the form of a message what Discord would refuse in it."""
    form.text("content", most=2000)
    flags = form.number("flags") or 0
    every = list(parts(form))
    if flags & COMPONENTS_V2:
        _check_v2(form, every)
    else:
        _check_embeds(form)
        _check_rows(form)
    check_ids(form, every)


def _check_v2(form: Form, every: list[Form]) -> None:
    for legacy in ("content", "embeds"):
        if form.body.get(legacy):
            form.refuse(
                legacy,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{legacy}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
    if not 1 <= len(every) <= 40:
        form.refuse("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 40 in length.")
    for part in form.each("components"):
        _check_part(part, _TOP_LEVEL)
    texts = (part.body.get("content") for part in every if part.body.get("type") == TEXT_DISPLAY)
    if sum(len(text) for text in texts if isinstance(text, str)) > 4000:
        message = "The total text is longer than 4000 characters."
        form.refuse("components", "COMPONENT_MAX_TOTAL_TEXT_LENGTH", message)


def _check_part(part: Form, allowed: frozenset[int]) -> None:
    """Note what is wrong with one component that stands where only those of the allowed types may."""
    kind = part.number("type")
    if kind in allowed:
        _CHECKS[kind](part)
    else:
        wrong_type(part, allowed)


def _check_section(section: Form) -> None:
    for child in section.each("components", least=1, most=3):
        _check_part(child, frozenset({TEXT_DISPLAY}))
    section.require("accessory")
    if section.body.get("accessory") is not None:
        accessory = section.inner("accessory", section.body["accessory"])
        _check_part(accessory, frozenset({BUTTON, THUMBNAIL}))


def _check_text_display(text: Form) -> None:
    text.text("content", least=1, most=4000, needed=True)


def _check_thumbnail(thumbnail: Form) -> None:
    thumbnail.text("description", least=1, most=1024)
    _check_media(thumbnail, "media")


def _check_gallery(gallery: Form) -> None:
    for item in gallery.each("items", least=1, most=10):
        _check_thumbnail(item)


def _check_file(file: Form) -> None:
    _check_media(file, "file")


def _check_media(form: Form, name: str) -> None:
    media = form.inner(name, form.body.get(name) or {})
    url = media.text("url", most=2048, needed=True)
    if url is not None and (name == "file" or url.startswith("attachment://")):
        message = f"The referenced attachment '{url.rpartition('/')[2]}' was not found"
        media.refuse("url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", message)


def _check_separator(separator: Form) -> None:
    separator.number("spacing", least=1, most=2)
    separator.flag("divider")


def _check_container(container: Form) -> None:
    container.number("accent_color", most=0xFFFFFF)
    for child in container.each("components", least=1, most=40):
        _check_part(child, _IN_CONTAINER)


_CHECKS: dict[int, Callable[[Form], None]] = {
    ROW: check_row,
    BUTTON: check_button,
    SECTION: _check_section,
    TEXT_DISPLAY: _check_text_display,
    THUMBNAIL: _check_thumbnail,
    GALLERY: _check_gallery,
    FILE: _check_file,
    SEPARATOR: _check_separator,
    CONTAINER: _check_container,
}


def _check_embeds(form: Form) -> None:
    if sum(_check_embed(embed) for embed in form.each("embeds", most=10)) > 6000:
        form.refuse("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _check_embed(embed: Form) -> int:
    footer, author = (embed.inner(name, embed.body.get(name) or {}) for name in ("footer", "author"))
    texts = [
        embed.text("title", most=256),
        embed.text("description", most=4096),
        footer.text("text", most=2048),
        author.text("name", most=256),
    ]
    for field in embed.each("fields", most=25):
        texts += [field.text("name", most=256, needed=True), field.text("value", most=1024, needed=True)]
    return sum(len(text or "") for text in texts)


def _check_rows(form: Form) -> None:
    for row in form.each("components", most=5):
        if row.number("type") == ROW:
            check_row(row)
        else:
            wrong_type(row, {ROW})
