"""The HTTP side of interactions: the first answer, its edits, and follow-ups.

These endpoints take no bot token; the interaction's own token is the authority. What is out of shape is refused as Discord refuses it,
and then nothing is shown: the person still waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.discord import components, errors, payloads
from bot.sandbox.discord import interactions as stages
from bot.sandbox.discord.calls import NO_CONTENT, Call, Reply, RouteTable
from bot.sandbox.discord.forms import Form
from bot.sandbox.discord.interactions import Interaction, Interactions
from bot.sandbox.discord.invocation import focused_type
from bot.sandbox.discord.layouts import check_message
from bot.sandbox.discord.modals import check_modal
from bot.sandbox.discord.options import check_choice
from bot.sandbox.discord.transport import bind

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Message
    from bot.sandbox.discord.server import Discord

type Json = dict[str, Any]

TABLE = RouteTable()
INTERACTIONS = web.AppKey("interactions", Interactions)
_ANYBODY = (None, "Bot")
_WEBHOOK = "/webhooks/{application_id}/{interaction_token}"


def routes(discord: Discord) -> list[web.RouteDef]:
    """Give this sandbox its interactions, and return their endpoints."""
    discord.app[INTERACTIONS] = Interactions(discord.state)
    return bind(discord, TABLE)


@TABLE.route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", auth=_ANYBODY)
def answer(call: Call) -> Reply:
    """Take the bot's first answer."""
    interactions = call.discord.app[INTERACTIONS]
    interaction = interactions.awaiting(call.id("interaction_id"), call.params["interaction_token"])
    kind, data = _checked_callback(interaction, call.form())
    interactions.acknowledge(interaction, kind, data)
    if call.query.get("with_response", "").lower() not in {"true", "1"}:
        return NO_CONTENT
    return Reply(body=_callback_response(interactions, interaction))


@TABLE.route("GET", _WEBHOOK + "/messages/{message_id}", auth=_ANYBODY)
def read(call: Call) -> Reply:
    """Return the original answer or a follow-up."""
    _, message = _written(call)
    return _told(call, message)


@TABLE.route("PATCH", _WEBHOOK + "/messages/{message_id}", auth=_ANYBODY)
def edit(call: Call) -> Reply:
    """Change the original answer or a follow-up."""
    interaction, message = _written(call)
    body = call.form()
    _check_message(body)
    return _told(call, call.discord.app[INTERACTIONS].change(interaction, message, body))


@TABLE.route("DELETE", _WEBHOOK + "/messages/{message_id}", auth=_ANYBODY)
def delete(call: Call) -> Reply:
    """Take the original answer or a follow-up back."""
    interaction, message = _written(call)
    call.discord.app[INTERACTIONS].delete(interaction, message)
    return NO_CONTENT


@TABLE.route("POST", _WEBHOOK, auth=_ANYBODY)
def follow_up(call: Call) -> Reply:
    """Say something more."""
    interaction = _answered(call)
    body = call.form()
    _check_message(body)
    if components.is_empty(body):
        raise errors.empty_message()
    return _told(call, call.discord.app[INTERACTIONS].follow_up(interaction, body))


def _answered(call: Call) -> Interaction:
    if call.params["application_id"] != str(call.state.app.id):
        raise errors.unknown_webhook()
    return call.discord.app[INTERACTIONS].answered(call.params["interaction_token"])


def _written(call: Call) -> tuple[Interaction, Message]:
    interaction = _answered(call)
    return interaction, call.discord.app[INTERACTIONS].written(interaction, call.params["message_id"])


def _told(call: Call, message: Message) -> Reply:
    return Reply(body=payloads.message(message, call.state.anybody))


def _check_message(body: Json) -> None:
    form = Form(body)
    check_message(form)
    form.done()


def _checked_callback(interaction: Interaction, body: Json) -> tuple[int, Json]:
    """Return the type of an answer that fits, and its data; raises 50035 or 50006."""
    form = Form(body)
    kind, fitting = form.number("type"), _fitting(interaction)
    if kind not in fitting:
        form.refuse("type", "BASE_TYPE_CHOICES", f"Value must be one of {set(fitting)}.")
        form.done()
    data = form.inner("data", body.get("data") or {})
    if kind in {stages.MESSAGE, stages.UPDATE}:
        check_message(data)
    elif kind == stages.MODAL:
        check_modal(data)
    elif kind == stages.CHOICES:
        for choice in data.each("choices", most=25):
            check_choice(choice, focused_type(interaction.act.data))
    else:
        data.number("flags")
    form.done()
    if kind == stages.MESSAGE and components.is_empty(data.body):
        raise errors.empty_message()
    return body["type"], dict(data.body)


def _fitting(interaction: Interaction) -> tuple[int, ...]:
    if interaction.act.kind == stages.AUTOCOMPLETE:
        return (stages.CHOICES,)
    fitting = [stages.MESSAGE, stages.DEFERRED_MESSAGE]
    if interaction.act.source is not None:
        fitting += [stages.DEFERRED_UPDATE, stages.UPDATE]
    if interaction.act.kind != stages.MODAL_SUBMIT:
        fitting.append(stages.MODAL)
    return tuple(fitting)


def _callback_response(interactions: Interactions, interaction: Interaction) -> Json:
    told: Json = {"id": str(interaction.id), "type": interaction.act.kind}
    body: Json = {"interaction": told}
    message = interaction.original
    if message is not None:
        told["response_message_id"] = str(message.id)
        told["response_message_loading"] = bool(message.flags & stages.LOADING)
        told["response_message_ephemeral"] = bool(message.flags & components.EPHEMERAL)
    if interaction.answer in {stages.MESSAGE, stages.UPDATE}:
        body["resource"] = {"type": interaction.answer, "message": interactions.rendered(message)}
    return body
