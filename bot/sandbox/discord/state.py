"""The whole of one sandbox Discord, held in memory and changed by its methods only.

Read it through `users`, `guilds`, `channels`, `messages`, `commands` and the `find_…` methods, which raise Discord's errors; change it
through the methods of `changes/`. Each of them announces the events that the bot would see and writes its effects into the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord.changes.commands import CommandChanges
from bot.sandbox.discord.model import (
    NOBODY,
    Application,
    AuditEntry,
    Ban,
    By,
    Channel,
    Event,
    Guild,
    Json,
    Member,
    Message,
    Role,
    User,
)
from bot.sandbox.discord.snowflake import Snowflakes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.sandbox.discord.journal import Journal

__all__ = [
    "NOBODY",
    "Application",
    "AuditEntry",
    "Ban",
    "By",
    "Channel",
    "Event",
    "Guild",
    "Json",
    "Member",
    "Message",
    "Role",
    "State",
    "User",
]


class State(CommandChanges):
    """One Discord with one application, whose bot has an account but is in no guild yet."""

    def __init__(
        self,
        journal: Journal,
        *,
        token: str,
        client_secret: str,
        client_id: int | None = None,
        redirect_uris: Sequence[str] = (),
        privileged_intents: bool = True,
    ) -> None:
        super().__init__(Snowflakes(), journal)
        owner = self.create_user("sandbox-owner")
        application_id = client_id or self.ids.next()
        bot = User(id=application_id, username="Passes Bot", bot=True)
        self.users[bot.id] = bot
        self.app = Application(
            id=application_id,
            bot_id=bot.id,
            owner_id=owner.id,
            token=token,
            client_secret=client_secret,
            redirect_uris=list(redirect_uris),
            privileged_intents=privileged_intents,
        )
