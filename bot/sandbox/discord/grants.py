"""What people have allowed the application: codes, tokens, and their ends.

A code buys one pair of tokens, once. A refresh token buys the next pair and dies with it: who loses the new pair in a crash has to ask
the person again. https://discord.com/developers/docs/topics/oauth2
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

CODE_LIFE = timedelta(minutes=10)
TOKEN_LIFE = timedelta(seconds=604_800)


class InvalidGrantError(Exception):
    """The code or refresh token is unknown, used, expired, or was for another redirect address."""


@dataclass(slots=True, kw_only=True)
class Grant:
    """One authorization by one person; its tokens live and die together."""

    user_id: int
    scopes: tuple[str, ...]
    guild_id: int | None = None
    access_token: str = ""
    refresh_token: str = ""
    expires_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def alive(self) -> bool:
        return bool(self.access_token) and datetime.now(UTC) < self.expires_at

    def renew(self) -> None:
        """Give it fresh tokens; the old ones are dead from here on."""
        self.access_token = secrets.token_urlsafe(24)
        self.refresh_token = secrets.token_urlsafe(24)
        self.expires_at = datetime.now(UTC) + TOKEN_LIFE


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a browser carries back from the consent page."""

    grant: Grant
    redirect_uri: str
    expires_at: datetime


class Grants:
    """The authorizations of one sandbox."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}
        self._grants: list[Grant] = []
        self._consents: dict[int, set[str]] = {}

    def has_consented(self, user_id: int, scopes: tuple[str, ...]) -> bool:
        """Tell whether the person has allowed these scopes before."""
        return set(scopes) <= self._consents.get(user_id, set())

    def consent(
        self, user_id: int, scopes: tuple[str, ...], redirect_uri: str, guild_id: int | None = None
    ) -> str:
        """Note that the person agreed; return the code for their browser."""
        self._consents.setdefault(user_id, set()).update(scopes)
        code = secrets.token_urlsafe(22)
        grant = Grant(user_id=user_id, scopes=scopes, guild_id=guild_id)
        self._codes[code] = Code(
            grant=grant, redirect_uri=redirect_uri, expires_at=datetime.now(UTC) + CODE_LIFE
        )
        return code

    def exchange(self, code: str, redirect_uri: str | None) -> Grant:
        """Turn a code into tokens, once; raises InvalidGrantError."""
        found = self._codes.pop(code, None)
        if found is None or found.redirect_uri != redirect_uri or found.expires_at < datetime.now(UTC):
            raise InvalidGrantError
        found.grant.renew()
        self._grants.append(found.grant)
        return found.grant

    def refresh(self, refresh_token: str) -> Grant:
        """Turn a refresh token into the next pair; raises InvalidGrantError."""
        grant = next(
            (each for each in self._grants if refresh_token and each.refresh_token == refresh_token), None
        )
        if grant is None:
            raise InvalidGrantError
        grant.renew()
        return grant

    def revoke(self, token: str) -> None:
        """End the authorization that an access or refresh token belongs to, all its tokens with it."""
        ended = [each for each in self._grants if token in (each.access_token, each.refresh_token)]
        for grant in ended:
            self._forget(grant)

    def deauthorize(self, user_id: int) -> None:
        """Take the application's access back, as a person does in their settings."""
        self._consents.pop(user_id, None)
        for grant in [each for each in self._grants if each.user_id == user_id]:
            self._forget(grant)

    def expire(self, user_id: int) -> None:
        """Let the person's access tokens run out now; their refresh tokens still work."""
        for grant in self._grants:
            if grant.user_id == user_id:
                grant.expires_at = datetime.now(UTC)

    def expire_codes(self) -> None:
        """Let every code that is on its way run out now."""
        self._codes.clear()

    def living(self, access_token: str) -> Grant | None:
        """Return the authorization of an access token that still works."""
        return next((each for each in self._grants if each.alive and each.access_token == access_token), None)

    def _forget(self, grant: Grant) -> None:
        grant.access_token = grant.refresh_token = ""
        self._grants.remove(grant)
