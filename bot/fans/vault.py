"""Encryption at rest for Discord's tokens, with keys that can be rotated.

Fernet keys are derived from ``SECRET_KEYS``: the first writes, all read. What no key opens any more is as good as
lost, and costs the fan one Connect.
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def fingerprint(key: str) -> str:
    """Tells one of SECRET_KEYS from another without giving it away."""
    return hashlib.sha256(b"passes-bot fingerprint\0" + key.encode()).hexdigest()[:12]


class Vault:
    def __init__(self, secret_keys: Sequence[str]) -> None:
        fernets = [Fernet(_derived(key)) for key in secret_keys]
        self._first, self._fernet = fernets[0], MultiFernet(fernets)

    def seal(self, secret: str) -> str:
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """What was sealed; None if no key opens it."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def renew(self, sealed: str) -> str | None:
        """The same, sealed with the first key; itself if it is already; None if no key opens it."""
        try:
            self._first.decrypt(sealed.encode())
        except InvalidToken:
            secret = self.open(sealed)
            return None if secret is None else self.seal(secret)
        return sealed


def _derived(key: str) -> bytes:
    # A purpose of its own, so that the same setting never signs and encrypts with the same bytes.
    return base64.urlsafe_b64encode(hashlib.sha256(b"passes-bot tokens\0" + key.encode()).digest())
