"""What an application command must look like, and how Discord completes it.

A bot learns on its first day on Discord that an option's description is one character too long; here it learns that in its tests.
https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

import unicodedata
from typing import Any

from bot.sandbox.discord.forms import Form, listed
from bot.sandbox.discord.localizations import check_localizations
from bot.sandbox.discord.options import check_values

Json = dict[str, Any]

CHAT_INPUT = 1
SUB_COMMAND, SUB_COMMAND_GROUP = 1, 2
IN_BOT_DM = 1
_NESTED = {None: {SUB_COMMAND, SUB_COMMAND_GROUP}, SUB_COMMAND_GROUP: {SUB_COMMAND}}


def checked_all(body: Any, *, of_guild: bool) -> list[Json]:
    """Return a bulk body's commands for one guild, or for all, completed; raises 50035 with every mistake in all of them."""
    form, commands = listed(body)
    seen: set[tuple[str, str]] = set()
    for each in commands:
        _check_command(each, of_guild=of_guild)
        key = (str(each.body.get("type", CHAT_INPUT)), str(each.body.get("name")))
        if key in seen:
            each.refuse(
                "name", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
        seen.add(key)
    form.done()
    return [_completed(each) for each in body]


def checked(body: Json, *, of_guild: bool) -> Json:
    """Return one command, completed; raises 50035."""
    form = Form(body)
    _check_command(form, of_guild=of_guild)
    form.done()
    return _completed(body)


def _completed(body: Json) -> Json:
    """Add the defaults that Discord answers with."""
    kind = body.get("type") or CHAT_INPUT
    permissions = body.get("default_member_permissions")
    complete: Json = {
        "type": kind,
        "name": body["name"],
        "name_localizations": body.get("name_localizations"),
        "description": body.get("description") or "",
        "description_localizations": body.get("description_localizations"),
        "default_member_permissions": None if permissions is None else str(permissions),
        "dm_permission": body.get("dm_permission", True) is not False,
        "contexts": body.get("contexts"),
        "integration_types": body.get("integration_types") or [0],
        "nsfw": bool(body.get("nsfw", False)),
    }
    if body.get("options"):
        complete["options"] = body["options"]
    return complete


def _check_command(form: Form, *, of_guild: bool) -> None:
    kind = form.number("type", least=1, most=4) or CHAT_INPUT
    _check_numbers(form, "contexts", most=2, but=IN_BOT_DM if of_guild else None)
    _check_numbers(form, "integration_types", most=1)
    form.permissions("default_member_permissions")
    if kind == CHAT_INPUT:
        _check_name(form)
        _check_description(form)
        _check_options(form, parent=None)
        return
    form.text("name", least=1, most=32, needed=True)
    check_localizations(form, "name", most=32)
    if form.body.get("description"):
        form.refuse(
            "description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_IS_INVALID", "Must be empty."
        )
    if form.body.get("options"):
        form.refuse("options", "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_ARE_INVALID", "Must be empty.")


def _check_name(form: Form) -> None:
    name = form.text("name", least=1, most=32, needed=True)
    if name and not _is_name(name):
        form.refuse("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    check_localizations(form, "name", most=32, fits=_is_name)


def _check_description(form: Form) -> None:
    form.text("description", least=1, most=100, needed=True)
    check_localizations(form, "description", most=100)


def _check_numbers(form: Form, name: str, *, most: int, but: int | None = None) -> None:
    """Refuse a list of contexts, or of kinds of installation, with one that there is not, or not here."""
    known = set(range(most + 1)) - {but}
    for n, each in enumerate(form.array(name, most=most + 1) or ()):
        if isinstance(each, bool) or not isinstance(each, int) or each not in known:
            form.refuse(f"{name}.{n}", "BASE_TYPE_CHOICES", f"Value must be one of {known}.")


def _is_name(name: str) -> bool:
    letters = all(each in "-_'" or unicodedata.category(each)[0] in "LNM" for each in name)
    return letters and name == name.lower()


def _check_options(form: Form, *, parent: int | None) -> None:
    options = form.each("options", most=25)
    names: set[str] = set()
    optional_seen = False
    for option in options:
        kind = option.number("type", least=1, most=11)
        if kind is None:
            option.refuse("type", "BASE_TYPE_REQUIRED", "This field is required")
        _check_option(option, kind, parent)
        name = str(option.body.get("name"))
        if name in names:
            option.refuse("name", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE", "Option names must be unique")
        names.add(name)
        required = bool(option.body.get("required"))
        if required and optional_seen:
            message = "Required options must be placed before non-required options"
            option.refuse("required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not required
    _check_no_mixture(form, options)


def _check_option(option: Form, kind: int | None, parent: int | None) -> None:
    _check_name(option)
    _check_description(option)
    if kind in {SUB_COMMAND, SUB_COMMAND_GROUP}:
        if kind not in _NESTED.get(parent, set()):
            option.refuse(
                "type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands cannot be nested here"
            )
        _check_options(option, parent=kind)
        return
    if parent == SUB_COMMAND_GROUP:
        option.refuse(
            "type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Only sub-commands are allowed in a group"
        )
    check_values(option, kind)


def _check_no_mixture(form: Form, options: list[Form]) -> None:
    """Sub-commands and values cannot stand beside each other: a command that has sub-commands cannot itself be used."""
    kinds = {each.body.get("type") in (SUB_COMMAND, SUB_COMMAND_GROUP) for each in options}
    if len(kinds) > 1:
        message = "Sub-command and sub-command group option types are mutually exclusive to other types"
        form.refuse("options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
