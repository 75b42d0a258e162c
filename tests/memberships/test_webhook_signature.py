"""Our signatures against the specification's own library, in both directions."""

from datetime import UTC, datetime

from standardwebhooks.webhooks import Webhook

from bot.clock import system_clock
from bot.memberships.signature import Signatures
from tests.memberships.room import NEW_SECRET, SECRET

BODY = '{"type": "fan.updated", "näme": "Zoë"}'


def test_the_library_believes_what_we_sign() -> None:
    headers = Signatures([NEW_SECRET, SECRET], system_clock).sign("msg_1", BODY.encode())
    for secret in (SECRET, NEW_SECRET):
        Webhook(secret).verify(BODY, headers)


def test_we_believe_what_the_library_signs() -> None:
    now = datetime(2030, 5, 1, 12, 0, tzinfo=UTC)
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": Webhook(SECRET).sign("msg_1", now, BODY),
    }
    assert Signatures([SECRET], lambda: now).verified(headers, BODY.encode()) == "msg_1"
    assert Signatures([NEW_SECRET], lambda: now).verified(headers, BODY.encode()) is None


def test_an_unpadded_secret_is_read() -> None:
    headers = Signatures([SECRET], system_clock).sign("msg_1", b"{}")
    assert Signatures([SECRET.rstrip("=")], system_clock).verified(headers, b"{}") == "msg_1"
