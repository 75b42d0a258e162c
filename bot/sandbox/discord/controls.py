"""Discord's limits for what people press and choose in: rows, buttons, menus; and what holds for all components.

A label too long, a sixth row, a twenty-sixth option: Discord refuses the whole answer, the person sees nothing, and it happens only to
the creator with the long role name. Limits: https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.sandbox.discord.components import BUTTON, SELECTS, STRING_SELECT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.sandbox.discord.forms import Form

LINK_STYLE, PREMIUM_STYLE = 5, 6


def parts(form: Form) -> Iterator[Form]:
    """Yield the form of every component, as `walk` does with sound ones; what is no component is refused at its place."""
    for part in form.each("components"):
        yield part
        yield from parts(part)
    for inner in ("component", "accessory"):
        if form.body.get(inner) is not None:
            part = form.inner(inner, form.body[inner])
            yield part
            yield from parts(part)


def check_row(row: Form) -> None:
    """Check up to five buttons, or one menu."""
    children = row.each("components", least=1, most=5)
    kinds = [child.number("type") for child in children]
    if len(children) > 1 and not SELECTS.isdisjoint(kinds):
        row.refuse("", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
    for child, kind in zip(children, kinds, strict=True):
        if kind == BUTTON:
            check_button(child)
        elif kind in SELECTS:
            check_select(child)
        else:
            wrong_type(child, {BUTTON, *SELECTS})


def check_button(button: Form) -> None:
    """Check a button: each style has its own fields."""
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


def check_select(select: Form) -> None:
    """Check a menu of any kind."""
    select.text("custom_id", least=1, most=100, needed=True)
    select.text("placeholder", most=150)
    least, most = select.number("min_values", least=0, most=25), select.number("max_values", least=1, most=25)
    least, most = 1 if least is None else least, 1 if most is None else most
    if least > most:
        select.refuse("min_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
    if select.body.get("type") == STRING_SELECT:
        check_options(select, least=1, most=25, chosen_at_most=most)


def check_options(select: Form, *, least: int, most: int, chosen_at_most: int) -> None:
    """Check the options of a menu, or of a group of boxes; no more can be chosen than there are."""
    options = select.each("options", least=least, most=most)
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


def check_ids(form: Form, every: Iterable[Form]) -> None:
    """Check that no two components go by the same custom id."""
    seen: set[str] = set()
    for part in every:
        part.number("id")
        custom_id = part.body.get("custom_id")
        if custom_id and isinstance(custom_id, str):
            if custom_id in seen:
                message = "Component custom id cannot be duplicated"
                form.refuse("components", "COMPONENT_CUSTOM_ID_DUPLICATED", message)
            seen.add(custom_id)


def wrong_type(part: Form, allowed: set[int] | frozenset[int]) -> None:
    """Refuse a component that may not stand there."""
    choices = ", ".join(str(kind) for kind in sorted(allowed))
    part.refuse("type", "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).')
