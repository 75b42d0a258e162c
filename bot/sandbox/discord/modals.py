"""Discord's limits for forms: their labels, and what is filled in below them.

https://discord.com/developers/docs/components/using-modal-components
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord.components import (
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    ROW,
    SELECTS,
    TEXT_DISPLAY,
    TEXT_INPUT,
)
from bot.sandbox.discord.controls import check_ids, check_options, check_select, parts, wrong_type

if TYPE_CHECKING:
    from bot.sandbox.discord.forms import Form

_IN_LABEL = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}
_MOST_TICKED = 10


def check_modal(form: Form) -> None:
    """Note in the form of a modal what Discord would refuse in it."""
    form.text("title", least=1, most=45, needed=True)
    form.text("custom_id", least=1, most=100, needed=True)
    for part in form.each("components", least=1, most=5):
        _check_part(part)
    check_ids(form, parts(form))


def _check_part(part: Form) -> None:
    kind = part.number("type")
    if kind == ROW:
        for child in part.each("components", least=1, most=1):
            _check_text_input(child, labelled=True)
    elif kind == LABEL:
        part.text("label", least=1, most=45, needed=True)
        part.text("description", most=100)
        _check_field(part.inner("component", part.body.get("component") or {}))
    elif kind == TEXT_DISPLAY:
        part.text("content", least=1, most=4000, needed=True)
    else:
        wrong_type(part, {ROW, TEXT_DISPLAY, LABEL})


def _check_field(field: Form) -> None:
    kind = field.number("type")
    if kind in SELECTS:
        check_select(field)
        if field.flag("disabled"):
            field.refuse("disabled", "COMPONENT_DISABLED_IN_MODAL", "Modals cannot have disabled components.")
    elif kind == TEXT_INPUT:
        _check_text_input(field, labelled=False)
        return
    elif kind in _IN_LABEL:
        field.text("custom_id", least=1, most=100, needed=True)
        _check_ticks(field, kind)
    else:
        wrong_type(field, _IN_LABEL)
        return
    if field.body.get("min_values") == 0 and field.flag("required") is not False:
        message = "Must be at least 1, unless the component is not required."
        field.refuse("min_values", "NUMBER_TYPE_MIN", message)


def _check_ticks(field: Form, kind: int | None) -> None:
    """Check boxes to tick, radio buttons, and files to hand in."""
    if kind == RADIO_GROUP:
        check_options(field, least=2, most=_MOST_TICKED, chosen_at_most=1)
    elif kind == CHECKBOX:
        field.flag("default")
    else:
        most = field.number("max_values", least=1, most=_MOST_TICKED)
        least = field.number("min_values", most=_MOST_TICKED)
        if least is not None and most is not None and least > most:
            message = f"int value should be less than or equal to {most}."
            field.refuse("min_values", "NUMBER_TYPE_MAX", message)
        if kind == CHECKBOX_GROUP:
            check_options(field, least=1, most=_MOST_TICKED, chosen_at_most=most or 1)


def _check_text_input(field: Form, *, labelled: bool) -> None:
    if field.number("type") != TEXT_INPUT:
        wrong_type(field, {TEXT_INPUT})
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
