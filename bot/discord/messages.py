"""Direct messages: the only messages the bot sends on its own."""

import secrets
from collections.abc import Sequence

from bot.discord.calls import Answered, Calls
from bot.discord.client import Client
from bot.discord.components import Button, Link, draw
from bot.discord.outcomes import Applied, Outcome
from bot.ids import AccountId


class Messages:
    def __init__(self, client: Client) -> None:
        self._calls = Calls(client)

    async def send(
        self, account_id: AccountId, text: str, *, buttons: Sequence[Button | Link] = ()
    ) -> Outcome:
        """Send ``text`` (at most 2000 characters) to a person; NeedsPerson ``dms_closed`` if they take no messages."""
        channel = await self._calls.call(
            "POST", "/users/@me/channels", json={"recipient_id": str(account_id)}, repeatable=True
        )
        if not isinstance(channel, Answered):
            return channel
        message = {
            "content": text,
            "components": draw((tuple(buttons),)).to_components() if buttons else [],
            "allowed_mentions": {"parse": []},
            # The call may be repeated; with a nonce Discord makes one message of both.
            "nonce": secrets.token_hex(12),
            "enforce_nonce": True,
        }
        sent = await self._calls.call(
            "POST",
            "/channels/{channel_id}/messages",
            json=message,
            repeatable=True,
            channel_id=int(channel.body["id"]),
        )
        return Applied() if isinstance(sent, Answered) else sent
