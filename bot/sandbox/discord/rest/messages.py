"""Channels and what is said in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import components, errors, payloads, rules
from bot.sandbox.discord.calls import NO_CONTENT, Call, Reply, RouteTable
from bot.sandbox.discord.content import readable
from bot.sandbox.discord.forms import Form
from bot.sandbox.discord.layouts import check_message
from bot.sandbox.discord.permissions import Permission

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Channel, Json, Message

TABLE = RouteTable()
_FIELDS: Json = {"content": "", "embeds": [], "flags": 0}


def _channel(call: Call, *needed: Permission) -> Channel:
    """Return a channel that the caller sees and may use so."""
    channel = call.state.find_channel(call.id("channel_id"))
    if channel.guild_id is None:
        if call.actor.id not in channel.recipient_ids:
            raise errors.missing_access()
    else:
        rules.may_use_channel(call.state.find_guild(channel.guild_id), channel, call.actor.id, *needed)
    return channel


def _message(call: Call, channel: Channel) -> Message:
    message = call.state.messages.get(channel.id, {}).get(call.id("message_id"))
    if message is None or message.visible_to is not None:
        raise errors.unknown_message()
    return message


def _said(call: Call) -> dict[str, Any]:
    """Read the fields of a message that the body has; null empties one."""
    body = _body(call)
    form = Form(body)
    check_message(form)
    form.done()
    return {name: body[name] or empty for name, empty in _FIELDS.items() if name in body} | (
        {"components": components.stored(body["components"] or [])} if "components" in body else {}
    )


def _body(call: Call) -> Json:
    """Return the JSON of the message; files, which come as multipart, are not kept here."""
    if isinstance(call.json, bytes):
        raise errors.invalid_form(errors.field("files", "UNSUPPORTED", "The sandbox takes no files."))
    return call.form()


def _shown(call: Call, channel: Channel, message: Message) -> Json:
    whole = payloads.message(message, call.state.anybody)
    if channel.guild_id is None or call.state.app.privileged_intents:
        return whole
    return readable(whole, call.actor.id)


@TABLE.route("GET", "/channels/{channel_id}")
def channel(call: Call) -> Reply:
    """Return a channel."""
    return Reply(body=payloads.channel(_channel(call), call.state.anybody, seen_by=call.actor.id))


@TABLE.route("POST", "/channels/{channel_id}/messages")
def send(call: Call) -> Reply:
    """Say something; a direct message is refused to whom takes none."""
    place = _channel(call, Permission.SEND_MESSAGES)
    said = _said(call)
    if components.is_empty(said):
        raise errors.empty_message()
    for recipient_id in place.recipient_ids:
        if recipient_id != call.actor.id:
            rules.may_write_to(call.state, call.state.find_user(recipient_id))
    nonce = call.form().get("nonce")
    extra = {"nonce": nonce} if nonce is not None else {}
    return Reply(body=_shown(call, place, call.state.create_message(place, call.actor, **said, extra=extra)))


@TABLE.route("GET", "/channels/{channel_id}/messages")
def messages(call: Call) -> Reply:
    """Return messages, newest first."""
    place = _channel(call, Permission.READ_MESSAGE_HISTORY)
    form = Form(call.query, query=True)
    limit = form.number("limit", least=1, most=100) or 50
    before, after = form.snowflake("before"), form.snowflake("after")
    form.done()
    found = [each for each in call.state.messages_in(place) if (after or 0) < each.id < (before or 1 << 63)]
    page = found[:limit] if after else found[-limit:]
    return Reply(body=[_shown(call, place, each) for each in reversed(page)])


@TABLE.route("GET", "/channels/{channel_id}/messages/{message_id}")
def message(call: Call) -> Reply:
    """Return one message."""
    place = _channel(call, Permission.READ_MESSAGE_HISTORY)
    return Reply(body=_shown(call, place, _message(call, place)))


@TABLE.route("PATCH", "/channels/{channel_id}/messages/{message_id}")
def edit(call: Call) -> Reply:
    """Change one's own message."""
    place = _channel(call)
    found = _message(call, place)
    if found.author_id != call.actor.id:
        raise errors.not_your_message()
    return Reply(body=_shown(call, place, call.state.edit_message(place, found, **_said(call))))


@TABLE.route("DELETE", "/channels/{channel_id}/messages/{message_id}")
def delete(call: Call) -> Reply:
    """Take back one's own message, or somebody's with Manage Messages; in a DM only one's own."""
    place = _channel(call)
    found = _message(call, place)
    if found.author_id != call.actor.id:
        if place.guild_id is None:
            raise errors.missing_permissions()
        rules.may_use_channel(
            call.state.find_guild(place.guild_id), place, call.actor.id, Permission.MANAGE_MESSAGES
        )
    call.state.delete_message(place, found)
    return NO_CONTENT
