"""Discord's OAuth2, for people in a browser: where to send them, and what their code or token is worth.

Its own HTTP session, never nextcord's, which would keep a rate limiter for every fan's token for ever. Form-encoded,
with the application's credentials by HTTP Basic (RFC 6749 §2.3.1). What can be expected to go wrong is a value: a
code used twice, a token withdrawn, Discord not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlencode

import aiohttp
import structlog

from bot.clock import Clock
from bot.config import Config
from bot.discord.outcomes import RetryAfter
from bot.discord.user_agent import user_agent
from bot.ids import AccountId, GuildId

log = structlog.get_logger()

FAN_SCOPES = ("identify", "guilds.join")
CREATOR_SCOPES = ("identify", "bot", "applications.commands")

_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
_SOON = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildRef:
    id: GuildId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    access_token: str
    refresh_token: str
    expires_at: datetime
    scopes: frozenset[str]
    guild: GuildRef | None = None
    """The guild the bot was added to, with scope ``bot``."""

    def __repr__(self) -> str:
        """Name everything but the tokens, which belong in no log."""
        return (
            f"TokenPair(expires_at={self.expires_at!r}, scopes={sorted(self.scopes)!r}, guild={self.guild!r})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuthError:
    """Discord said no; a value, not an exception."""

    why: Literal["invalid_grant", "invalid_client", "bad_token", "unexpected"]
    """``invalid_grant``: the code or refresh token is used up, withdrawn, or not ours: the person connects again.
    ``bad_token``: the access token is dead. ``invalid_client``: DISCORD_CLIENT_ID or DISCORD_CLIENT_SECRET is wrong."""
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscordUser:
    id: AccountId
    username: str
    global_name: str | None = None


class OAuth:
    """Use with ``async with``: it holds an HTTP session."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        headers = {"User-Agent": user_agent(self._config.public_url)}
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    def authorize_url(  # noqa: PLR0913  (each is a parameter of the page)
        self,
        *,
        state: str,
        scopes: Sequence[str],
        redirect_uri: str,
        prompt: Literal["none", "consent"] | None = None,
        permissions: int | None = None,
        guild_id: GuildId | None = None,
    ) -> str:
        """Discord's consent page; ``guild_id`` fixes the server where the bot is to be added."""
        query: dict[str, str] = {
            "response_type": "code",
            "client_id": str(self._config.discord_client_id),
            "scope": " ".join(scopes),
            "state": state,
            "redirect_uri": redirect_uri,
        }
        if prompt is not None:
            query["prompt"] = prompt
        if permissions is not None:
            query["permissions"] = str(int(permissions))
        if guild_id is not None:
            query |= {"guild_id": str(guild_id), "disable_guild_select": "true"}
        return f"{self._config.invite_url}?{urlencode(query)}"

    async def exchange(self, code: str, redirect_uri: str) -> TokenPair | OAuthError | RetryAfter:
        """Trade a code for tokens; a code works once."""
        return self._pair(
            await self._grant(
                {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri}
            )
        )

    async def refresh(self, refresh_token: str) -> TokenPair | OAuthError | RetryAfter:
        """Trade a refresh token for a new pair: the old pair is dead from then on, so save this one before use."""
        return self._pair(await self._grant({"grant_type": "refresh_token", "refresh_token": refresh_token}))

    async def identify(self, access_token: str) -> DiscordUser | OAuthError | RetryAfter:
        """Whose token it is."""
        found = await self._call("GET", "/users/@me", headers={"Authorization": f"Bearer {access_token}"})
        if not isinstance(found, dict):
            return found
        return DiscordUser(
            id=AccountId(int(found["id"])),
            username=found["username"],
            global_name=found.get("global_name"),
        )

    async def revoke(self, token: str) -> OAuthError | RetryAfter | None:
        """Withdraw an access or refresh token and what hangs on it (RFC 7009); None: done."""
        found = await self._call("POST", "/oauth2/token/revoke", data={"token": token}, headers=self._basic())
        return None if isinstance(found, dict) else found

    async def _grant(self, form: Mapping[str, str]) -> dict[str, Any] | OAuthError | RetryAfter:
        return await self._call("POST", "/oauth2/token", data=form, headers=self._basic())

    def _basic(self) -> dict[str, str]:
        credentials = aiohttp.encode_basic_auth(
            str(self._config.discord_client_id), self._config.discord_client_secret
        )
        return {"Authorization": credentials}

    def _pair(self, found: dict[str, Any] | OAuthError | RetryAfter) -> TokenPair | OAuthError | RetryAfter:
        if not isinstance(found, dict):
            return found
        guild = found.get("guild")
        return TokenPair(
            access_token=found["access_token"],
            refresh_token=found["refresh_token"],
            expires_at=self._clock() + timedelta(seconds=found["expires_in"]),
            scopes=frozenset(found["scope"].split()),
            guild=guild and GuildRef(id=GuildId(int(guild["id"])), name=guild["name"]),
        )

    async def _call(self, method: str, path: str, **options: Any) -> dict[str, Any] | OAuthError | RetryAfter:
        """The JSON object that was answered (empty for none)."""
        if self._session is None:
            raise RuntimeError("use OAuth with `async with`")
        try:
            async with self._session.request(
                method, self._config.discord_api_url + path, **options
            ) as response:
                if response.status < 300:
                    return await response.json(content_type=None) or {}
                return await _refusal(response)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            return RetryAfter(after=_SOON, why=type(error).__name__)


async def _refusal(response: aiohttp.ClientResponse) -> OAuthError | RetryAfter:
    if response.status == 429:
        seconds = float(response.headers.get("Retry-After", "5"))
        return RetryAfter(after=timedelta(seconds=seconds), why="rate_limited")
    if response.status >= 500 or response.status == 408:
        return RetryAfter(after=_SOON, why=f"status_{response.status}")
    body = await response.text()
    if "invalid_grant" in body:
        return OAuthError(why="invalid_grant", status=response.status)
    if "invalid_client" in body:
        log.error("oauth_client_refused", status=response.status)
        return OAuthError(why="invalid_client", status=response.status)
    if response.status == 401:
        return OAuthError(why="bad_token", status=response.status)
    log.error("oauth_unexpected", status=response.status)
    return OAuthError(why="unexpected", status=response.status)
