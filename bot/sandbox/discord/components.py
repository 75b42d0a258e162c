"""Discord's limits for messages, their components and modals.

A label too long, a sixth row, a twenty-sixth option: Discord refuses the whole answer, the person sees nothing, and it happens only to
the creator with the long role name. Limits: https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.sandbox.discord.forms import Form

type Json = dict[str, Any]

EPHEMERAL = 1 << 6
COMPONENTS_V2 = 1 << 15

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = range(
    1, 9
)
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR = range(9, 15)
CONTAINER, LABEL = 17, 18
SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
LINK_STYLE, PREMIUM_STYLE = 5, 6
_V2_TOP_LEVEL = frozenset({ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER})


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component, layouts before what they hold."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for inner in ("component", "accessory"):
            if component.get(inner):
                yield from walk([component[inner]])


def check_message(form: Form) -> None:
    """Note in the form of a message what Discord would refuse in it."""
    form.text("content", most=2000)
    flags = form.number("flags") or 0
    parts = list(_parts(form))
    if flags & COMPONENTS_V2:
        _check_v2(form, parts)
    else:
        _check_embeds(form)
        _check_rows(form)
    _check_ids(form, parts)


def check_modal(form: Form) -> None:
    """Note in the form of a modal what Discord would refuse in it."""
    form.text("title", least=1, most=45, needed=True)
    form.text("custom_id", least=1, most=100, needed=True)
    for part in form.each("components", least=1, most=5):
        _check_modal_part(part)
    _check_ids(form, _parts(form))


def is_empty(body: Mapping[str, Any]) -> bool:
    """Tell whether a message has nothing to show."""
    return not any(
        body.get(part) for part in ("content", "embeds", "components", "attachments", "sticker_ids", "poll")
    )


def _parts(form: Form) -> Iterator[Form]:
    """Yield the form of every component, as `walk` does with sound ones; what is no component is refused at its place."""
    for part in form.each("components"):
        yield part
        yield from _parts(part)
    for inner in ("component", "accessory"):
        if form.body.get(inner) is not None:
            part = form.inner(inner, form.body[inner])
            yield part
            yield from _parts(part)


def _check_v2(form: Form, parts: list[Form]) -> None:
    for legacy in ("content", "embeds"):
        if form.body.get(legacy):
            form.refuse(
                legacy,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{legacy}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
    if not 1 <= len(parts) <= 40:
        form.refuse("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 40 in length.")
    for part in form.each("components"):
        if part.number("type") not in _V2_TOP_LEVEL:
            _wrong_type(part, _V2_TOP_LEVEL)
    total = 0
    for part in parts:
        kind = part.number("type")
        if kind == TEXT_DISPLAY:
            total += len(part.text("content", most=4000) or "")
        elif kind == ROW:
            _check_row(part)
    if total > 4000:
        message = "The total text is longer than 4000 characters."
        form.refuse("components", "COMPONENT_MAX_TOTAL_TEXT_LENGTH", message)


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
            _check_row(row)
        else:
            _wrong_type(row, {ROW})


def _check_row(row: Form) -> None:
    children = row.each("components", least=1, most=5)
    kinds = [child.number("type") for child in children]
    if len(children) > 1 and not SELECTS.isdisjoint(kinds):
        row.refuse("", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
    for child, kind in zip(children, kinds, strict=True):
        if kind == BUTTON:
            _check_button(child)
        elif kind in SELECTS:
            _check_select(child)
        else:
            _wrong_type(child, {BUTTON, *SELECTS})


def _check_button(button: Form) -> None:
    style = button.number("style")
    button.text("label", most=80)
    if style == PREMIUM_STYLE:
        button.require("sku_id")
        return
    if style == LINK_STYLE:
        _check_link(button)
    elif style in {1, 2, 3, 4}:
        button.text("custom_id", least=1, most=100, needed=True)
        if button.body.get("url"):
            _both(button)
    else:
        button.refuse("style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    if not button.body.get("label") and not button.body.get("emoji"):
        button.refuse("label", "BUTTON_COMPONENT_LABEL_REQUIRED", "A label or an emoji is required")


def _check_link(button: Form) -> None:
    url = button.text("url", most=512, needed=True)
    if button.body.get("custom_id"):
        _both(button)
    if url is None:
        return
    scheme = urlsplit(url).scheme
    if scheme not in {"http", "https", "discord"}:
        button.refuse(
            "url",
            "URL_TYPE_INVALID_SCHEME",
            f"Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https', 'discord').",
        )
    elif not urlsplit(url).netloc:
        button.refuse("url", "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _both(button: Form) -> None:
    button.refuse(
        "custom_id",
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        "A custom id and url cannot both be specified",
    )


def _check_select(select: Form) -> None:
    select.text("custom_id", least=1, most=100, needed=True)
    select.text("placeholder", most=150)
    least, most = select.number("min_values", least=0, most=25), select.number("max_values", least=1, most=25)
    least, most = 1 if least is None else least, 1 if most is None else most
    if least > most:
        select.refuse("min_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
    if select.body.get("type") == STRING_SELECT:
        _check_options(select, most)


def _check_options(select: Form, chosen_at_most: int) -> None:
    options = select.each("options", least=1, most=25)
    seen: set[str] = set()
    for option in options:
        option.text("label", least=1, most=100, needed=True)
        value = option.text("value", least=1, most=100, needed=True)
        option.text("description", most=100)
        if value in seen:
            message = "The specified option value is already used"
            option.refuse("value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        if value is not None:
            seen.add(value)
    if options and chosen_at_most > len(options):
        message = f"int value should be less than or equal to {len(options)}."
        select.refuse("max_values", "NUMBER_TYPE_MAX", message)


def _check_modal_part(part: Form) -> None:
    kind = part.number("type")
    if kind == ROW:
        for child in part.each("components", least=1, most=1):
            _check_text_input(child, labelled=True)
    elif kind == LABEL:
        part.text("label", least=1, most=45, needed=True)
        part.text("description", most=100)
        inner = part.inner("component", part.body.get("component") or {})
        if inner.number("type") in SELECTS:
            _check_select(inner)
        else:
            _check_text_input(inner, labelled=False)
    elif kind != TEXT_DISPLAY:
        _wrong_type(part, {ROW, TEXT_DISPLAY, LABEL})


def _check_text_input(field: Form, *, labelled: bool) -> None:
    if field.number("type") != TEXT_INPUT:
        _wrong_type(field, {TEXT_INPUT})
        return
    field.text("custom_id", least=1, most=100, needed=True)
    if labelled:
        field.text("label", least=1, most=45, needed=True)
    field.text("placeholder", most=100)
    field.text("value", most=4000)
    field.number("min_length", least=0, most=4000)
    field.number("max_length", least=1, most=4000)
    if field.number("style") not in {1, 2}:
        field.refuse("style", "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")


def _check_ids(form: Form, parts: Iterable[Form]) -> None:
    seen: set[str] = set()
    for part in parts:
        part.number("id")
        custom_id = part.body.get("custom_id")
        if custom_id and isinstance(custom_id, str):
            if custom_id in seen:
                message = "Component custom id cannot be duplicated"
                form.refuse("components", "COMPONENT_CUSTOM_ID_DUPLICATED", message)
            seen.add(custom_id)


def _wrong_type(part: Form, allowed: set[int] | frozenset[int]) -> None:
    choices = ", ".join(str(kind) for kind in sorted(allowed))
    part.refuse("type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')


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
