"""Sentences that both doors say, drawn on a page: the little of Discord's markdown that they hold becomes HTML.

Everything else is escaped: a name that looks like markup, of either kind, is shown as it was written.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

_PIECE = re.compile(
    r"\\(?P<escaped>.)|\*\*(?P<bold>(?:\\.|[^\\])+?)\*\*|`(?P<code>[^`]+)`|(?P<link>https?://[^\s<>\"]+)|(?P<line>\n)",
    re.DOTALL,
)


def spoken(text: str) -> Markup:
    return Markup("").join(_pieces(text))


def _pieces(text: str) -> Iterator[Markup]:
    end = 0
    for found in _PIECE.finditer(text):
        yield escape(text[end : found.start()])
        yield _piece(found)
        end = found.end()
    yield escape(text[end:])


def _piece(found: re.Match[str]) -> Markup:
    match found.lastgroup:
        case "bold":
            return Markup("<strong>{}</strong>").format(spoken(found["bold"]))
        case "code":
            return Markup("<code>{}</code>").format(found["code"])
        case "link":
            return Markup('<a href="{0}">{0}</a>').format(found["link"])
        case "line":
            return Markup("<br>")
        case _:
            return escape(found["escaped"])
