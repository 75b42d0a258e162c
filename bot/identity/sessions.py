"""Who is signed in, in which browser.

The cookie holds a random id; the database holds its hash, so that a stolen copy signs nobody in. Signing in always
makes a new id and ends the one before it: an id that somebody planted in a browser never becomes a person's.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.identity.people import Person
from bot.identity.secrets import Keys, digest, new_secret
from bot.ids import FanId
from models.identity import Code, PersonKind, Session

_CSRF = "csrf"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    session: str
    """The hash of the cookie's value: what states, requests and pages are bound to."""
    person: Person
    expires_at: datetime


class Sessions:
    def __init__(self, clock: Clock, config: Config) -> None:
        self._clock = clock
        self._length = config.session_length
        self._keys = Keys(config.secret_keys)

    async def begin(self, person: Person, *, instead_of: str | None = None) -> str:
        """Sign ``person`` in and end the session of the cookie ``instead_of``; returns the new cookie's value."""
        cookie = new_secret()
        now = self._clock()
        async with transaction():
            if instead_of:
                await self.end(instead_of)
            await Session.create(
                id_hash=digest(cookie),
                kind=person.kind,
                person_id=person.id,
                name=person.name,
                created_at=now,
                expires_at=now + self._length,
            )
        return cookie

    async def read(self, cookie: str | None) -> SignedIn | None:
        if not cookie:
            return None
        found = await Session.get_or_none(id_hash=digest(cookie), expires_at__gt=self._clock())
        if found is None:
            return None
        person = Person(kind=found.kind, id=found.person_id, name=found.name)
        return SignedIn(session=found.id_hash, person=person, expires_at=found.expires_at)

    async def end(self, cookie: str) -> None:
        await Session.filter(id_hash=digest(cookie)).delete()

    async def forget_fan(self, fan_id: FanId) -> None:
        """Sign a fan who was erased out everywhere, and forget their codes, in the caller's transaction."""
        await Session.filter(kind=PersonKind.FAN, person_id=fan_id).delete()
        await Code.filter(kind=PersonKind.FAN, person_id=fan_id).delete()

    async def forget_expired(self) -> int:
        return await Session.filter(expires_at__lte=self._clock()).delete()

    def csrf_token(self, signed_in: SignedIn) -> str:
        """What every form of this session carries; no other session's, nor another site's, form can know it."""
        return self._keys.code(_CSRF, signed_in.session)

    def is_csrf_token(self, signed_in: SignedIn, token: str) -> bool:
        return self._keys.is_code(_CSRF, signed_in.session, token)
