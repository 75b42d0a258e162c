"""How secrets at the door are made, hashed and signed.

Long random secrets (cookies, states, request ids) are stored as a plain SHA-256: there is nothing to guess. A short
one-time code could be guessed from its hash by trying all of them, so it is hashed with a key that is not in the
database. ``SECRET_KEYS`` rotate: the first writes, all read.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer


def new_secret() -> str:
    """256 random bits, safe in an address and in a cookie."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """The form in which a long random secret is stored."""
    # What comes in a header may hold bytes that are no text (surrogates, to Python): no secret of ours, but no error.
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


class Keys:
    """``SECRET_KEYS`` at work; every use names its purpose, so that one proof never stands for another."""

    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._keys = tuple(secret_keys)

    def code(self, purpose: str, value: str) -> str:
        """The keyed hash (hex) that is written."""
        return self.codes(purpose, value)[0]

    def codes(self, purpose: str, value: str) -> tuple[str, ...]:
        """The keyed hashes that are read: one for each key."""
        message = f"{purpose}:{value}".encode()
        return tuple(hmac.new(key.encode(), message, hashlib.sha256).hexdigest() for key in self._keys)

    def is_code(self, purpose: str, value: str, given: str) -> bool:
        known = [hmac.compare_digest(code, given) for code in self.codes(purpose, value) if given.isascii()]
        return any(known)

    def sign(self, purpose: str, value: dict[str, Any]) -> str:
        return self._serializer(purpose).dumps(value)

    def read(self, purpose: str, signed: str) -> dict[str, Any] | None:
        """What was signed for this purpose; None if it was not us."""
        try:
            value = self._serializer(purpose).loads(signed)
        except BadSignature:
            return None
        return value if isinstance(value, dict) else None

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        # itsdangerous signs with the last key of a list; ours is the first.
        return URLSafeSerializer(
            list(reversed(self._keys)), salt=purpose, signer_kwargs={"digest_method": hashlib.sha256}
        )
