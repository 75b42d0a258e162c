"""Round trips that belong to one session and count once: to Discord's consent page, and to a page that asks.

The value in the address (or in the form) is random; only its hash is stored. Another session's state, a repeated one
and one that took too long are all the same to whoever brings them: nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.identity.secrets import digest, new_secret
from models.identity import OAuthState

LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTrip:
    purpose: str
    data: dict[str, Any]


class OAuthStates:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def begin(self, session: str, purpose: str, data: dict[str, Any]) -> str:
        """Remember what the round trip is for; returns the state to send along."""
        state = new_secret()
        await OAuthState.create(
            state_hash=digest(state),
            session_hash=session,
            purpose=purpose,
            data=data,
            expires_at=self._clock() + LIFETIME,
        )
        return state

    async def use(self, session: str, purpose: str, state: str) -> RoundTrip | None:
        """What the state was for, the first time this session brings it; None otherwise."""
        now = self._clock()
        mine = OAuthState.filter(
            state_hash=digest(state), session_hash=session, purpose=purpose, expires_at__gt=now
        )
        # Compare-and-set: of two presses at the same instant one wins.
        if await mine.filter(used_at__isnull=True).update(used_at=now) != 1:
            return None
        found = await OAuthState.get(state_hash=digest(state))
        # It may hold a sealed token: what is used is not kept until the row expires.
        await OAuthState.filter(state_hash=found.state_hash).update(data={})
        return RoundTrip(purpose=found.purpose, data=found.data)

    async def forget_expired(self) -> int:
        return await OAuthState.filter(expires_at__lte=self._clock()).delete()
