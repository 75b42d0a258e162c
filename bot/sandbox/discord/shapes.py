"""Collects what is out of shape in a form, the way Discord reports it: all at once, each at its place.

Discord refuses a body with code 50035 and a nested tree of errors; a library shows that tree to its user, so a bot that sends a label
one character too long must meet the same tree here. https://discord.com/developers/docs/reference#error-messages
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

type Path = tuple[str | int, ...]


class Form:
    """What was found wrong so far; `refuse` raises it."""

    def __init__(self, prefix: Path = ()) -> None:
        self._prefix = prefix
        self._tree: dict[str, Any] = {}

    def wrong(self, path: Path, code: str, message: str) -> None:
        place = ".".join(str(part) for part in (*self._prefix, *path))
        self._tree = errors.merged(self._tree, errors.field(place, code, message))

    def refuse(self) -> None:
        """Raise Invalid Form Body, if anything was wrong."""
        if self._tree:
            raise errors.invalid_form(self._tree)

    def require(self, holder: Mapping[str, Any], name: str, path: Path) -> bool:
        if holder.get(name) in (None, ""):
            self.wrong((*path, name), "BASE_TYPE_REQUIRED", "This field is required")
            return False
        return True

    def text(  # noqa: PLR0913  each limit by its name
        self,
        holder: Mapping[str, Any],
        name: str,
        path: Path,
        *,
        most: int,
        least: int = 0,
        required: bool = False,
    ) -> None:
        """Check that `holder[name]` is a string of a length in bounds."""
        value = holder.get(name)
        if value is None or (value == "" and required):
            if required:
                self.require(holder, name, path)
            return
        if not isinstance(value, str):
            self.wrong((*path, name), "STRING_TYPE_CONVERT", "Could not interpret value as string.")
        elif least and not least <= len(value) <= most:
            self.wrong(
                (*path, name), "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length."
            )
        elif len(value) > most:
            self.wrong((*path, name), "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def count(self, items: list[Any], path: Path, *, least: int, most: int) -> None:
        if not least <= len(items) <= most:
            self.wrong(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")

    def number(self, holder: Mapping[str, Any], name: str, path: Path, *, least: int, most: int) -> None:
        value = holder.get(name)
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong((*path, name), "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < least:
            self.wrong(
                (*path, name), "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}."
            )
        elif value > most:
            self.wrong((*path, name), "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
