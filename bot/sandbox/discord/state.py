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
    Registration,
    Role,
    User,
)
from bot.sandbox.discord.snowflake import Snowflakes

if TYPE_CHECKING:
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
    "Registration",
    "Role",
    "State",
    "User",
]


class State(CommandChanges):
    """One Discord with one application, whose bot has an account but is in no guild yet."""

    def __init__(self, journal: Journal, registration: Registration) -> None:
        super().__init__(Snowflakes(), journal)
        owner = self.create_user("sandbox-owner")
        application_id = registration.client_id or self.ids.next()
        bot = User(id=application_id, username=registration.name, bot=True)
        self.users[bot.id] = bot
        self.app = Application(
            id=application_id,
            bot_id=bot.id,
            owner_id=owner.id,
            token=registration.token,
            client_secret=registration.client_secret,
            name=registration.name,
            redirect_uris=list(registration.redirect_uris),
            privileged_intents=registration.privileged_intents,
        )
