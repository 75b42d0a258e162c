"""Webhooks as nobody should send them: forged, stale, malformed.

A forgery carries a new webhook-id, because under a known one it would be taken for a repetition, and a
version that would win if it were believed.
"""

import json
from typing import Any
from uuid import uuid4

from . import signing
from .deliveries import Reply
from .records import Json, iso
from .state import RefusedError
from .webhooks import Webhooks

WRONG_SECRET = "whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhpcyBwbGF0Zm9ybSE="
STALE_S = signing.TOLERANCE_S + 60


class Forgery:
    def __init__(self, webhooks: Webhooks) -> None:
        self.webhooks = webhooks

    async def forge(self, how: str, delivery_id: str | None = None, changes: Json | None = None) -> Reply:
        """Send an event that must not be believed, made from an earlier delivery (the last one if none is named).

        How: "secret" (signed with another secret), "body" (changed after signing), "id" (another id than
        was signed), "old" and "future" (more than five minutes away), "unsigned", "garbage".
        """
        body = self._body(delivery_id, changes or {})
        message_id, now = f"msg_{uuid4().hex}", int(self.webhooks.now().timestamp())
        secrets = self.webhooks.settings.webhook_secrets
        moment = now + {"old": -STALE_S, "future": STALE_S}.get(how, 0)
        headers = signing.headers([WRONG_SECRET] if how == "secret" else secrets, message_id, moment, body)
        match how:
            case "secret" | "old" | "future":
                pass
            case "body":
                body += b" "
            case "id":
                headers["webhook-id"] += "x"
            case "unsigned":
                del headers["webhook-signature"]
            case "garbage":
                headers["webhook-signature"] = "v1,bm90aGluZw== v2,x ,, \u00e9"
            case _:
                raise RefusedError(f"no such way to forge: {how!r}")
        return await self.webhooks.send(body, headers)

    async def send_raw(
        self, body: bytes, headers: dict[str, str | None] | None = None, *, signed: bool = True
    ) -> Reply:
        """Post any bytes; the given headers replace the signed ones, None takes one away."""
        now = int(self.webhooks.now().timestamp())
        secrets = self.webhooks.settings.webhook_secrets
        made: dict[str, Any] = (
            signing.headers(secrets, f"msg_{uuid4().hex}", now, body)
            if signed
            else {"content-type": "application/json"}
        )
        made |= {name.lower(): value for name, value in (headers or {}).items()}
        return await self.webhooks.send(body, {n: v for n, v in made.items() if v is not None})

    def _body(self, delivery_id: str | None, changes: Json) -> bytes:
        if delivery_id is None and not self.webhooks.log:
            raise RefusedError("there is no delivery yet to forge")
        model = self.webhooks.find(delivery_id) if delivery_id else next(reversed(self.webhooks.log.values()))
        data = model.data | {"version": model.data["version"] + 1000} | changes
        envelope = {"type": model.type, "timestamp": iso(self.webhooks.now()), "data": data}
        return json.dumps(envelope).encode()
