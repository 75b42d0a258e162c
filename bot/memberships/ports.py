"""What this room asks of others, by constructor: marking work, a creator's integrations, forgetting a fan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.ids import CreatorId, FanId, IntegrationId, TierId


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationRef:
    """An integration that a tier opens: connected, with a server, not closing."""

    id: IntegrationId
    name: str
    guild_name: str
    roles: tuple[str, ...] = ()
    """The names of the roles that the tier gives there."""


class Work(Protocol):
    """Marks members whose Discord state may be out of date, in the caller's transaction."""

    async def mark_fan(self, fan_id: FanId, *, urgent: bool = False) -> None: ...

    async def fan_out(self, kind: Literal["creator"], subject: str) -> None: ...


class Integrations(Protocol):
    async def integrations_for(self, tier_id: TierId) -> Sequence[IntegrationRef]: ...

    async def close_all(self, creator_id: CreatorId) -> None:
        """Begin to close every integration of a deleted creator, in the caller's transaction."""


class Forgetting(Protocol):
    """Everything other rooms hold about a fan."""

    async def still_has_access(self, fan_id: FanId) -> bool:
        """Whether the fan's account still holds a grant, or a seat that we began and have not ended."""

    async def forget_fan(self, fan_id: FanId) -> None:
        """Erase link, tokens, seats, notices, sessions and names, in the caller's transaction."""
