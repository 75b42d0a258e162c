"""What a person sees of an HTML page: its title, the text, the links, the forms with their buttons.

It reads with the standard library's parser and takes the page as written: no scripts, no styles.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSEEN = frozenset({"script", "style", "template", "title", "select", "textarea"})
INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "em", "i", "kbd", "label", "mark", "q"}
)
INLINE |= {"s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"}
BUTTON_TYPES = frozenset({"submit", "image"})


@dataclass(slots=True, kw_only=True)
class Button:
    text: str = ""
    name: str = ""
    value: str = ""
    action: str = ""  # where this button sends the form, if not where the form says
    disabled: bool = False


@dataclass(slots=True, kw_only=True)
class Form:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)  # as they would be sent untouched
    options: dict[str, dict[str, str]] = field(
        default_factory=dict
    )  # name to {value: text} of what can be chosen
    buttons: list[Button] = field(default_factory=list)

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.fields} | set(self.options)


@dataclass(slots=True, kw_only=True)
class Markup:
    title: str = ""
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    forms: tuple[Form, ...] = ()


def read(html: str) -> Markup:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.seen).split("\n"))
    return Markup(
        title=" ".join(reader.title.split()),
        text="\n".join(line for line in lines if line),
        links=reader.links,
        forms=tuple(reader.forms),
    )


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self.title = ""
        self.links: list[tuple[str, str]] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._unseen: list[str] = []
        self._link: tuple[str, list[str]] | None = None
        self._button: tuple[Button, list[str]] | None = None
        self._select: tuple[str, bool] | None = None
        self._option: tuple[str, bool, list[str]] | None = None
        self._textarea: tuple[str, list[str]] | None = None
        self._label: tuple[list[tuple[str, str]], list[str]] | None = None  # ticks in it, its text

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._unseen.append(tag)
        if tag not in INLINE or tag == "br":
            self.seen.append("\n")
        start = getattr(self, f"_start_{tag}", None)
        if start:
            start(given)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen and self._unseen[-1] == tag:
            self._unseen.pop()
        end = getattr(self, f"_end_{tag}", None)
        if end:
            end()
        if tag not in INLINE:
            self.seen.append("\n")

    def handle_data(self, data: str) -> None:
        if self._unseen[-1:] == ["title"]:
            self.title += data
        for collecting in (self._link, self._button, self._option, self._textarea, self._label):
            if collecting:
                collecting[-1].append(data)
        if not self._unseen:
            # A line end in the source is no line end on the screen.
            self.seen.append(re.sub(r"\s+", " ", data))

    def _start_a(self, given: dict[str, str]) -> None:
        if "href" in given:
            self._link = (given["href"], [])

    def _end_a(self) -> None:
        if self._link:
            self.links.append((_joined(self._link[1]), self._link[0]))
            self._link = None

    def _start_form(self, given: dict[str, str]) -> None:
        self._form = Form(action=given.get("action", ""), method=given.get("method", "get").lower())
        self.forms.append(self._form)

    def _end_form(self) -> None:
        self._form = None

    def _start_input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text").lower(), given.get("name", "")
        if self._form is None or "disabled" in given:
            return
        if kind in BUTTON_TYPES:
            text = given.get("value", "Submit")
            self._form.buttons.append(
                Button(text=text, name=name, value=text, action=given.get("formaction", ""))
            )
        elif kind in {"checkbox", "radio"}:
            value = given.get("value", "on")
            self._form.options.setdefault(name, {})[value] = value
            if self._label:
                self._label[0].append((name, value))
            if "checked" in given:
                self._form.fields.append((name, value))
        elif name and kind not in {"button", "reset", "file"}:
            self._form.fields.append((name, given.get("value", "")))

    def _start_button(self, given: dict[str, str]) -> None:
        if given.get("type", "submit") == "submit":
            button = Button(
                name=given.get("name", ""),
                value=given.get("value", ""),
                action=given.get("formaction", ""),
                disabled="disabled" in given,
            )
            self._button = (button, [])

    def _end_button(self) -> None:
        if self._button and self._form:
            button, heard = self._button
            button.text = _joined(heard)
            self._form.buttons.append(button)
        self._button = None

    def _start_select(self, given: dict[str, str]) -> None:
        self._select = (given.get("name", ""), "multiple" in given)
        if self._form:
            self._form.options.setdefault(self._select[0], {})

    def _end_select(self) -> None:
        """A menu with nothing chosen sends its first option, as browsers do; a multiple one sends nothing."""
        self._end_option()
        if self._select and self._form:
            name, multiple = self._select
            offered = list(self._form.options[name])
            if not multiple and offered and name not in {n for n, _ in self._form.fields}:
                self._form.fields.append((name, offered[0]))
        self._select = None

    def _start_option(self, given: dict[str, str]) -> None:
        self._end_option()
        self._option = (given.get("value", "\0"), "selected" in given, [])

    def _end_option(self) -> None:
        if self._option and self._select and self._form:
            value, selected, heard = self._option
            text = _joined(heard)
            value = text if value == "\0" else value
            self._form.options[self._select[0]][value] = text
            if selected:
                self._form.fields.append((self._select[0], value))
        self._option = None

    def _start_label(self, _: dict[str, str]) -> None:
        self._label = ([], [])

    def _end_label(self) -> None:
        """A tick is known to people by the words around it."""
        if self._label and self._form:
            for name, value in self._label[0]:
                self._form.options[name][value] = _joined(self._label[1])
        self._label = None

    def _start_textarea(self, given: dict[str, str]) -> None:
        self._textarea = (given.get("name", ""), [])

    def _end_textarea(self) -> None:
        if self._textarea and self._form:
            name, heard = self._textarea
            self._form.fields.append((name, "".join(heard).removeprefix("\n")))
        self._textarea = None


def _joined(heard: list[str]) -> str:
    return " ".join("".join(heard).split())
