"""A command's names and descriptions in people's own languages: known languages, and each under the rules of the default.

https://discord.com/developers/docs/interactions/application-commands#localization
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.discord.forms import Form

# https://discord.com/developers/docs/reference#locales
_TAGS = """
id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko
"""
LOCALES = frozenset(_TAGS.split())


def check_localizations(
    form: Form, field: str, *, most: int, fits: Callable[[str], bool] | None = None
) -> None:
    """Refuse what is in no language of Discord's, too long, or no name where a name is wanted."""
    for locale, text in _entries(form, f"{field}_localizations"):
        path = f"{field}_localizations.{locale}"
        if locale not in LOCALES:
            form.refuse(path, "BASE_TYPE_CHOICES", "This is none of the available locales.")
        elif not isinstance(text, str):
            form.refuse(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
        elif not 1 <= len(text) <= most:
            form.refuse(path, "BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.")
        elif fits is not None and not fits(text):
            form.refuse(path, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _entries(form: Form, name: str) -> Iterator[tuple[str, Any]]:
    found = form.body.get(name)
    if found is None:
        return
    if not isinstance(found, dict):
        form.refuse(name, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return
    yield from ((locale, text) for locale, text in found.items() if text is not None)
