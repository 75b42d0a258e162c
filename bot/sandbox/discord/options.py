"""What an option of a command takes: choices, bounds, lengths, suggestions; and what may be suggested for it.

Each belongs to some types of options alone, and a choice is of its option's own type: a number where text is asked for is refused.
https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-structure
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord.localizations import check_localizations

if TYPE_CHECKING:
    from bot.sandbox.discord.forms import Form

STRING, INTEGER, CHANNEL, NUMBER = 3, 4, 7, 10
_LISTED = frozenset({STRING, INTEGER, NUMBER})
_NUMBERS = frozenset({INTEGER, NUMBER})
_TAKEN_BY = {
    "choices": _LISTED,
    "autocomplete": _LISTED,
    "min_length": frozenset({STRING}),
    "max_length": frozenset({STRING}),
    "min_value": _NUMBERS,
    "max_value": _NUMBERS,
    "channel_types": frozenset({CHANNEL}),
}
_LONGEST = 6000
_MOST = 1 << 53


def check_values(option: Form, kind: int | None) -> None:
    """Note what does not fit an option of that type."""
    for name, kinds in _TAKEN_BY.items():
        if kind not in kinds and option.body.get(name) is not None:
            message = f"Options of this type take no {name}"
            option.refuse(name, f"APPLICATION_COMMAND_OPTIONS_{name.upper()}_INVALID", message)
    for choice in option.each("choices", most=25):
        check_choice(choice, kind)
    if option.flag("autocomplete") and option.body.get("choices"):
        message = "Autocomplete and choices exclude each other"
        option.refuse("autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID", message)
    if kind == STRING:
        shortest, longest = (
            option.number("min_length", most=_LONGEST),
            option.number("max_length", least=1, most=_LONGEST),
        )
        _check_order(option, "min_length", shortest, longest)
    elif kind in _NUMBERS:
        _check_order(
            option, "min_value", _number(option, "min_value", kind), _number(option, "max_value", kind)
        )


def check_choice(choice: Form, kind: int | None) -> None:
    """Note what is wrong with one choice, or one suggestion, for an option of that type."""
    choice.text("name", least=1, most=100, needed=True)
    check_localizations(choice, "name", most=100)
    choice.require("value")
    if kind == STRING:
        choice.text("value", most=100)
    elif kind in _NUMBERS:
        _number(choice, "value", kind)


def _number(form: Form, name: str, kind: int) -> float | None:
    if kind == INTEGER:
        return form.number(name, least=1 - _MOST, most=_MOST - 1)
    value = form.body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        form.refuse(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not float.')
        return None
    if not -_MOST <= value <= _MOST:
        form.refuse(name, "NUMBER_TYPE_MAX", f"float value should be between {-_MOST} and {_MOST}.")
    return value


def _check_order(option: Form, name: str, least: float | None, most: float | None) -> None:
    if least is not None and most is not None and least > most:
        option.refuse(name, "NUMBER_TYPE_MAX", f"value should be less than or equal to {most}.")
