"""What the rooms of this floor need from elsewhere, as protocols: Discord's OAuth, messages, and the marking of work."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.discord.outcomes import Outcome
from bot.ids import AccountId, FanId, GuildId, IntegrationId


class Marks(Protocol):
    """Marks members as work; called in the transaction that writes the fact (``bot/access``)."""

    async def mark_fan(self, fan_id: FanId, *, urgent: bool = False) -> None: ...

    async def mark_account(self, account_id: AccountId) -> None: ...


class Sender(Protocol):
    """Sends a direct message (``bot/discord``)."""

    async def send(self, account_id: AccountId, text: str) -> Outcome: ...


class LinkNotices(Protocol):
    """Tells both sides of what became of a link; called in the transaction that changed it."""

    async def linked(self, account_id: AccountId, fan_id: FanId) -> None: ...

    async def unlinked(self, account_id: AccountId, fan_id: FanId) -> None: ...

    async def link_moved(self, account_id: AccountId, *, from_fan: FanId) -> None: ...


class IntegrationView(Protocol):
    """One integration that has to do with a fan's memberships, as people are shown it."""

    @property
    def integration_id(self) -> IntegrationId: ...
    @property
    def name(self) -> str: ...
    @property
    def creator_name(self) -> str: ...
    @property
    def guild_id(self) -> GuildId | None: ...
    @property
    def guild_name(self) -> str | None: ...
    @property
    def tiers(self) -> Sequence[str]:
        """The names of the tiers that the fan holds and that are attached here."""

    @property
    def gives_access(self) -> bool: ...
    @property
    def until(self) -> datetime | None:
        """When access ends, or ended; None: no end is known."""

    @property
    def roles_due(self) -> Sequence[str]: ...
    @property
    def trouble(self) -> str | None:
        """One word for what stands in the way."""

    @property
    def state(self) -> str:
        """connected, not_connected, one_step_left, waiting, needs_attention, left, ended."""


class Views(Protocol):
    async def access_of(self, fan_id: FanId) -> Sequence[IntegrationView]: ...
