"""Hands people over to the bot, signed in: the launch token, right or deliberately wrong.

The token is a JWT made by hand (RFC 7519), so that every wrong one can be made as well and none depends on
what the bot's own library would refuse to sign.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from .records import Creator, Fan, Json, Membership
from .settings import Settings
from .state import RefusedError, State

LIFETIME_S = 300


class Handover:
    def __init__(self, state: State, settings: Settings, now: Callable[[], datetime]) -> None:
        self.state = state
        self.settings = settings
        self.now = now

    def launch_url(  # noqa: PLR0913 - one argument for each part of the token
        self,
        person: str,
        *,
        next_path: str | None = None,
        membership: str | None = None,
        claims: Json | None = None,
        key: str | None = None,
        alg: str | None = None,
    ) -> str:
        """Where to send a creator's or fan's browser; given claims replace the right ones, None takes one away."""
        right = self._claims(person, next_path, membership)
        chosen = {name: v for name, v in (right | (claims or {})).items() if v is not None}
        own = self.settings.launch_private_key
        usual = "EdDSA" if own else "HS256"
        token = make_token(chosen, alg or usual, key or own or self.settings.launch_secret)
        return f"{self.settings.home}/launch?{urlencode({'token': token})}"

    def _claims(self, person: str, next_path: str | None, membership: str | None) -> Json:
        found = self.state.records.get(person)
        if not isinstance(found, Creator | Fan):
            raise RefusedError(f"{person!r} is neither a creator nor a fan")
        now_s = int(self.now().timestamp())
        snapshot = membership and self.state.snapshot(self.state.get(Membership, membership))
        return {
            "aud": "passes-bot",
            "sub": f"{found.kind}:{found.id}",
            "name": found.display_name,
            "iat": now_s,
            "exp": now_s + LIFETIME_S,
            "jti": uuid4().hex,
            "next": next_path,
            "membership": snapshot,
        }


def make_token(claims: Json, alg: str, key: str) -> str:
    signed = f"{_part({'alg': alg, 'typ': 'JWT'})}.{_part(claims)}"
    return f"{signed}.{_base64url(_sign(alg, key, signed.encode()))}"


def _sign(alg: str, key: str, message: bytes) -> bytes:
    match alg:
        case "HS256":
            return hmac.new(key.encode(), message, hashlib.sha256).digest()
        case "EdDSA":
            private = load_pem_private_key(key.encode(), password=None)
            if not isinstance(private, Ed25519PrivateKey):
                raise RefusedError("EdDSA needs an Ed25519 private key")
            return private.sign(message)
        case "none":
            return b""
        case _:
            raise RefusedError(f"no such algorithm here: {alg!r}")


def _part(value: Any) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
