"""Standard Webhooks signatures, by hand, from the specification's text.

The bot checks them with the specification's own library; if both sides shared it, both could be wrong
together. Secrets are `whsec_` and base64; what is signed is `id.timestamp.body`.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping

TOLERANCE_S = 300


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def headers(secrets: Iterable[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Sign with every secret, so that one can be replaced without losing an event."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(s, message_id, timestamp, body) for s in secrets),
        "content-type": "application/json",
    }


def is_genuine(secrets: Iterable[str], given: Mapping[str, str], body: bytes, now_s: float) -> bool:
    """Whether one of the secrets signed this, no more than five minutes away from now."""
    message_id, moment = given.get("webhook-id", ""), given.get("webhook-timestamp", "")
    if not message_id or not moment.isdecimal() or abs(now_s - int(moment)) > TOLERANCE_S:
        return False
    offered = given.get("webhook-signature", "").split()
    wanted = [signature(secret, message_id, int(moment), body) for secret in secrets]
    return any(hmac.compare_digest(one.encode(), two.encode()) for one in offered for two in wanted)
