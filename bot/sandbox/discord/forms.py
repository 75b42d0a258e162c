"""Reading request bodies and queries: the values in shape, or Discord's 50035 that names where they are not.

All mistakes of one body are collected before the refusal, since Discord reports them all at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Json = dict[str, Any]

_NO_LIST = ("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")


class Form:
    """A body being read, or a query, whose values are all text; `done()` raises if anything was out of shape."""

    def __init__(
        self, body: Mapping[str, Any], *, query: bool = False, within: Form | None = None, prefix: str = ""
    ) -> None:
        self.body = body
        self._query = query
        self.wrong: Json = {}
        self._within = within
        self._prefix = prefix

    def inner(self, path: str, value: Any) -> Form:
        """Return a form for an object inside this one; its mistakes are reported with this one's."""
        if not isinstance(value, dict):
            self.refuse(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            value = {}
        return Form(value, within=self, prefix=path)

    def each(self, name: str, *, most: int | None = None, least: int = 0) -> list[Form]:
        """Return a form for each object of a list; an absent list has none."""
        values = self.array(name, most=most, least=least) or ()
        return [self.inner(f"{name}.{n}", value) for n, value in enumerate(values)]

    def __contains__(self, name: str) -> bool:
        return name in self.body

    def refuse(self, path: str, code: str, message: str) -> None:
        """Note a mistake at a field, or with an empty path, in the object as a whole."""
        if self._within:
            self._within.refuse(f"{self._prefix}.{path}".removesuffix("."), code, message)
            return
        self.wrong = errors.merged(self.wrong, errors.field(path, code, message))

    def done(self) -> None:
        """Raise 50035 if there were mistakes."""
        if self.wrong:
            raise errors.invalid_form(self.wrong)

    def text(self, name: str, *, most: int, least: int = 0, needed: bool = False) -> str | None:
        """Return a string, or None where it is absent or null."""
        value = self.body.get(name)
        if value is None or (needed and value == ""):
            if needed:
                self.require(name)
            return None
        if not isinstance(value, str):
            self.refuse(name, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
            return None
        self._measure(name, len(value), least=least, most=most)
        return value

    def require(self, name: str) -> None:
        """Refuse what is absent, null or an empty text."""
        if self.body.get(name) in (None, ""):
            self.refuse(name, "BASE_TYPE_REQUIRED", "This field is required")

    def flag(self, name: str) -> bool | None:
        """Return a boolean."""
        return self._typed(name, bool, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")

    def number(self, name: str, *, least: int = 0, most: int = (1 << 31) - 1) -> int | None:
        """Return an integer within its bounds; only a query's comes as text."""
        value = self.body.get(name)
        if self._query and isinstance(value, str) and value.removeprefix("-").isdecimal():
            value = int(value)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if value < least:
            self.refuse(name, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        if value > most:
            self.refuse(name, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        return value

    def snowflake(self, name: str, *, needed: bool = False) -> int | None:
        """Return an id."""
        value = self.body.get(name)
        if value is None:
            if needed:
                self.require(name)
            return None
        return self._id(name, value)

    def snowflakes(self, name: str) -> list[int] | None:
        """Return a list of ids."""
        values = self.array(name, most=250)
        if values is None:
            return None
        return [
            each for n, value in enumerate(values) if (each := self._id(f"{name}.{n}", value)) is not None
        ]

    def array(self, name: str, *, most: int | None = None, least: int = 0) -> list[Any] | None:
        """Return a list, or None where it is absent or null, which is refused where it holds at least one."""
        values = self._typed(name, list, *_NO_LIST)
        if values is not None:
            self._measure(name, len(values), least=least, most=most)
        elif least:
            self.require(name)
        return values

    def permissions(self, name: str) -> int | None:
        """Return permission bits, which come as text."""
        value = self.body.get(name)
        if value is None:
            return None
        if not str(value).isdecimal():
            self.refuse(name, "BITFIELD_TYPE_CONVERT", "Could not interpret value as bitfield.")
            return None
        return int(value)

    def time(self, name: str) -> datetime | None:
        """Return an instant."""
        text = self.text(name, most=64)
        if text is None:
            return None
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            self.refuse(name, "DATE_TIME_TYPE_PARSE", f"Could not parse {text}. Should be ISO8601.")
            return None

    def given(self, **readers: Callable[[str], Any]) -> Json:
        """Return those fields that the body has, each read by its reader; null is kept as None."""
        return {name: reader(name) for name, reader in readers.items() if name in self.body}

    def _measure(self, path: str, length: int, *, least: int, most: int | None) -> None:
        """Discord has a code of its own for what may also be empty."""
        if most is None:
            return
        if least and not least <= length <= most:
            self.refuse(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif length > most:
            self.refuse(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def _typed[T](self, name: str, kind: type[T], code: str, message: str) -> T | None:
        value = self.body.get(name)
        if value is None:
            return None
        if not isinstance(value, kind):
            self.refuse(name, code, message)
            return None
        return value

    def _id(self, path: str, value: Any) -> int | None:
        if isinstance(value, bool) or not str(value).isdecimal():
            self.refuse(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            return None
        return int(value)


def listed(body: Any) -> tuple[Form, list[Form]]:
    """Return the form of a body that is a list, and a form inside it for each of its objects; raises 50035 for anything else."""
    if not isinstance(body, list):
        raise errors.invalid_form(errors.field("", *_NO_LIST))
    form = Form({})
    return form, [form.inner(str(n), value) for n, value in enumerate(body)]
