"""Pages from templates, and the one plain page on which everything that went wrong ends.

Templates escape everything; there are no scripts, so a page that waits asks the browser to come again. Whoever reads it
slowly, or hears it read, can stop that (WCAG 2.2.1); so it is said on the page, not in a ``<meta>`` that nobody sees.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import jinja2
from aiohttp import web

from bot.config import Config
from bot.web.spoken import spoken

FOLDER = Path(__file__).parent
_STILL = "still"
_LOOKS = "looks"
LONG = 10
"""Looks after which what is waited for takes long: half a minute."""
MOST_LOOKS = 20
_SOON_S = 3
_LATER_S = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A link to go on by."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A page that waits for something: it looks again by itself, or when its link is followed."""

    by_itself: str | None
    """The header that makes the browser come again; None once the person has stopped that."""
    href: str
    """How to stop it; where it is stopped, how to look again."""


class Pages:
    def __init__(self, config: Config) -> None:
        self._support_url = config.support_url
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["day"] = day
        self._templates.filters["spoken"] = spoken

    def show(
        self, template: str, *, status: int = 200, again: Again | None = None, **values: object
    ) -> web.Response:
        """Render a page; ``again`` if it waits for something."""
        html = self._templates.get_template(template).render(
            support_url=self._support_url, again=again, **values
        )
        headers = {"Cache-Control": "no-store"}
        if again and again.by_itself:
            headers["Refresh"] = again.by_itself
        return web.Response(text=html, status=status, content_type="text/html", headers=headers)

    def plain(self, title: str, *sentences: str, status: int = 400, ways: Sequence[Way] = ()) -> web.Response:
        """Say what happened and what to do next; gives no access to anything."""
        return self.show("plain.html", status=status, title=title, sentences=sentences, ways=ways)


def day(instant: datetime) -> str:
    return f"{instant.day} {instant:%B %Y}"


def small_number(given: object) -> int:
    """A count or a page that an address or a form gave; 0 for what is none."""
    return int(given) if isinstance(given, str) and re.fullmatch(r"[0-9]{1,6}", given) else 0


def look_again(request: web.Request) -> Again:
    """Come again soon, after a while more slowly, and in the end no more; unless this visitor has stopped that.

    Each look takes the place of whoever reads the page by keyboard or ear: what takes long is not worth that for ever.
    """
    looks, rest = looked(request), [item for item in request.query.items() if item[0] not in {_LOOKS, _STILL}]
    if _STILL in request.query:
        return Again(by_itself=None, href=_address(request, [*rest, (_STILL, "1")]))
    if looks >= MOST_LOOKS:
        return Again(by_itself=None, href=_address(request, rest))
    wait_s = _SOON_S if looks < LONG else _LATER_S
    return Again(
        by_itself=f"{wait_s}; url={_address(request, [*rest, (_LOOKS, str(looks + 1))])}",
        href=_address(request, [*rest, (_STILL, "1")]),
    )


def looked(request: web.Request) -> int:
    """How many times the page has looked again by itself."""
    return small_number(request.query.get(_LOOKS))


def _address(request: web.Request, query: Sequence[tuple[str, str]]) -> str:
    return f"{request.path}?{urlencode(query)}" if query else request.path


def see_other(path: str) -> web.Response:
    """Go on elsewhere with a GET, also after a POST."""
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
