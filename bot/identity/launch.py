"""Accepts the platform's hand-over tokens: a person arrives signed in (DESIGN §3).

The algorithm follows from the setting, never from the token's header: a token that may choose how it is checked can
choose not to be. Everything is checked before the token is spent, and it is spent in the transaction that records
what it brought, so that it counts once or not at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

import jwt
import structlog
from tortoise.exceptions import IntegrityError

from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.identity.paths import is_path_of_ours
from bot.identity.people import Person, is_platform_id
from bot.identity.secrets import digest
from bot.ids import CreatorId, FanId
from bot.memberships.contract import Problem
from bot.memberships.reading import in_whole_characters
from models.identity import PersonKind, SpentToken

log = structlog.get_logger()

AUDIENCE = "passes-bot"
LONGEST = timedelta(minutes=10)
SKEW = timedelta(seconds=60)
"""How far the platform's clock may be ahead of ours."""
_REQUIRED = ["aud", "exp", "iat", "jti", "name", "sub"]


class Register(Protocol):
    """Where people and purchases are written down (``bot/memberships``)."""

    async def know_creator(self, creator_id: CreatorId, display_name: str) -> bool:
        """Make sure that there is a row; False: they are deleted."""

    async def know_fan(self, fan_id: FanId, display_name: str) -> bool:
        """Make sure that there is a row; False: they are deleted."""

    async def apply_snapshot(self, membership: Mapping[str, Any]) -> Problem | None:
        """Apply a membership before its webhook; a Problem if it does not fit the contract."""


class Why(StrEnum):
    """Why a token signs nobody in."""

    NOT_GENUINE = "not_genuine"
    """Not signed by the platform, for another audience, or not a token at all."""
    OUT_OF_TIME = "out_of_time"
    MISSHAPEN = "misshapen"
    BAD_NEXT = "bad_next"
    SPENT = "spent"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    person: Person
    next: str | None = None


class Launch:
    def __init__(self, clock: Clock, config: Config, register: Register) -> None:
        self._clock = clock
        self._register = register
        if config.launch_secret:
            self._key, self._algorithm = config.launch_secret, "HS256"
        else:
            self._key, self._algorithm = config.launch_public_key or "", "EdDSA"

    async def accept(self, token: str) -> Handover | Refused:
        """Check the token, spend it, and record the person and the purchase it names."""
        claims = self._genuine(token)
        if claims is None:
            return _refuse(Why.NOT_GENUINE)
        expires_at = self._in_time(claims)
        if expires_at is None:
            return _refuse(Why.OUT_OF_TIME)
        handover = _read(claims)
        if isinstance(handover, Refused):
            return _refuse(handover.why)
        try:
            async with transaction():
                await SpentToken.create(jti_hash=digest(claims["jti"]), expires_at=expires_at)
                return await self._record(handover, claims.get("membership"))
        except IntegrityError:
            return _refuse(Why.SPENT)

    async def forget_expired(self) -> int:
        return await SpentToken.filter(expires_at__lte=self._clock()).delete()

    def _genuine(self, token: str) -> dict[str, Any] | None:
        # The library would judge time by its own clock; ours does, in _in_time.
        options: Any = {
            "require": _REQUIRED,
            "verify_exp": False,
            "verify_iat": False,
            "verify_nbf": False,
            "strict_aud": True,
        }
        try:
            claims: dict[str, Any] = jwt.decode(
                token, self._key, algorithms=[self._algorithm], audience=AUDIENCE, options=options
            )
            # A name may have been cut in the middle of an emoji, and such a half can neither be stored nor shown.
            mended: dict[str, Any] = in_whole_characters(claims)
        except (jwt.PyJWTError, ValueError, RecursionError):
            return None
        return mended

    def _in_time(self, claims: Mapping[str, Any]) -> datetime | None:
        """When it expires, if it is valid now and was made for at most ten minutes."""
        issued_at, expires_at = _instant(claims["iat"]), _instant(claims["exp"])
        if issued_at is None or expires_at is None:
            return None
        now = self._clock()
        good = issued_at <= now + SKEW and now < expires_at <= issued_at + LONGEST
        return expires_at if good else None

    async def _record(self, handover: Handover, snapshot: Any) -> Handover | Refused:
        person = handover.person
        if not await self._know(person):
            return _refuse(Why.DELETED)
        if snapshot is not None and person.kind is PersonKind.FAN:
            await self._apply(person, snapshot)
        return handover

    async def _know(self, person: Person) -> bool:
        if person.kind is PersonKind.FAN:
            return await self._register.know_fan(FanId(person.id), person.name)
        return await self._register.know_creator(CreatorId(person.id), person.name)

    async def _apply(self, person: Person, snapshot: Any) -> None:
        # Whatever is wrong with it: the person is who they are all the same, and the webhook brings the purchase.
        if not _is_of(person, snapshot):
            log.warning("launch_membership_of_somebody_else", fan_id=person.id)
            return
        problem = await self._register.apply_snapshot(snapshot)
        if problem:
            log.warning("launch_membership_not_applied", fan_id=person.id, problem=str(problem))


def _read(claims: Mapping[str, Any]) -> Handover | Refused:
    kind, _, person_id = str(claims["sub"]).partition(":")
    name = claims["name"]
    known = kind in {PersonKind.CREATOR, PersonKind.FAN} and is_platform_id(person_id)
    if not known or not isinstance(name, str) or not isinstance(claims["jti"], str):
        return Refused(why=Why.MISSHAPEN)
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())[:255]
    following = claims.get("next")
    if following is not None and not (isinstance(following, str) and is_path_of_ours(following)):
        return Refused(why=Why.BAD_NEXT)
    if not name or not 1 <= len(claims["jti"]) <= 255:
        return Refused(why=Why.MISSHAPEN)
    return Handover(person=Person(kind=PersonKind(kind), id=person_id, name=name), next=following)


def _is_of(person: Person, snapshot: Any) -> bool:
    fan = snapshot.get("fan") if isinstance(snapshot, Mapping) else None
    return isinstance(fan, Mapping) and fan.get("id") == person.id


def _instant(claim: Any) -> datetime | None:
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        return None
    try:
        return datetime.fromtimestamp(claim, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _refuse(why: Why) -> Refused:
    log.info("launch_refused", why=why.value)
    return Refused(why=why)
