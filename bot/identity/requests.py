"""Links that leave Discord: an opaque id that says nothing, works once and for ten minutes (DESIGN §5.2).

The Discord side is proven by where the request was made. The first signed-in session that opens it owns it: whoever
else comes by the address later presses nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from bot.clock import Clock
from bot.identity.secrets import digest, new_secret
from bot.ids import AccountId, GuildId
from models.identity import Request

LIFETIME = timedelta(minutes=10)
LINK = "link"
PROVE = "prove"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody in Discord asked for."""

    purpose: str
    account_id: AccountId
    username: str
    guild_id: GuildId | None
    data: dict[str, Any]


class Requests:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def make(
        self,
        purpose: str,
        *,
        account_id: AccountId,
        username: str,
        guild_id: GuildId | None = None,
        data: dict[str, Any] | None = None,
    ) -> str:
        """Store what the account asks for; returns the id for the link's address."""
        request_id = new_secret()
        now = self._clock()
        await Request.create(
            id_hash=digest(request_id),
            purpose=purpose,
            account_id=account_id,
            username=username,
            guild_id=guild_id,
            data=data or {},
            created_at=now,
            expires_at=now + LIFETIME,
        )
        return request_id

    async def open(self, session: str, purpose: str, request_id: str) -> Asked | None:
        """What was asked, for the page; None if it is used, too old, or another session's."""
        theirs = self._alive(purpose, request_id).filter(
            Q(session_hash__isnull=True) | Q(session_hash=session)
        )
        if await theirs.update(session_hash=session) != 1:
            return None
        return await _asked(request_id)

    async def use(self, session: str, purpose: str, request_id: str) -> Asked | None:
        """What was asked, the first time the session that opened it presses; None otherwise."""
        theirs = self._alive(purpose, request_id).filter(session_hash=session)
        if await theirs.update(used_at=self._clock()) != 1:
            return None
        return await _asked(request_id)

    async def forget_expired(self) -> int:
        return await Request.filter(expires_at__lte=self._clock()).delete()

    def _alive(self, purpose: str, request_id: str) -> QuerySet[Request]:
        return Request.filter(
            id_hash=digest(request_id), purpose=purpose, used_at__isnull=True, expires_at__gt=self._clock()
        )


async def _asked(request_id: str) -> Asked:
    found = await Request.get(id_hash=digest(request_id))
    return Asked(
        purpose=found.purpose,
        account_id=AccountId(found.account_id),
        username=found.username,
        guild_id=GuildId(found.guild_id) if found.guild_id else None,
        data=found.data,
    )
