"""Encryption at rest for Discord's tokens, with keys that can be rotated.

Fernet keys are derived from ``SECRET_KEYS``: the first writes, all read. What no key opens any more is as good as
lost, and costs the fan one Connect.
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Vault:
    def __init__(self, secret_keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(_derived(key)) for key in secret_keys])

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; None if no key opens it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None


def _derived(key: str) -> bytes:
    # A purpose of its own, so that the same setting never signs and encrypts with the same bytes.
    return base64.urlsafe_b64encode(hashlib.sha256(b"passes-bot tokens\0" + key.encode()).digest())
