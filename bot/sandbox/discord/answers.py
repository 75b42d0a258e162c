"""What a person sees as the answer to what they did, as a value that a test can read.

A test asks for what stands there ("the link called Connect", "does it say Gold?"), never for how it is encoded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

type Json = dict[str, Any]

_EPHEMERAL = 1 << 6
_BUTTON, _STRING_SELECT, _TEXT_INPUT, _TEXT = 2, 3, 4, 10
_KINDS = {
    _BUTTON: "button",
    _STRING_SELECT: "string_select",
    _TEXT_INPUT: "text_input",
    5: "user_select",
    6: "role_select",
    7: "mentionable_select",
    8: "channel_select",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A line of a menu."""

    label: str
    value: str
    description: str | None = None
    default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A button, a menu or a field. `label` of a menu is its placeholder."""

    kind: str
    label: str | None = None
    custom_id: str | None = None
    url: str | None = None
    disabled: bool = False
    style: int | None = None
    options: tuple[Option, ...] = ()
    min_values: int = 1
    max_values: int = 1
    value: str | None = None
    required: bool = True
    default_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back. `kind` is `message`, `update` (the message that was used has changed), `modal` or `choices`."""

    kind: Literal["message", "update", "modal", "choices"]
    interaction_id: int = 0
    message_id: int | None = None
    content: str = ""
    embeds: tuple[Json, ...] = ()
    components: tuple[Component, ...] = ()
    ephemeral: bool = False
    title: str | None = None
    choices: tuple[Option, ...] = ()
    raw: Json = field(default_factory=dict, repr=False)

    @property
    def text(self) -> str:
        """Everything in it that can be read, one piece a line."""
        pieces = [self.title, self.content]
        for embed in self.embeds:
            pieces += _embed_texts(embed)
        pieces += [
            part.get("content") for part in _walk(self.raw.get("components") or []) if part["type"] == _TEXT
        ]
        for component in self.components:
            pieces.append(component.label)
            for option in component.options:
                pieces += [option.label, option.description]
        pieces += [choice.label for choice in self.choices]
        return "\n".join(piece for piece in pieces if piece)

    @property
    def buttons(self) -> tuple[Component, ...]:
        return tuple(each for each in self.components if each.kind == "button")

    @property
    def selects(self) -> tuple[Component, ...]:
        return tuple(each for each in self.components if each.kind.endswith("_select"))

    def labels(self) -> list[str]:
        """Return what the buttons are called, in order."""
        return [each.label or "" for each in self.buttons]

    def component(self, label: str) -> Component:
        """Return the one component with this label, placeholder or custom id; raises LookupError."""
        found = [each for each in self.components if label in (each.label, each.custom_id)]
        if len(found) != 1:
            raise LookupError(f"{len(found)} components are called {label!r} in: {self.text!r}")
        return found[0]

    def link(self, label: str) -> str:
        """Return where a link button leads; raises LookupError."""
        url = self.component(label).url
        if url is None:
            raise LookupError(f"{label!r} is not a link")
        return url


def from_sight(sight: Json) -> Answer:
    """Read what the sandbox says a person sees."""
    interaction_id = int(sight["interaction_id"])
    if sight["kind"] == "modal":
        modal = sight["modal"]
        return Answer(
            kind="modal",
            interaction_id=interaction_id,
            title=modal.get("title"),
            components=_components(modal.get("components") or []),
            raw=modal,
        )
    if sight["kind"] == "choices":
        found = tuple(Option(label=each["name"], value=str(each["value"])) for each in sight["choices"])
        return Answer(kind="choices", interaction_id=interaction_id, choices=found)
    return from_message(sight["message"] or {}, kind=sight["kind"], interaction_id=interaction_id)


def from_message(
    message: Json, *, kind: Literal["message", "update"] = "message", interaction_id: int = 0
) -> Answer:
    """Read a message; an empty object is one that has been deleted."""
    return Answer(
        kind=kind,
        interaction_id=interaction_id,
        message_id=int(message["id"]) if message else None,
        content=message.get("content") or "",
        embeds=tuple(message.get("embeds") or ()),
        components=_components(message.get("components") or []),
        ephemeral=bool((message.get("flags") or 0) & _EPHEMERAL),
        raw=message,
    )


def _components(tree: list[Json]) -> tuple[Component, ...]:
    labels = {id(part.get("component")): part.get("label") for part in _walk(tree) if part.get("component")}
    return tuple(_component(part, labels.get(id(part))) for part in _walk(tree) if part["type"] in _KINDS)


def _component(part: Json, outer_label: str | None) -> Component:
    return Component(
        kind=_KINDS[part["type"]],
        label=outer_label or part.get("label") or part.get("placeholder"),
        custom_id=part.get("custom_id"),
        url=part.get("url"),
        disabled=bool(part.get("disabled")),
        style=part.get("style"),
        options=tuple(
            Option(
                label=each["label"],
                value=each["value"],
                description=each.get("description"),
                default=bool(each.get("default")),
            )
            for each in part.get("options") or []
        ),
        min_values=part.get("min_values", 1),
        max_values=part.get("max_values", 1),
        value=part.get("value"),
        required=part.get("required", True),
        default_ids=tuple(int(each["id"]) for each in part.get("default_values") or []),
    )


def _walk(components: list[Json]) -> list[Json]:
    found: list[Json] = []
    for component in components:
        inner = [each for each in (component.get("component"), component.get("accessory")) if each]
        found += [component, *_walk((component.get("components") or []) + inner)]
    return found


def _embed_texts(embed: Json) -> list[str | None]:
    texts = [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
    for part in embed.get("fields") or []:
        texts += [part.get("name"), part.get("value")]
    return [*texts, (embed.get("footer") or {}).get("text")]
