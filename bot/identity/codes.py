"""One-time codes, for when a browser is in the way: shown on a page to a person, typed in Discord by an account.

Eight of 32 symbols that cannot be misread for one another; stored hashed with a key; one alive per person and
purpose; ten minutes; five wrong tries per account and hour. Typing a code links nothing yet: the page that showed it
names both sides and asks for the press (DESIGN §5.2). A creator's code would lend them the rights of the account that
types it, so that account is asked too, in Discord, before the page is.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.identity.people import Person
from bot.identity.requests import PROVE
from bot.identity.secrets import Keys
from bot.ids import AccountId
from models.identity import Code, CodeTry

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
LENGTH = 8
LIFETIME = timedelta(minutes=10)
MOST_TRIES = 5
WITHIN = timedelta(hours=1)
_PURPOSE = "code"
_AGREED = "agreed"
_MISREAD = str.maketrans("OIL", "011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A code that was shown to ``person`` and typed by the account."""

    id: int
    person: Person
    purpose: str
    account_id: AccountId
    username: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A code is alive and nobody has typed it yet, or has not said yes to what it is for."""

    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongCode:
    """Not a code that is alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyTries:
    again_at: datetime


class Codes:
    def __init__(self, clock: Clock, config: Config) -> None:
        self._clock = clock
        self._keys = Keys(config.secret_keys)

    async def show(self, person: Person, purpose: str) -> str:
        """Make a code for the person; one that was shown before for this purpose is dead."""
        symbols = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        async with transaction():
            await self._of(person, purpose).delete()
            await Code.create(
                kind=person.kind,
                person_id=person.id,
                name=person.name,
                purpose=purpose,
                code_hash=self._keys.code(_PURPOSE, symbols),
                data={},
                expires_at=self._clock() + LIFETIME,
            )
        return f"{symbols[:4]}-{symbols[4:]}"

    async def enter(
        self, text: str, *, account_id: AccountId, username: str
    ) -> Typed | WrongCode | TooManyTries:
        """Note that the account typed this; wrong codes are counted."""
        now = self._clock()
        async with transaction():
            recent = await CodeTry.filter(account_id=account_id, at__gt=now - WITHIN).order_by("at")
            if len(recent) >= MOST_TRIES:
                return TooManyTries(again_at=recent[-MOST_TRIES].at + WITHIN)
            hashes = self._keys.codes(_PURPOSE, _plain(text))
            alive = Code.filter(code_hash__in=hashes, expires_at__gt=now)
            found = await alive.get_or_none()
            if found is None or found.account_id not in {None, account_id}:
                await CodeTry.create(account_id=account_id, at=now)
                return WrongCode()
            agreed = found.purpose != PROVE
            await alive.update(account_id=account_id, username=username[:64], data={_AGREED: agreed})
            return _typed(found, account_id, username)

    async def agree(self, code_id: int, account_id: AccountId) -> Typed | None:
        """The account that typed it says yes to what it is for; None if it is used, too old, or another's."""
        async with transaction():
            theirs = Code.filter(id=code_id, account_id=account_id, expires_at__gt=self._clock())
            await theirs.update(data={_AGREED: True})
            found = await theirs.get_or_none()
            return _typed(found, account_id, found.username or "") if found else None

    async def decline(self, code_id: int, account_id: AccountId) -> None:
        """The account that typed it says no: the code is dead."""
        await Code.filter(id=code_id, account_id=account_id).delete()

    async def take_back(
        self, account_id: AccountId, purpose: str, *, person_id: str | None = None
    ) -> list[Person]:
        """Whatever codes the account typed for this are dead, agreed to or not; whose were still alive.

        ``person_id``: that person's alone.
        """
        async with transaction():
            theirs = Code.filter(account_id=account_id, purpose=purpose)
            if person_id is not None:
                theirs = theirs.filter(person_id=person_id)
            alive = await theirs.filter(expires_at__gt=self._clock()).order_by("id")
            await theirs.delete()
            return [Person(kind=each.kind, id=each.person_id, name=each.name) for each in alive]

    async def state(self, person: Person, purpose: str) -> Typed | Shown | None:
        """What became of the person's code."""
        found = await self._of(person, purpose).get_or_none()
        if found is None or found.expires_at <= self._clock():
            return None
        if found.account_id is None or not found.data.get(_AGREED):
            return Shown(expires_at=found.expires_at)
        return _typed(found, AccountId(found.account_id), found.username or "")

    async def use(self, person: Person, purpose: str, account_id: AccountId) -> Typed | None:
        """Spend the code that ``account_id`` typed; None if the page that asks is no longer true."""
        async with transaction():
            found = await self.state(person, purpose)
            if not isinstance(found, Typed) or found.account_id != account_id:
                return None
            # Nothing is deleted where the account took it back between the two statements.
            return found if await self._of(person, purpose).delete() else None

    async def discard(self, person: Person, purpose: str) -> None:
        await self._of(person, purpose).delete()

    async def forget_expired(self) -> int:
        now = self._clock()
        gone = await Code.filter(expires_at__lte=now).delete()
        return gone + await CodeTry.filter(at__lte=now - WITHIN).delete()

    def _of(self, person: Person, purpose: str) -> QuerySet[Code]:
        return Code.filter(kind=person.kind, person_id=person.id, purpose=purpose)


def _plain(text: str) -> str:
    """A code as people type it: any case, with or without its dash, O for 0 and I or L for 1."""
    return re.sub(r"[^0-9A-Z]", "", text.upper()).translate(_MISREAD)


def _typed(found: Code, account_id: AccountId, username: str) -> Typed:
    person = Person(kind=found.kind, id=found.person_id, name=found.name)
    return Typed(id=found.id, person=person, purpose=found.purpose, account_id=account_id, username=username)
