"""What a creator's setup needs from the rooms around it; ``app`` fills it in."""

from collections.abc import Iterable
from typing import Literal, Protocol

from bot.discord.observed import Observed
from bot.discord.outcomes import Absent, NeedsPerson, RetryAfter
from bot.ids import AccountId, CreatorId, GuildId, IntegrationId, Member, TierId


class Work(Protocol):
    """``bot.access.work``."""

    async def fan_out(self, kind: Literal["integration", "guild", "tier", "creator"], subject: str) -> None:
        """In the caller's transaction: everybody whom the subject has to do with is looked at again."""


class Tiers(Protocol):
    """What is sold; ``bot.memberships.catalogue`` answers."""

    async def creator_of(self, tier_id: TierId) -> CreatorId | None: ...


class Announcements(Protocol):
    """``bot.memberships.announce``."""

    async def attached(self, integration_id: IntegrationId, tier_ids: Iterable[TierId]) -> None:
        """In the caller's transaction: the platform is told of everybody who holds one of these tiers already."""


class Remains(Protocol):
    """What the bot still answers for; ``bot.access.remains`` answers."""

    async def anything_left(self, integration_id: IntegrationId, guild_id: GuildId) -> bool:
        """Whether something given because of the integration is not taken away or left for good yet."""

    async def let_go(self, integration_id: IntegrationId, guild_id: GuildId) -> None:
        """Leave what was given because of the integration alone with whoever has it."""


class AccountNotices(Protocol):
    """``bot.fans.notices``."""

    async def proven(self, account_id: AccountId, creator_id: CreatorId, /) -> None:
        """In the caller's transaction: the account is told that the creator has its rights from now on."""


class Seats(Protocol):
    """Fans' wishes; ``bot.fans.seats``."""

    async def forget(self, integration_id: IntegrationId) -> None:
        """In the caller's transaction: the integration is gone, and every wish about it."""


class Members(Protocol):
    """``bot.discord.members``."""

    async def observe(
        self, member: Member, *, urgent: bool = False
    ) -> Observed | RetryAfter | NeedsPerson | Absent: ...
