"""Discord's limits for messages, their components and modals.

A label too long, a sixth row, a twenty-sixth option: Discord refuses the whole answer, the person sees nothing, and it happens only to
the creator with the long role name. Limits: https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.discord.shapes import Form, Path

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
_EMBED_TEXTS = (("title", 256), ("description", 4096))


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component, layouts before what they hold."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for inner in ("component", "accessory"):
            if component.get(inner):
                yield from walk([component[inner]])


def check_message(body: Json, form: Form, path: Path = ()) -> None:
    """Note in `form` what Discord would refuse in a message's body."""
    form.text(body, "content", path, most=2000)
    components = body.get("components") or []
    if (body.get("flags") or 0) & COMPONENTS_V2:
        _check_v2(body, components, form, path)
    else:
        _check_embeds(body.get("embeds") or [], form, (*path, "embeds"))
        _check_rows(components, form, (*path, "components"))
    _check_unique_ids(components, form, (*path, "components"))


def check_modal(body: Json, form: Form, path: Path = ()) -> None:
    """Note in `form` what Discord would refuse in a modal."""
    form.text(body, "title", path, least=1, most=45, required=True)
    form.text(body, "custom_id", path, least=1, most=100, required=True)
    components = body.get("components") or []
    here = (*path, "components")
    form.count(components, here, least=1, most=5)
    for index, component in enumerate(components):
        _check_modal_part(component, form, (*here, index))
    _check_unique_ids(components, form, here)


def is_empty(body: Json) -> bool:
    """Tell whether a message has nothing to show."""
    return not any(
        body.get(part) for part in ("content", "embeds", "components", "attachments", "sticker_ids", "poll")
    )


def _check_v2(body: Json, components: list[Json], form: Form, path: Path) -> None:
    for legacy in ("content", "embeds"):
        if body.get(legacy):
            form.wrong(
                (*path, legacy),
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{legacy}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
    here = (*path, "components")
    every = list(walk(components))
    if not 1 <= len(every) <= 40:
        form.wrong(here, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 40 in length.")
    if sum(len(part.get("content") or "") for part in every if part.get("type") == TEXT_DISPLAY) > 4000:
        form.wrong(here, "COMPONENT_MAX_TOTAL_TEXT_LENGTH", "The total text is longer than 4000 characters.")
    for index, component in enumerate(components):
        if component.get("type") not in _V2_TOP_LEVEL:
            _wrong_type(form, (*here, index), _V2_TOP_LEVEL)
    for part in every:
        if part.get("type") == ROW:
            _check_row(part, form, (*here, components.index(part) if part in components else 0))


def _check_embeds(embeds: list[Json], form: Form, path: Path) -> None:
    if len(embeds) > 10:
        form.wrong(path, "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    total = 0
    for index, embed in enumerate(embeds):
        total += _check_embed(embed, form, (*path, index))
    if total > 6000:
        form.wrong(path, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def _check_embed(embed: Json, form: Form, path: Path) -> int:
    for name, most in _EMBED_TEXTS:
        form.text(embed, name, path, most=most)
    footer, author = embed.get("footer") or {}, embed.get("author") or {}
    form.text(footer, "text", (*path, "footer"), most=2048)
    form.text(author, "name", (*path, "author"), most=256)
    fields = embed.get("fields") or []
    if len(fields) > 25:
        form.wrong((*path, "fields"), "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, field in enumerate(fields):
        form.text(field, "name", (*path, "fields", index), most=256, required=True)
        form.text(field, "value", (*path, "fields", index), most=1024, required=True)
    texts = [embed.get("title"), embed.get("description"), footer.get("text"), author.get("name")]
    texts += [part for field in fields for part in (field.get("name"), field.get("value"))]
    return sum(len(text or "") for text in texts)


def _check_rows(rows: list[Json], form: Form, path: Path) -> None:
    if len(rows) > 5:
        form.wrong(path, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for index, row in enumerate(rows):
        if row.get("type") == ROW:
            _check_row(row, form, (*path, index))
        else:
            _wrong_type(form, (*path, index), {ROW})


def _check_row(row: Json, form: Form, path: Path) -> None:
    children = row.get("components") or []
    here = (*path, "components")
    form.count(children, here, least=1, most=5)
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        form.wrong(
            path, "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
        )
    for index, child in enumerate(children):
        kind = child.get("type")
        if kind == BUTTON:
            _check_button(child, form, (*here, index))
        elif kind in SELECTS:
            _check_select(child, form, (*here, index))
        else:
            _wrong_type(form, (*here, index), {BUTTON, *SELECTS})


def _check_button(button: Json, form: Form, path: Path) -> None:
    style = button.get("style")
    form.text(button, "label", path, most=80)
    if style == PREMIUM_STYLE:
        form.require(button, "sku_id", path)
        return
    if style == LINK_STYLE:
        _check_link(button, form, path)
    elif style in {1, 2, 3, 4}:
        form.text(button, "custom_id", path, least=1, most=100, required=True)
        if button.get("url"):
            _both(form, path)
    else:
        form.wrong((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3, 4, 5, 6}.")
    if not button.get("label") and not button.get("emoji"):
        form.wrong((*path, "label"), "BUTTON_COMPONENT_LABEL_REQUIRED", "A label or an emoji is required")


def _check_link(button: Json, form: Form, path: Path) -> None:
    form.text(button, "url", path, most=512, required=True)
    if button.get("custom_id"):
        _both(form, path)
    url = button.get("url")
    if not isinstance(url, str) or not url:
        return
    scheme = urlsplit(url).scheme
    if scheme not in {"http", "https", "discord"}:
        form.wrong(
            (*path, "url"),
            "URL_TYPE_INVALID_SCHEME",
            f"Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https', 'discord').",
        )
    elif not urlsplit(url).netloc:
        form.wrong((*path, "url"), "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _both(form: Form, path: Path) -> None:
    form.wrong(
        (*path, "custom_id"),
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        "A custom id and url cannot both be specified",
    )


def _check_select(select: Json, form: Form, path: Path) -> None:
    form.text(select, "custom_id", path, least=1, most=100, required=True)
    form.text(select, "placeholder", path, most=150)
    form.number(select, "min_values", path, least=0, most=25)
    form.number(select, "max_values", path, least=1, most=25)
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        form.wrong(
            (*path, "min_values"), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}."
        )
    if select.get("type") == STRING_SELECT:
        _check_options(select, form, (*path, "options"))


def _check_options(select: Json, form: Form, path: Path) -> None:
    options = select.get("options") or []
    form.count(options, path, least=1, most=25)
    seen: set[str] = set()
    for index, option in enumerate(options):
        here = (*path, index)
        form.text(option, "label", here, least=1, most=100, required=True)
        form.text(option, "value", here, least=1, most=100, required=True)
        form.text(option, "description", here, most=100)
        value = str(option.get("value"))
        if value in seen:
            form.wrong(
                (*here, "value"),
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(value)
    most = select.get("max_values", 1)
    if isinstance(most, int) and options and most > len(options):
        form.wrong(
            (*path[:-1], "max_values"),
            "NUMBER_TYPE_MAX",
            f"int value should be less than or equal to {len(options)}.",
        )


def _check_modal_part(component: Json, form: Form, path: Path) -> None:
    kind = component.get("type")
    if kind == ROW:
        children = component.get("components") or []
        form.count(children, (*path, "components"), least=1, most=1)
        for index, child in enumerate(children):
            _check_text_input(child, form, (*path, "components", index), labelled=True)
    elif kind == LABEL:
        form.text(component, "label", path, least=1, most=45, required=True)
        form.text(component, "description", path, most=100)
        inner = component.get("component") or {}
        if inner.get("type") in SELECTS:
            _check_select(inner, form, (*path, "component"))
        else:
            _check_text_input(inner, form, (*path, "component"), labelled=False)
    elif kind != TEXT_DISPLAY:
        _wrong_type(form, path, {ROW, TEXT_DISPLAY, LABEL})


def _check_text_input(field: Json, form: Form, path: Path, *, labelled: bool) -> None:
    if field.get("type") != TEXT_INPUT:
        _wrong_type(form, path, {TEXT_INPUT})
        return
    form.text(field, "custom_id", path, least=1, most=100, required=True)
    if labelled:
        form.text(field, "label", path, least=1, most=45, required=True)
    form.text(field, "placeholder", path, most=100)
    form.text(field, "value", path, most=4000)
    form.number(field, "min_length", path, least=0, most=4000)
    form.number(field, "max_length", path, least=1, most=4000)
    if field.get("style") not in {1, 2}:
        form.wrong((*path, "style"), "BASE_TYPE_CHOICES", "Value must be one of {1, 2}.")


def _check_unique_ids(components: list[Json], form: Form, path: Path) -> None:
    seen: set[str] = set()
    for component in walk(components):
        custom_id = component.get("custom_id")
        if custom_id in seen:
            form.wrong(path, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        if custom_id:
            seen.add(custom_id)


def _wrong_type(form: Form, path: Path, allowed: set[int] | frozenset[int]) -> None:
    choices = ", ".join(str(kind) for kind in sorted(allowed))
    form.wrong((*path, "type"), "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')


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
