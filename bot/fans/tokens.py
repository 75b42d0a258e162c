"""Discord's OAuth pairs: kept encrypted, refreshed when they run out, gone when Discord refuses them.

Refresh tokens rotate: a new pair is saved before it is used, because the old one is dead by then. Two refreshes of one
account never undo each other: in this process they wait for one another, between processes the version decides. A pair
lost in a crash costs the fan one Connect.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from tortoise.expressions import F

from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.discord.oauth import OAuth, OAuthError, TokenPair
from bot.discord.outcomes import RetryAfter
from bot.fans.vault import Vault
from bot.ids import AccountId
from models.fans import AccountToken

log = structlog.get_logger()

_EARLY = timedelta(minutes=5)
"""A token that runs out during a call is no use: it is refreshed this long before."""
_LATER = timedelta(minutes=1)


PAGE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Resealed:
    """What became of the stored pairs when they were to be encrypted with the first key."""

    renewed: int = 0
    already: int = 0
    unreadable: int = 0
    """No key opens them: as good as lost, each costs its fan one Connect."""


class Tokens:
    def __init__(self, clock: Clock, config: Config, oauth: OAuth) -> None:
        self._clock = clock
        self._oauth = oauth
        self._vault = Vault(config.secret_keys)
        self._refreshing: dict[AccountId, tuple[asyncio.Lock, int]] = {}

    async def save(self, account_id: AccountId, pair: TokenPair) -> None:
        """Keep a pair that the account just consented to; joins the caller's transaction."""
        columns = self._columns(pair)
        async with transaction():
            known = AccountToken.filter(account_id=account_id)
            if not await known.update(version=F("version") + 1, **columns):
                await AccountToken.create(account_id=account_id, **columns)

    async def has(self, account_id: AccountId) -> bool:
        """Whether there is a pair; Discord may refuse it all the same."""
        return await AccountToken.exists(account_id=account_id)

    async def fresh(self, account_id: AccountId, /) -> str | RetryAfter | None:
        """An access token that works now; None: there is none, the fan has to press Connect."""
        async with self._alone(account_id):
            stored = await AccountToken.get_or_none(account_id=account_id)
            if stored is None:
                return None
            access = self._vault.open(stored.access_token)
            if access is not None and stored.expires_at > self._clock() + _EARLY:
                return access
            return await self._refresh(stored)

    async def refused(self, account_id: AccountId, access_token: str, /) -> bool:
        """Discord refused this token: it is dead, and the fan has to press Connect.

        False: it is not the stored one. The fan may have consented anew while the call was under way.
        """
        stored = await AccountToken.get_or_none(account_id=account_id)
        if stored is None or self._vault.open(stored.access_token) != access_token:
            return False
        return bool(await AccountToken.filter(account_id=account_id, version=stored.version).delete())

    async def drop(self, account_id: AccountId) -> str | None:
        """Forget the pair, in the caller's transaction; returns the refresh token, for :meth:`revoke` afterwards."""
        stored = await AccountToken.get_or_none(account_id=account_id)
        await AccountToken.filter(account_id=account_id).delete()
        return self._vault.open(stored.refresh_token) if stored else None

    async def revoke(self, refresh_token: str) -> None:
        """Ask Discord to forget the authorization too; as well as it can be done, since ours is gone already."""
        refused = await self._oauth.revoke(refresh_token)
        if refused is not None:
            log.warning("token_not_revoked", why=refused.why)

    async def reseal(self) -> Resealed:
        """Encrypt every pair with the first key, page by page; safe to repeat, and beside a bot that knows that key.

        The version stays: raising it would make a refresh that is under way lose its new pair. A pair that is
        replaced meanwhile is left as it is, because whoever replaced it wrote it with their first key.
        """
        renewed = already = unreadable = 0
        last = 0
        while rows := await AccountToken.filter(account_id__gt=last).order_by("account_id").limit(PAGE):
            last = rows[-1].account_id
            for row in rows:
                access, refresh = self._vault.renew(row.access_token), self._vault.renew(row.refresh_token)
                if access is None or refresh is None:
                    unreadable += 1
                elif (access, refresh) == (row.access_token, row.refresh_token):
                    already += 1
                else:
                    this_one = AccountToken.filter(
                        account_id=row.account_id, version=row.version, refresh_token=row.refresh_token
                    )
                    renewed += await this_one.update(access_token=access, refresh_token=refresh)
        return Resealed(renewed=renewed, already=already, unreadable=unreadable)

    def seal(self, pair: TokenPair) -> str:
        """A pair as it may wait in a round trip's row until the press."""
        packed = {
            "access": pair.access_token,
            "refresh": pair.refresh_token,
            "expires_at": pair.expires_at.isoformat(),
            "scopes": sorted(pair.scopes),
        }
        return self._vault.seal(json.dumps(packed))

    def unseal(self, sealed: str) -> TokenPair | None:
        packed = self._vault.open(sealed)
        if packed is None:
            return None
        found: dict[str, Any] = json.loads(packed)
        return TokenPair(
            access_token=found["access"],
            refresh_token=found["refresh"],
            expires_at=datetime.fromisoformat(found["expires_at"]),
            scopes=frozenset(found["scopes"]),
        )

    async def _refresh(self, stored: AccountToken) -> str | RetryAfter | None:
        account_id = AccountId(stored.account_id)
        # Only the version that was read may be replaced or dropped: the fan may have consented anew meanwhile.
        this_one = AccountToken.filter(account_id=account_id, version=stored.version)
        refresh_token = self._vault.open(stored.refresh_token)
        if refresh_token is None:
            await this_one.delete()
            return None
        match await self._oauth.refresh(refresh_token):
            case TokenPair() as pair:
                if await this_one.update(version=stored.version + 1, **self._columns(pair)):
                    return pair.access_token
                return RetryAfter(after=timedelta(seconds=1), why="token_replaced")
            case OAuthError(why="invalid_grant" | "bad_token"):
                await this_one.delete()
                return None
            case OAuthError(why=why):
                return RetryAfter(after=_LATER, why=why)
            case RetryAfter() as later:
                return later

    def _columns(self, pair: TokenPair) -> dict[str, Any]:
        return {
            "access_token": self._vault.seal(pair.access_token),
            "refresh_token": self._vault.seal(pair.refresh_token),
            "scopes": " ".join(sorted(pair.scopes))[:255],
            "expires_at": pair.expires_at,
        }

    @asynccontextmanager
    async def _alone(self, account_id: AccountId) -> AsyncIterator[None]:
        """One refresh at a time for an account; its lock goes with its last user."""
        lock, users = self._refreshing.get(account_id, (asyncio.Lock(), 0))
        self._refreshing[account_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._refreshing.pop(account_id)
            if users > 1:
                self._refreshing[account_id] = (lock, users - 1)
