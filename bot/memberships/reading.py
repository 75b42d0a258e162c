r"""Reads JSON as the platform may send it, also where a text in it was cut in the middle of a character.

``"Ana 🎉".slice(0, 5)`` is half an emoji in JavaScript, and ``JSON.stringify`` writes that half as ``"\ud83c"``: JSON by
its grammar, but no text that can be stored or sent. msgspec refuses such a message whole, and a number that fits no
machine as well, wherever it stands. Refused whole, one name would keep a paying fan out for ever, and with them the
page of memberships that they stand on. So what msgspec refuses is read once more by the standard library.
"""

import json
import re
from typing import Any, NoReturn

import msgspec

_HALF = re.compile("[\ud800-\udfff]")
_LONGEST_NUMBER = 300
"""Digits; a longer one is infinite to us, and fits no field."""


def read_json(text: bytes | str) -> Any:
    """Raises ValueError for what is not JSON in UTF-8, and RecursionError for what is too deep."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        written = text.decode() if isinstance(text, bytes) else text
        return in_whole_characters(json.loads(written, parse_int=_integer, parse_constant=_refuse))


def in_whole_characters(value: Any) -> Any:
    """Put U+FFFD, the sign for what cannot be shown, in place of half characters, at any depth."""
    match value:
        case str():
            return _HALF.sub("\ufffd", value)
        case list():
            return [in_whole_characters(each) for each in value]
        case dict():
            return {in_whole_characters(name): in_whole_characters(each) for name, each in value.items()}
        case _:
            return value


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else float(digits)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
