"""What this room asks of others, by constructor: marking work, what a tier opens, closing, and forgetting a fan."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol

from bot.ids import CreatorId, FanId, IntegrationId, TierId
from bot.integrations.openings import Opening

type Forget = Callable[[FanId], Awaitable[None]]
"""Erases what one other room holds about a fan, in the caller's transaction."""


class Work(Protocol):
    """``bot.access.work``: marks members whose Discord state may be out of date, in the caller's transaction."""

    async def mark_fan(self, fan_id: FanId, *, urgent: bool = False) -> None: ...

    async def fan_out(self, kind: Literal["creator"], subject: str) -> None: ...


class Openings(Protocol):
    """``bot.integrations.openings``."""

    async def of_tier(self, tier_id: TierId) -> Sequence[Opening]: ...

    async def of_attachment(self, integration_id: IntegrationId, tier_id: TierId) -> Opening | None:
        """What the tier opens there; None: it is not attached (any more), or the integration is not in use."""


class Creators(Protocol):
    """``bot.integrations.openings``."""

    async def with_integrations(self) -> Sequence[CreatorId]:
        """Whose tiers are of use: the creators who set something up."""


class Closing(Protocol):
    """``bot.integrations.closing``."""

    async def close_all(self, creator_id: CreatorId) -> None:
        """Begin to close every integration of a deleted creator, in the caller's transaction."""


class Remains(Protocol):
    """``bot.access.remains``: what the bot still answers for."""

    async def anything_left_of(self, fan_id: FanId) -> bool:
        """Whether something given to the fan's account is still to be taken away, or being looked at."""
