"""Standard Webhooks signatures: what proves that a message is the platform's, and ours.

Written out rather than taken from the specification's library, against which the tests hold it: the library reads the
system's clock (a test could not move it), takes the body as text (bytes that are not UTF-8 would look forged instead
of malformed) and raises on half of what a stranger can put into a header. What is left is one HMAC over
``id.timestamp.body``, compared in constant time.
"""

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from bot.clock import Clock

TOLERANCE = timedelta(minutes=5)
LONGEST_ID = 255


class Signatures:
    """Signs and verifies with several secrets at once, so that one can be replaced without losing a message."""

    def __init__(self, secrets: Iterable[str], clock: Clock) -> None:
        self._keys = [_key(secret) for secret in secrets]
        self._clock = clock

    def verified(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Return the ``webhook-id`` of a message signed by one of the secrets and dated now; else None."""
        given = {name.lower(): value for name, value in headers.items()}
        message_id, moment = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
        if not 0 < len(message_id) <= LONGEST_ID or not self._is_near(moment):
            return None
        offered = [_raw(part) for part in given.get("webhook-signature", "").split(" ")]
        wanted = [_signature(key, message_id, moment, body).encode() for key in self._keys]
        matches = [hmac.compare_digest(one, two) for one in offered for two in wanted]
        return message_id if any(matches) else None

    def sign(self, message_id: str, body: bytes) -> dict[str, str]:
        """Make the headers of one attempt, made now, to send ``body``."""
        moment = str(int(self._clock().timestamp()))
        return {
            "webhook-id": message_id,
            "webhook-timestamp": moment,
            "webhook-signature": " ".join(_signature(key, message_id, moment, body) for key in self._keys),
        }

    def _is_near(self, moment: str) -> bool:
        if not re.fullmatch(r"[0-9]{1,12}", moment):
            return False
        return abs(self._clock().timestamp() - int(moment)) <= TOLERANCE.total_seconds()


def _key(secret: str) -> bytes:
    """Read ``whsec_`` and base64, padded or not."""
    return base64.b64decode(secret.removeprefix("whsec_") + "==")


def _signature(key: bytes, message_id: str, moment: str, body: bytes) -> str:
    signed = b".".join((_raw(message_id), moment.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _raw(header: str) -> bytes:
    """Give a header's bytes as they were sent: aiohttp decodes them as UTF-8 and escapes what is not."""
    return header.encode("utf-8", "surrogateescape")
