"""What the rooms of this floor need from elsewhere, as protocols: Discord's OAuth, messages, and the marking of work."""

from collections.abc import Sequence
from typing import Protocol

from bot.access.views import IntegrationView
from bot.discord.outcomes import Outcome
from bot.ids import AccountId, FanId


class Marks(Protocol):
    """Marks members as work; called in the transaction that writes the fact (``bot/access``)."""

    async def mark_fan(self, fan_id: FanId, *, urgent: bool = False) -> None: ...

    async def mark_account(self, account_id: AccountId) -> None: ...


class Sender(Protocol):
    """Sends a direct message (``bot/discord``)."""

    async def send(self, account_id: AccountId, text: str) -> Outcome: ...


class Presence(Protocol):
    """Whether the bot can meet an account (``bot/access``)."""

    async def meets(self, account_id: AccountId) -> bool: ...


class LinkNotices(Protocol):
    """Tells both sides of what became of a link; called in the transaction that changed it."""

    async def linked(self, account_id: AccountId, fan_id: FanId) -> None: ...

    async def unlinked(self, account_id: AccountId, fan_id: FanId) -> None: ...

    async def link_moved(self, account_id: AccountId, *, from_fan: FanId) -> None: ...


class Views(Protocol):
    """What a fan holds, integration by integration (``bot/access``)."""

    async def of_fan(self, fan_id: FanId) -> Sequence[IntegrationView]: ...
