"""Discord's rate limits: one bucket per route and top-level resource, one global allowance per caller, and the door that shuts.

As https://discord.com/developers/docs/topics/rate-limits describes them. The bucket *hash* names the route alone and is the same for
all guilds, while each guild (channel, webhook) has its own allowance in it: a client that counts by the hash alone waits for guilds
that have nothing to do with each other. The numbers below are plausible ones, seen on Discord at one time or another; Discord
publishes none, so a client must read the headers, and tests may set others.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.sandbox.discord.model import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """So many requests in so many seconds, counted from the first one."""

    limit: int
    window_s: float


DEFAULT = Allowance(limit=50, window_s=1.0)

ALLOWANCES: Mapping[str, Allowance] = {
    "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}": Allowance(limit=10, window_s=10),
    "DELETE /guilds/{guild_id}/members/{user_id}/roles/{role_id}": Allowance(limit=10, window_s=10),
    "PUT /guilds/{guild_id}/members/{user_id}": Allowance(limit=10, window_s=10),
    "PATCH /guilds/{guild_id}/members/{user_id}": Allowance(limit=10, window_s=10),
    "DELETE /guilds/{guild_id}/members/{user_id}": Allowance(limit=5, window_s=1),
    "GET /guilds/{guild_id}/members/{user_id}": Allowance(limit=5, window_s=1),
    "GET /guilds/{guild_id}/members": Allowance(limit=10, window_s=10),
    "POST /users/@me/channels": Allowance(limit=10, window_s=10),
    "POST /channels/{channel_id}/messages": Allowance(limit=5, window_s=5),
    "PATCH /channels/{channel_id}/messages/{message_id}": Allowance(limit=5, window_s=5),
    "POST /webhooks/{application_id}/{interaction_token}": Allowance(limit=5, window_s=2),
    "PATCH /webhooks/{application_id}/{interaction_token}/messages/{message_id}": Allowance(
        limit=5, window_s=2
    ),
    "DELETE /webhooks/{application_id}/{interaction_token}/messages/{message_id}": Allowance(
        limit=5, window_s=2
    ),
    "GET /users/@me/guilds": Allowance(limit=10, window_s=10),
    "PUT /applications/{application_id}/commands": Allowance(limit=5, window_s=20),
    "PUT /applications/{application_id}/guilds/{guild_id}/commands": Allowance(limit=5, window_s=20),
}

MAJOR = ("guild_id", "channel_id", "interaction_token")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a bucket stands after a request was counted in it."""

    bucket: str
    limit: int
    remaining: int
    reset_at: float
    reset_after_s: float
    refused: bool

    def headers(self) -> dict[str, str]:
        """Return the headers that every counted answer carries."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": f"{self.reset_at:.3f}",
            "X-RateLimit-Reset-After": f"{self.reset_after_s:.3f}",
            "X-RateLimit-Bucket": self.bucket,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A 429; `scope` None is the Cloudflare ban, which is no JSON and carries no `Via`."""

    retry_after_s: float
    scope: str | None
    standing: Standing | None = None

    def body(self) -> Json:
        """Return Discord's body."""
        message = "You are being rate limited."
        if self.scope == "shared":
            message = "The resource is being rate limited."
        return {
            "message": message,
            "code": 0,
            "retry_after": round(self.retry_after_s, 3),
            "global": self.scope == "global",
        }

    def headers(self) -> dict[str, str]:
        """Return Discord's headers."""
        headers = {"Retry-After": str(max(1, math.ceil(self.retry_after_s)))}
        if self.scope is None:
            return headers | {"Server": "cloudflare"}
        headers |= {"Via": "1.1 google", "X-RateLimit-Scope": self.scope}
        if self.scope == "global":
            headers["X-RateLimit-Global"] = "true"
        return headers | (self.standing.headers() if self.standing else {})


@dataclass(slots=True)
class _Window:
    ends_at: float = 0.0
    used: int = 0

    def take(self, allowance: Allowance, now: float) -> bool:
        if now >= self.ends_at:
            self.ends_at, self.used = now + allowance.window_s, 0
        if self.used >= allowance.limit:
            return False
        self.used += 1
        return True


@dataclass(kw_only=True)
class Limits:
    """What is allowed; `shared` allowances count all callers together. Everything may be changed while running.

    A refusal of scope `shared` carries the caller's own bucket, which may well have requests left, as Discord's does.
    """

    allowances: dict[str, Allowance] = field(default_factory=dict)
    shared: dict[str, Allowance] = field(default_factory=dict)
    default: Allowance = DEFAULT
    global_per_second: int = 50
    invalid: Allowance = field(default_factory=lambda: Allowance(limit=10_000, window_s=600))
    enabled: bool = True
    identify: Allowance | None = None
    """Discord's is one in five seconds; nobody's here, unless asked, because tests start bots in quick succession."""
    sessions: Allowance = field(default_factory=lambda: Allowance(limit=1000, window_s=86_400))
    whole_list: Allowance = field(default_factory=lambda: Allowance(limit=1, window_s=30))
    guilds_per_shard: int = 2500
    now: Callable[[], float] = time.monotonic
    """Seconds that only go forward; a test may hand in a clock of its own and move it."""

    def __post_init__(self) -> None:
        self._wall = time.time() - self.now()
        """Added to `now`, gives the clock on the wall: one end for a whole window, by which clients tell it from the next."""
        self._buckets: dict[tuple[str, ...], _Window] = {}
        self._global: dict[str, _Window] = {}
        self._invalid: dict[str, deque[float]] = {}
        self._identify = _Window()
        self._sessions = _Window()
        self._whole_lists: dict[str, _Window] = {}

    def allowance(self, route: str) -> Allowance:
        """Return what a route's bucket holds."""
        return self.allowances.get(route) or ALLOWANCES.get(route) or self.default

    def take(self, route: str, params: Mapping[str, str], caller: str) -> Standing | Refusal | None:
        """Count one request; None while limits are off, and for what is open to anybody and asked by nobody.

        An interaction's token is a webhook's: it has its buckets whoever asks, and costs nothing of the global allowance.
        https://discord.com/developers/docs/interactions/receiving-and-responding#endpoints
        """
        of_interaction = "interaction_token" in params
        if not self.enabled or not (caller or of_interaction):
            return None
        now = self.now()
        if of_interaction:
            caller = ""
        elif refusal := self._take_globally(caller, now):
            return refusal
        standing = self._count(route, params, caller, self.allowance(route), now)
        if standing.refused:
            return Refusal(retry_after_s=standing.reset_after_s, scope="user", standing=standing)
        if route in self.shared:
            common = self._count(route, params, "*", self.shared[route], now)
            if common.refused:
                return Refusal(retry_after_s=common.reset_after_s, scope="shared", standing=standing)
        return standing

    def _take_globally(self, caller: str, now: float) -> Refusal | None:
        everywhere = self._global.setdefault(caller, _Window())
        if everywhere.take(Allowance(limit=self.global_per_second, window_s=1.0), now):
            return None
        return Refusal(retry_after_s=everywhere.ends_at - now, scope="global")

    def take_identify(self) -> bool:
        """Count one identify; tell whether a session may begin now."""
        now = self.now()
        if self.identify is not None and not self._identify.take(self.identify, now):
            return False
        return self._sessions.take(self.sessions, now)

    def session_starts(self) -> Json:
        """Return the gateway's session start limit as it stands."""
        left_s = max(self._sessions.ends_at - self.now(), 0.0)
        used = self._sessions.used if left_s else 0
        return {
            "total": self.sessions.limit,
            "remaining": self.sessions.limit - used,
            "reset_after": int(left_s * 1000),
            "max_concurrency": self.identify.limit if self.identify else 1,
        }

    def take_whole_list(self, guild_id: str) -> float:
        """Count one request for all of a guild's members; return how long to wait, 0 where it is granted."""
        now, window = self.now(), self._whole_lists.setdefault(guild_id, _Window())
        granted = not self.enabled or window.take(self.whole_list, now)
        return 0.0 if granted else round(window.ends_at - now, 3)

    def as_if(self, route: str, scope: str, retry_after_s: float) -> Refusal:
        """Return the refusal that a route would give, without counting anything: for faults."""
        limit = self.allowance(route).limit
        standing = Standing(
            bucket=bucket_of(route),
            limit=limit,
            remaining=limit - 1 if scope == "shared" else 0,
            reset_at=self._wall + self.now() + retry_after_s,
            reset_after_s=retry_after_s,
            refused=True,
        )
        return Refusal(
            retry_after_s=retry_after_s, scope=scope, standing=None if scope == "global" else standing
        )

    def _count(
        self, route: str, params: Mapping[str, str], caller: str, allowance: Allowance, now: float
    ) -> Standing:
        major = tuple(params[name] for name in MAJOR if name in params)
        window = self._buckets.setdefault((route, caller, *major), _Window())
        taken = window.take(allowance, now)
        left_s = max(window.ends_at - now, 0.001)
        return Standing(
            bucket=bucket_of(route),
            limit=allowance.limit,
            remaining=allowance.limit - window.used,
            reset_at=self._wall + window.ends_at,
            reset_after_s=left_s,
            refused=not taken,
        )

    def count_invalid(self, address: str) -> None:
        """Count an answer of 401, 403 or 429 (not of scope shared) against an address."""
        self._invalid.setdefault(address, deque(maxlen=self.invalid.limit)).append(self.now())

    def banned(self, address: str) -> Refusal | None:
        """Return the refusal of an address that has collected too many invalid answers."""
        seen = self._invalid.get(address)
        if not self.enabled or not seen or len(seen) < self.invalid.limit:
            return None
        left_s = seen[0] + self.invalid.window_s - self.now()
        return Refusal(retry_after_s=left_s, scope=None) if left_s > 0 else None


def bucket_of(route: str) -> str:
    """Return the bucket hash: of the route's template, so that all guilds share it."""
    return hashlib.md5(route.encode(), usedforsecurity=False).hexdigest()
