"""What the heart needs from the rooms above it, and from Discord, as protocols that ``app`` fills in.

``access`` sits below fans, memberships and integrations, so it may not import them; it names what it needs, and they
fit. Parameters are positional-only where only their order is agreed on.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from bot.access.way_back import WayBack
from bot.discord.observed import Observed
from bot.discord.outcomes import Absent, NeedsPerson, Outcome, RetryAfter
from bot.ids import AccountId, FanId, Member, RoleId
from models.access import Urgency

type EventType = Literal["integration.available", "access.granted", "access.revoked", "access.failed"]


class Members(Protocol):
    """Discord, for one member at a time; ``bot.discord.members`` speaks to it."""

    async def observe(
        self, member: Member, *, urgent: bool = False
    ) -> Observed | RetryAfter | NeedsPerson | Absent:
        """Read the member now; ``Absent`` of the guild means that the bot is not there, which proves nothing."""

    async def join(
        self,
        member: Member,
        *,
        access_token: str,
        roles: Sequence[RoleId],
        urgency: Urgency = Urgency.EVENT,
    ) -> Outcome: ...

    async def give_role(
        self, member: Member, role_id: RoleId, *, reason: str, urgency: Urgency = Urgency.EVENT
    ) -> Outcome: ...

    async def take_role(
        self, member: Member, role_id: RoleId, *, reason: str, urgency: Urgency = Urgency.EVENT
    ) -> Outcome: ...

    async def put_out(self, member: Member, *, reason: str, urgency: Urgency = Urgency.EVENT) -> Outcome: ...


class Tokens(Protocol):
    """The fans' OAuth tokens; ``bot.fans`` keeps them."""

    async def fresh(self, account_id: AccountId, /) -> str | RetryAfter | None:
        """An access token that works now; None: there is none, the fan has to press Connect."""

    async def refused(self, account_id: AccountId, access_token: str, /) -> bool:
        """Discord refused this token (50025): drop it. False: another has taken its place, or none is there."""


class Notices(Protocol):
    """What fans are told; ``bot.fans`` tells them. The same ``key`` is told once."""

    async def welcome(
        self, member: Member, /, *, key: str, fan_id: FanId, guild_name: str, roles: Sequence[str]
    ) -> None:
        """Store a welcome in the caller's transaction; it is sent later."""

    async def farewell(
        self, member: Member, /, *, key: str, fan_id: FanId | None, guild_name: str, way_back: WayBack
    ) -> None:
        """Send a farewell now, before the member is put out; closed DMs are no error. Not in a transaction."""


class Tell(Protocol):
    """The platform's ear; ``bot.memberships``' outbox."""

    async def tell(self, event: EventType, key: str, fan_id: FanId, data: Mapping[str, Any], /) -> None:
        """Store an event in the caller's transaction; the same ``key`` is told once.

        ``data``: ``fan_id, creator_id, integration {id, name}, membership_ids, server {id, name}, roles [names], at,
        reason``.
        """
