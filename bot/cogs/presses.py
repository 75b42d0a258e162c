"""Presses of buttons, choices in menus and filled-in forms, routed by the prefix of their custom id.

What a press means stands in its custom id (``"setup:role:17"``), nothing in memory: it works after a restart, and on
a message that is weeks old. Anybody can forge a custom id: it is never a permission, and who may do what is checked
anew by the cog at every press.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import nextcord
import structlog
from nextcord import InteractionType

from bot.cogs.passes import apologise
from bot.cogs.replies import Interaction, Reply, answer

log = structlog.get_logger()

OUT_OF_DATE = "This button belongs to an older version of the bot. Please run the command again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    custom_id: str
    argument: str
    """The custom id after the prefix it was routed by."""
    values: tuple[str, ...] = ()
    """What was chosen in a menu: option values, or the ids of roles."""
    fields: dict[str, str] = field(default_factory=dict)
    """What was written into a form, by the fields' custom ids."""


type Handler = Callable[[Interaction, Press], Awaitable[None]]


class Presses:
    """The registry; ``support`` is where people get help (SUPPORT_URL)."""

    def __init__(self, *, support: str | None = None) -> None:
        self._support = support
        self._handlers: dict[str, Handler] = {}

    def on(self, prefix: str, handler: Handler) -> None:
        """Route custom ids that begin with ``prefix`` (the longest prefix wins) to ``handler``."""
        if prefix in self._handlers:
            raise ValueError(f"two handlers for presses of {prefix!r}")
        self._handlers[prefix] = handler

    def install(self, client: nextcord.Client) -> None:
        client.add_listener(self.route, "on_interaction")

    async def route(self, interaction: Interaction) -> None:
        if interaction.type not in {InteractionType.component, InteractionType.modal_submit}:
            return
        data: Any = interaction.data or {}
        prefix = self._prefix_of(data["custom_id"])
        if prefix is None:
            await answer(interaction, Reply(text=OUT_OF_DATE), anew=True)
            return
        try:
            await self._handlers[prefix](interaction, _press(data, prefix))
        except Exception:
            log.exception("press_failed", custom_id=data["custom_id"])
            await apologise(interaction, support=self._support)

    def _prefix_of(self, custom_id: str) -> str | None:
        return max(filter(custom_id.startswith, self._handlers), key=len, default=None)


def _press(data: dict[str, Any], prefix: str) -> Press:
    return Press(
        custom_id=data["custom_id"],
        argument=data["custom_id"].removeprefix(prefix),
        values=tuple(data.get("values", ())),
        fields=dict(_fields(data.get("components", ()))),
    )


def _fields(components: Any) -> list[tuple[str, str]]:
    """The text inputs of a submitted form: rows of components, or labels around one component."""
    found: list[tuple[str, str]] = []
    for component in components:
        inner = component.get("components") or [component.get("component") or component]
        found += [(item["custom_id"], item.get("value") or "") for item in inner if "custom_id" in item]
    return found
