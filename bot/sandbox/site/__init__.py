"""What all pages of the sandbox look like and how they are rendered: plain HTML, one style sheet, no scripts.

Each site (the start page, the storefront, Discord) has its own templates and one colour, so that a person always sees
on which side they are.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

ACCOUNT_COOKIE = "sandbox_account"  # who you are on Discord
PERSON_COOKIE = "sandbox_platform_person"  # who you are at the platform; ports of one host share cookies
_SHARED = Path(__file__).parent / "templates"


class Site:
    """The pages of one site; `start` is where the demo's start page is, if there is one."""

    def __init__(self, name: str, templates: Path, *, start: str | None = None) -> None:
        self.name = name
        self.start = start
        self._templates = Environment(
            loader=FileSystemLoader([templates, _SHARED]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def filters(self) -> dict[str, Callable[..., Any]]:
        """What templates may call on a value, beside jinja's own."""
        return self._templates.filters

    def page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        html = self._templates.get_template(template).render(
            {"site": self.name, "start_url": self.start} | values
        )
        return web.Response(
            text=html, status=status, content_type="text/html", headers={"Cache-Control": "no-store"}
        )


def text(form: Mapping[str, Any], name: str) -> str:
    """One field of a form; a file or nothing at all is the empty string."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
