"""What people do with the bot: type its commands, press its buttons, choose in its menus, fill in its forms.

Only what Discord's client would let them do gets through; each act waits for what the person finally sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import components
from bot.sandbox.discord import interactions as stages
from bot.sandbox.discord.envelopes import check_presence, find_command, find_message, place
from bot.sandbox.discord.interactions import Act
from bot.sandbox.discord.invocation import CannotError, Resolver, command_data, modal_data, select_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.discord.interactions import Interactions
    from bot.sandbox.discord.model import Channel, Message, User
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]


class Play:
    """People and the bot, played over the interactions of one sandbox."""

    def __init__(self, state: State, interactions: Interactions) -> None:
        self._state = state
        self._interactions = interactions

    async def command(
        self, user: int, name: str, *, guild: int | None = None, options: Json | None = None
    ) -> Json:
        """Type a slash command, such as `passes setup`; without a guild, in the bot's direct messages."""
        return await self._type(stages.COMMAND, user, name, guild, options or {})

    async def autocomplete(  # noqa: PLR0913  each is one thing that a person types
        self,
        user: int,
        name: str,
        *,
        option: str,
        text: str,
        guild: int | None = None,
        options: Json | None = None,
    ) -> Json:
        """Begin to type an option, and see what is suggested."""
        given = (options or {}) | {option: text}
        return await self._type(stages.AUTOCOMPLETE, user, name, guild, given, focused=option)

    async def press(
        self, user: int, message_id: int, *, label: str | None = None, custom_id: str | None = None
    ) -> Json:
        """Press a button of a message."""
        who, channel, message = self._facing(user, message_id)
        button = _pick(
            message, lambda each: each["type"] == components.BUTTON, label=label, custom_id=custom_id
        )
        if button.get("url"):
            raise CannotError("that button is a link: it opens a page")
        data = {"component_type": components.BUTTON, "custom_id": button["custom_id"]}
        return await self._use(who, channel, message, data)

    async def choose(
        self,
        user: int,
        message_id: int,
        values: Sequence[str | int],
        *,
        placeholder: str | None = None,
        custom_id: str | None = None,
    ) -> Json:
        """Choose in a menu, by labels, names or ids."""
        who, channel, message = self._facing(user, message_id)
        menu = _pick(
            message, lambda each: each["type"] in components.SELECTS, label=placeholder, custom_id=custom_id
        )
        resolver = Resolver(state=self._state, guild=self._state.guilds.get(channel.guild_id or 0))
        return await self._use(who, channel, message, select_data(menu, values, resolver))

    async def fill(self, user: int, interaction_id: int, fields: Json) -> Json:
        """Fill in the form that an act was answered with, by labels or custom ids, and send it."""
        who = self._state.find_user(user)
        opened, modal = self._interactions.opened_modal(interaction_id)
        if opened.act.user.id != user:
            raise CannotError("the form is somebody else's")
        guild = self._state.guilds.get(opened.act.channel.guild_id or 0)
        check_presence(self._state, who, opened.act.channel)
        data = modal_data(modal, fields, Resolver(state=self._state, guild=guild))
        act = Act(
            kind=stages.MODAL_SUBMIT,
            user=who,
            channel=opened.act.channel,
            data=data,
            source=opened.act.source,
            opener=opened,
        )
        return await self._do("fill", act)

    def message(self, user: int, message_id: int) -> Json | None:
        """Look at a message once more."""
        try:
            _, message = find_message(self._state, self._state.find_user(user), message_id)
        except CannotError:
            return None
        return self._interactions.rendered(message)

    def shown(self, user: int, interaction_id: int) -> list[Json]:
        """Return every message that an act has brought so far, and that is still there."""
        interaction = self._interactions.find(interaction_id)
        if interaction.act.user.id != user:
            raise CannotError("that was somebody else's doing")
        rendered = (self._interactions.rendered(each) for each in interaction.shown)
        return [each for each in rendered if each is not None]

    async def _type(  # noqa: PLR0913  each is one thing that a person types
        self,
        kind: int,
        user: int,
        name: str,
        guild_id: int | None,
        given: Json,
        *,
        focused: str | None = None,
    ) -> Json:
        who = self._state.find_user(user)
        channel, guild = place(self._state, who, guild_id)
        first, *path = name.removeprefix("/").split()
        command = find_command(self._state, who, guild, first)
        resolver = Resolver(state=self._state, guild=guild)
        data = command_data(command, path, given, resolver, focused=focused)
        act = Act(kind=kind, user=who, channel=channel, data=data, name=" ".join([first, *path]))
        return await self._do("command", act)

    async def _use(self, who: User, channel: Channel, message: Message, data: Json) -> Json:
        act = Act(kind=stages.COMPONENT, user=who, channel=channel, data=data, source=message)
        return await self._do("component", act)

    async def _do(self, what: str, act: Act) -> Json:
        entry = self._state.journal.open(
            f"hand {what}", actor=act.user.id, guild_id=act.channel.guild_id, body=act.data
        )
        with self._state.journal.recording(entry):
            done = await self._interactions.start(act)
        return self._interactions.sight(done)

    def _facing(self, user: int, message_id: int) -> tuple[User, Channel, Message]:
        who = self._state.find_user(user)
        channel, message = find_message(self._state, who, message_id)
        return who, channel, message


def _pick(message: Message, fits: Any, *, label: str | None, custom_id: str | None) -> Json:
    """Return the one component that is meant; where neither label nor id is given, the only one there."""
    candidates = [each for each in components.walk(message.components) if fits(each)]
    named = [
        each
        for each in candidates
        if (label is None or label in (each.get("label"), each.get("placeholder")))
        and (custom_id is None or each.get("custom_id") == custom_id)
    ]
    if len(named) != 1:
        shown = (
            ", ".join(repr(each.get("label") or each.get("placeholder")) for each in candidates) or "nothing"
        )
        raise CannotError(f"{len(named)} components fit {label or custom_id!r}; the message shows {shown}")
    if named[0].get("disabled"):
        raise CannotError(f"{label or custom_id!r} is greyed out")
    return named[0]
