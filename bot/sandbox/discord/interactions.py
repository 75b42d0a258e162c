"""Interactions from the press to what the person sees: three seconds to acknowledge, fifteen minutes to finish.

An interaction is told to the bot over the gateway and answered over HTTP (`callbacks.py`). The person waits here: for the message, the
form, the changed message, or for "The application did not respond".
https://discord.com/developers/docs/interactions/receiving-and-responding
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import components, errors, payloads
from bot.sandbox.discord.envelopes import envelope
from bot.sandbox.discord.errors import DiscordError
from bot.sandbox.discord.origins import origin

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Channel, Message, User
    from bot.sandbox.discord.state import State

type Json = dict[str, Any]

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
LOADING = 1 << 7
_REPLY, _COMMAND_ANSWER = 19, 20
_KINDS = {MESSAGE: "message", DEFERRED_MESSAGE: "message", DEFERRED_UPDATE: "update", UPDATE: "update"}


class DidNotRespondError(Exception):
    """The bot let the three seconds pass; the person reads that the application did not respond."""


class NeverFinishedError(Exception):
    """The bot acknowledged and then left the person waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What a person did: `kind` is Discord's interaction type, `source` the message whose component was used, `opener` opened the form."""

    kind: int
    user: User
    channel: Channel
    data: Json
    name: str = ""
    source: Message | None = None
    opener: Interaction | None = None


@dataclass(slots=True, kw_only=True)
class Interaction:
    """An act on its way, and what came of it so far."""

    id: int
    token: str
    act: Act
    born_at: float = field(default_factory=time.monotonic)
    answer: int | None = None
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    shown: list[Message] = field(default_factory=list)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    followed_up: Message | None = None

    def finish(self) -> None:
        self.finished.set()


class Interactions:
    """The interactions of one sandbox."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.deadline_s = 3.0
        self.life_s = 900.0
        self.patience_s = 20.0
        # Nobody presses within this of seeing a button; the bot needs it to hear that its answer was taken.
        self.reaction_s = 0.02
        self._by_token: dict[str, Interaction] = {}
        self._by_id: dict[int, Interaction] = {}

    # The person's side

    async def start(self, act: Act) -> Interaction:
        """Tell the bot what the person did; return when they see the final answer.

        Raise DidNotRespondError after three seconds without an acknowledgement, NeverFinishedError if nothing followed one.
        """
        interaction = Interaction(
            id=self.state.ids.next(),
            token=secrets.token_urlsafe(48),
            act=act,
        )
        self._by_token[interaction.token] = interaction
        self._by_id[interaction.id] = interaction
        self._tell(interaction)
        await self._acknowledged(interaction)
        try:
            async with asyncio.timeout(self.patience_s):
                await interaction.finished.wait()
        except TimeoutError:
            raise NeverFinishedError("the application acknowledged and then said nothing more") from None
        await asyncio.sleep(self.reaction_s)
        return interaction

    def _tell(self, interaction: Interaction) -> None:
        act = interaction.act
        body = envelope(self.state, act.user, act.channel) | {
            "id": str(interaction.id),
            "token": interaction.token,
            "type": interaction.act.kind,
            "data": interaction.act.data,
        }
        if interaction.act.source is not None:
            body["message"] = payloads.message(interaction.act.source, self.state.anybody)
        self.state.announce(
            "INTERACTION_CREATE",
            body,
            guild_id=interaction.act.channel.guild_id,
            user_id=self.state.app.bot_id,
        )

    async def _acknowledged(self, interaction: Interaction) -> None:
        try:
            async with asyncio.timeout(self.deadline_s):
                await interaction.acknowledged.wait()
        except TimeoutError:
            self.state.note("did not respond", interaction_id=interaction.id, user_id=interaction.act.user.id)
            raise DidNotRespondError("The application did not respond") from None

    def find(self, interaction_id: int) -> Interaction:
        """Return an interaction, or raise KeyError."""
        return self._by_id[interaction_id]

    def sight(self, interaction: Interaction) -> Json:
        """Return what the person sees as the answer."""
        body: Json = {
            "interaction_id": str(interaction.id),
            "modal": interaction.modal,
            "choices": interaction.choices,
        }
        if interaction.modal is not None:
            return body | {"kind": "modal", "message": None}
        if interaction.choices is not None:
            return body | {"kind": "choices", "message": None}
        kind = _KINDS.get(interaction.answer or 0, "message")
        message = interaction.original
        if interaction.answer == DEFERRED_UPDATE and interaction.followed_up is not None:
            kind, message = "message", interaction.followed_up
        return body | {"kind": kind, "message": self.rendered(message)}

    def rendered(self, message: Message | None) -> Json | None:
        """Return a message's payload, or None where it has been deleted meanwhile."""
        if message is None or message.id not in self.state.messages.get(message.channel_id, {}):
            return None
        return payloads.message(message, self.state.anybody)

    def opened_modal(self, interaction_id: int) -> tuple[Interaction, Json]:
        """Return the interaction that was answered with a form, and the form."""
        interaction = self._by_id[interaction_id]
        if interaction.modal is None:
            raise KeyError(interaction_id)
        return interaction, interaction.modal

    # The bot's side

    def awaiting(self, interaction_id: int, token: str) -> Interaction:
        """Return an interaction that may be acknowledged now, or raise 10062 or 40060."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.id != interaction_id:
            raise errors.unknown_interaction()
        if interaction.answer is not None:
            raise errors.already_acknowledged()
        if time.monotonic() - interaction.born_at > self.deadline_s:
            raise errors.unknown_interaction()
        return interaction

    def answered(self, token: str) -> Interaction:
        """Return an interaction whose token may be written to, or raise 10015 or 50027."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.answer is None:
            raise errors.unknown_webhook()
        if time.monotonic() - interaction.born_at > self.life_s:
            raise DiscordError(401, 50027, "Invalid Webhook Token")
        return interaction

    def acknowledge(self, interaction: Interaction, answer: int, data: Json) -> None:
        """Carry out a callback of a type that has been found to fit."""
        interaction.answer = answer
        if answer == MESSAGE:
            interaction.original = self.say(interaction, data)
        elif answer == DEFERRED_MESSAGE:
            hidden = (data.get("flags") or 0) & components.EPHEMERAL
            interaction.original = self.say(interaction, {"flags": hidden | LOADING})
        elif answer in {DEFERRED_UPDATE, UPDATE}:
            interaction.original = interaction.act.source
            if answer == UPDATE and interaction.act.source is not None:
                self.change(interaction, interaction.act.source, data)
        elif answer == MODAL:
            interaction.modal = data | {"components": components.stored(data["components"])}
        elif answer == CHOICES:
            interaction.choices = data.get("choices") or []
        interaction.acknowledged.set()
        if answer not in {DEFERRED_MESSAGE, DEFERRED_UPDATE}:
            interaction.finish()

    def say(self, interaction: Interaction, body: Json) -> Message:
        """Show a new message; an ephemeral one to the person alone."""
        flags = body.get("flags") or 0
        bot = self.state.anybody(self.state.app.bot_id)
        message = self.state.create_message(
            interaction.act.channel,
            bot,
            body.get("content") or "",
            embeds=_embeds(body),
            components=components.stored(body.get("components") or []),
            flags=flags,
            type=_COMMAND_ANSWER if interaction.act.kind == COMMAND else _REPLY,
            visible_to=interaction.act.user.id if flags & components.EPHEMERAL else None,
            extra=origin(interaction, self.state.app.id),
        )
        interaction.shown.append(message)
        return message

    def follow_up(self, interaction: Interaction, body: Json) -> Message:
        """Show one more message; right after a deferral it takes the place of "is thinking…"."""
        original = interaction.original
        if interaction.answer == DEFERRED_MESSAGE and original is not None and original.flags & LOADING:
            return self.change(interaction, original, body)
        message = self.say(interaction, body)
        if interaction.followed_up is None:
            interaction.followed_up = message
        interaction.finish()
        return message

    def change(self, interaction: Interaction, message: Message, body: Json) -> Message:
        """Edit a message; what the body does not name stays."""
        traits: Json = {"flags": message.flags & ~LOADING}
        if "content" in body:
            traits["content"] = body["content"] or ""
        if "embeds" in body:
            traits["embeds"] = _embeds(body)
        if "components" in body:
            traits["components"] = components.stored(body["components"] or [])
        traits["flags"] |= (body.get("flags") or 0) & components.COMPONENTS_V2
        self.state.edit_message(interaction.act.channel, message, **traits)
        if message not in interaction.shown:
            interaction.shown.append(message)
        interaction.finish()
        return message

    def delete(self, interaction: Interaction, message: Message) -> None:
        """Take a message back; a deferral whose "is thinking…" is deleted still waits for what follows."""
        self.state.delete_message(interaction.act.channel, message)
        if interaction.answer != DEFERRED_MESSAGE:
            interaction.finish()

    def written(self, interaction: Interaction, reference: str) -> Message:
        """Return `@original` or a follow-up of this interaction, or raise 10008."""
        message = interaction.original
        if reference != "@original":
            message = next((each for each in interaction.shown if str(each.id) == reference), None)
        if message is None or self.rendered(message) is None:
            raise errors.unknown_message()
        return message


def _embeds(body: Json) -> list[Json]:
    return [{"type": "rich", **embed} for embed in body.get("embeds") or []]
