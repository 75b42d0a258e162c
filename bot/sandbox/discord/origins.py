"""What a message tells of the interaction that brought it.

Clients read it strictly: the message that answers a form names the interaction that opened the form, too.
https://discord.com/developers/docs/resources/message#message-interaction-metadata-object
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import payloads

if TYPE_CHECKING:
    from bot.sandbox.discord.interactions import Interaction

type Json = dict[str, Any]

COMMAND, COMPONENT = 2, 3


def origin(interaction: Interaction, app_id: int) -> Json:
    """Return the fields that an answer or a follow-up has beyond those of any message."""
    extra: Json = {
        "application_id": str(app_id),
        "webhook_id": str(app_id),
        "interaction_metadata": _metadata(interaction) | _follows(interaction),
    }
    if interaction.act.kind == COMMAND:
        extra["interaction"] = {
            "id": str(interaction.id),
            "type": interaction.act.kind,
            "name": interaction.act.name,
            "user": payloads.user(interaction.act.user),
        }
    if interaction.act.source is not None:
        extra["message_reference"] = {
            "type": 0,
            "message_id": str(interaction.act.source.id),
            "channel_id": str(interaction.act.channel.id),
        }
    return extra


def _metadata(interaction: Interaction) -> Json:
    act = interaction.act
    body: Json = {
        "id": str(interaction.id),
        "type": act.kind,
        "user": payloads.user(act.user),
        "authorizing_integration_owners": {"0": str(act.channel.guild_id or 0)},
    }
    if act.kind == COMPONENT and act.source is not None:
        body["interacted_message_id"] = str(act.source.id)
    if act.opener is not None:
        body["triggering_interaction_metadata"] = _metadata(act.opener)
    return body


def _follows(interaction: Interaction) -> Json:
    original = interaction.original
    return {} if original is None else {"original_response_message_id": str(original.id)}
