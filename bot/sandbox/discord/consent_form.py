"""Reads Discord's consent page as a browser does: what it says, what its form offers, what would be sent."""

from __future__ import annotations

from html.parser import HTMLParser


class Form(HTMLParser):
    """The one form of a page: its hidden fields, and the menus with what they offer and what is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.options: dict[str, list[str]] = {}
        self._select: str | None = None

    @classmethod
    def read(cls, text: str) -> Form:
        form = cls()
        form.feed(text)
        return form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self.fields[given["name"]] = given.get("value", "")
        elif tag == "select":
            self._select = given["name"]
            self.options[self._select] = []
        elif tag == "option" and self._select:
            self.options[self._select].append(given["value"])
            if "selected" in given or len(self.options[self._select]) == 1:
                self.fields[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None


def heading(text: str) -> str:
    """Return what a page says first."""
    return text.partition("<h1>")[2].partition("</h1>")[0] or text[:200]
