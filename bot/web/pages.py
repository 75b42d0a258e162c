"""Pages from templates, and the one plain page on which everything that went wrong ends.

Templates escape everything; there are no scripts, so a page that waits asks the browser to come again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import jinja2
from aiohttp import web

from bot.config import Config
from bot.web.spoken import spoken

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A link to go on by."""

    label: str
    href: str


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
        self, template: str, *, status: int = 200, refresh: str | None = None, **values: object
    ) -> web.Response:
        """Render a page; ``refresh`` is a ``<meta http-equiv=refresh>`` content, such as ``"3"``."""
        html = self._templates.get_template(template).render(
            support_url=self._support_url, refresh=refresh, **values
        )
        return web.Response(
            text=html, status=status, content_type="text/html", headers={"Cache-Control": "no-store"}
        )

    def plain(self, title: str, *sentences: str, status: int = 400, ways: Sequence[Way] = ()) -> web.Response:
        """Say what happened and what to do next; gives no access to anything."""
        return self.show("plain.html", status=status, title=title, sentences=sentences, ways=ways)


def day(instant: datetime) -> str:
    return f"{instant.day} {instant:%B %Y}"


def see_other(path: str) -> web.Response:
    """Go on elsewhere with a GET, also after a POST."""
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})
