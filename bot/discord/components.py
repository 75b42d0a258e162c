"""Buttons, menus and forms as plain values, so that a room or a test can look at what a person is offered.

nextcord's own views wait in memory for a press and answer it by themselves; ours carry what they mean in their custom
id and are routed by prefix (``bot/cogs/presses.py``), so that a press works after a restart. Limits (Discord's
documentation, "Component Reference"): five rows; five buttons or one menu in a row; 25 options; custom ids of 100
characters; labels of 80; links of 512.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import nextcord
from nextcord import ui
from nextcord.utils import MISSING

from bot.ids import RoleId


class Style(StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    SUCCESS = "success"
    DANGER = "danger"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    label: str
    custom_id: str
    style: Style = Style.SECONDARY
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A button that opens a page; Discord tells the bot nothing of its use."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    label: str
    value: str
    description: str | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """One to 25 options, of which ``at_least`` to ``at_most`` are chosen."""

    custom_id: str
    options: tuple[Option, ...]
    placeholder: str | None = None
    at_least: int = 1
    at_most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleMenu:
    """Discord's own list of the guild's roles; it offers all of them, so every choice is checked afterwards."""

    custom_id: str
    chosen: tuple[RoleId, ...] = ()
    placeholder: str | None = None
    at_least: int = 1
    at_most: int = 1


type Row = tuple[Button | Link, ...] | Menu | RoleMenu


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A line (or, ``long``, a box) to write in."""

    custom_id: str
    label: str
    value: str | None = None
    placeholder: str | None = None
    at_least: int = 1
    at_most: int = 100
    required: bool = True
    long: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A modal: it has to be the first answer to a command or a press."""

    custom_id: str
    title: str
    fields: tuple[Field, ...]


def draw(rows: tuple[Row, ...]) -> ui.View:
    """A view that shows ``rows`` and listens to nothing."""
    view = ui.View(timeout=None, auto_defer=False, prevent_update=False)
    for number, row in enumerate(rows):
        items = row if isinstance(row, tuple) else (row,)
        for item in items:
            view.add_item(_draw(item, number))
    return view


def draw_form(form: Form) -> ui.Modal:
    """A modal that listens to nothing once it is taken out of nextcord's store."""
    modal = ui.Modal(form.title, custom_id=form.custom_id, timeout=None, auto_defer=False)
    for number, field in enumerate(form.fields):
        modal.add_item(_draw_field(field, number))
    return modal


def _draw(item: Button | Link | Menu | RoleMenu, row: int) -> ui.Item[ui.View]:
    match item:
        case Button():
            style = nextcord.ButtonStyle[item.style.value]
            return ui.Button(
                label=item.label, custom_id=item.custom_id, style=style, disabled=item.disabled, row=row
            )
        case Link():
            return ui.Button(label=item.label, url=item.url, row=row)
        case Menu():
            return _draw_menu(item, row)
        case RoleMenu():
            return _draw_role_menu(item, row)


def _draw_menu(menu: Menu, row: int) -> ui.Item[ui.View]:
    return ui.StringSelect(
        custom_id=menu.custom_id,
        placeholder=menu.placeholder,
        min_values=menu.at_least,
        max_values=min(menu.at_most, len(menu.options)),
        options=[
            nextcord.SelectOption(
                label=option.label,
                value=option.value,
                description=option.description or MISSING,
                default=option.chosen,
            )
            for option in menu.options
        ],
        row=row,
    )


def _draw_role_menu(menu: RoleMenu, row: int) -> ui.Item[ui.View]:
    select: ui.RoleSelect[ui.View] = ui.RoleSelect(
        custom_id=menu.custom_id,
        placeholder=menu.placeholder,
        min_values=menu.at_least,
        max_values=menu.at_most,
        row=row,
    )
    # nextcord 3.2 sends default values, but the constructor of its menu does not take them.
    underlying: Any = select._underlying  # noqa: SLF001  (see above)
    for role_id in menu.chosen:
        underlying.add_default_value(str(role_id), nextcord.SelectDefaultValueType.role)
    return select


def _draw_field(field: Field, row: int) -> ui.Item[ui.View]:
    style = nextcord.TextInputStyle.paragraph if field.long else nextcord.TextInputStyle.short
    return ui.TextInput(
        field.label,
        custom_id=field.custom_id,
        style=style,
        min_length=field.at_least if field.required else 0,
        max_length=field.at_most,
        required=field.required,
        default_value=field.value,
        placeholder=field.placeholder,
        row=row,
    )
