"""DESIGN §3's table of answers, line by line, over the wire."""

import asyncio
import json
from datetime import timedelta

import pytest
import structlog

from models import Fan, InboxEvent, Membership
from models.memberships import InboxState
from tests.memberships.data import creator, fan, membership, tier
from tests.memberships.room import NEW_SECRET, SECRET, Room
from tests.memberships.wire import Platform, platform_at, signature


async def stored() -> int:
    return await InboxEvent.all().count()


async def test_first_time_is_stored_and_applied(platform: Platform, room: Room) -> None:
    answer = await platform.send("membership.updated", membership(), "msg_a")
    assert answer.status == 202
    assert (await InboxEvent.get(webhook_id="msg_a")).state is InboxState.APPLIED
    assert (await Membership.get(id="m1")).tier_id == "gold"
    assert room.marks.fans == [("bob", True)]


async def test_the_same_id_again_does_nothing(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(1), "msg_a")
    answer = await platform.send("membership.updated", membership(2, status="refunded"), "msg_a")
    assert answer.status == 200
    assert (await Membership.get(id="m1")).version == 1
    assert len(room.marks.fans) == 1


async def test_the_same_id_twice_at_once_is_stored_once(platform: Platform, room: Room) -> None:
    sends = [platform.send("membership.updated", membership(), "msg_a") for _ in range(5)]
    statuses = sorted(answer.status for answer in await asyncio.gather(*sends))
    assert statuses == [200, 200, 200, 200, 202]
    assert (await stored(), len(room.marks.fans)) == (1, 1)


ENVELOPE = json.dumps(
    {"type": "membership.updated", "timestamp": "2026-11-22T12:00:00Z", "data": membership()}
).encode()


@pytest.mark.parametrize("away", [timedelta(seconds=-301), timedelta(seconds=301), timedelta(days=-3000)])
async def test_more_than_five_minutes_away_is_refused(platform: Platform, away: timedelta) -> None:
    answer = await platform.post(ENVELOPE, platform.headers(ENVELOPE, away=away))
    assert (answer.status, answer.problem["status"], await stored()) == (401, 401, 0)


@pytest.mark.parametrize("away", [timedelta(seconds=-300), timedelta(seconds=300)])
async def test_five_minutes_away_is_taken(platform: Platform, away: timedelta) -> None:
    answer = await platform.post(ENVELOPE, platform.headers(ENVELOPE, away=away))
    assert answer.status == 202


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_a_missing_header_is_refused(platform: Platform, missing: str) -> None:
    headers = platform.headers(ENVELOPE)
    del headers[missing]
    assert (await platform.post(ENVELOPE, headers)).status == 401
    assert await stored() == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("webhook-id", "another"),
        ("webhook-id", "x" * 256),
        ("webhook-timestamp", "soon"),
        ("webhook-timestamp", "nan"),
        ("webhook-timestamp", "-1"),
        ("webhook-timestamp", "9" * 40),
        ("webhook-timestamp", "\u0661\u0667"),
        ("webhook-signature", "v1"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1,bm90aGluZw== v2,x ,, \u00e9"),
        ("webhook-signature", "v1,%%% not base64"),
    ],
)
async def test_malformed_headers_are_refused(platform: Platform, name: str, value: str) -> None:
    answer = await platform.post(ENVELOPE, platform.headers(ENVELOPE) | {name: value})
    assert (answer.status, await stored()) == (401, 0)


async def test_another_secret_or_a_changed_body_is_refused(platform: Platform) -> None:
    forged = await platform.post(ENVELOPE, platform.headers(ENVELOPE, secret=NEW_SECRET))
    changed = await platform.post(ENVELOPE + b" ", platform.headers(ENVELOPE))
    garbage = await platform.post(b"\xff\xfe", platform.headers(ENVELOPE))
    assert [forged.status, changed.status, garbage.status] == [401, 401, 401]
    assert await stored() == 0


async def test_a_signature_of_another_version_does_not_count(platform: Platform) -> None:
    headers = platform.headers(ENVELOPE)
    headers["webhook-signature"] = headers["webhook-signature"].replace("v1,", "v1a,")
    assert (await platform.post(ENVELOPE, headers)).status == 401


@pytest.mark.usefixtures("database")
async def test_secrets_rotate_on_either_side() -> None:
    room = Room(secrets=(NEW_SECRET, SECRET))
    async with platform_at(room.inbox, room.clock) as platform:
        old = await platform.post(ENVELOPE, platform.headers(ENVELOPE, "one"))
        new = await platform.post(ENVELOPE, platform.headers(ENVELOPE, "two", secret=NEW_SECRET))
        both = platform.headers(ENVELOPE, "three", secret="whsec_dW5rbm93biBzZWNyZXQgb2Ygb3VycyE=")
        both["webhook-signature"] += " " + signature("three", both["webhook-timestamp"], ENVELOPE)
        third = await platform.post(ENVELOPE, both)
    assert [old.status, new.status, third.status] == [202, 202, 202]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "body"),
        (b"not json", "body"),
        (b"\xff\xfe", "body"),
        (b'{"type": "fan.updated", "timestamp": "2026-11-22T12:00:00Z", "data": {}', "body"),
        (b'{"type": "x", "timestamp": "2026-11-22T12:00:00Z", "data": {"a": ' + b"[" * 30_000, "body"),
        (b"[]", "body"),
        (b"null", "body"),
        (b'{"type": NaN, "timestamp": "2026-11-22T12:00:00Z", "data": {}}', "body"),
        (b'{"type": "x", "timestamp": "2026-11-22T12:00:00Z", "data": {"a": "\\ud83c\xed\xa0\xbc"}}', "body"),
        (b'{"timestamp": "2026-11-22T12:00:00Z", "data": {}}', "type"),
        (b'{"type": 7, "timestamp": "2026-11-22T12:00:00Z", "data": {}}', "type"),
        (b'{"type": "", "timestamp": "2026-11-22T12:00:00Z", "data": {}}', "type"),
        (b'{"type": "fan.updated", "data": {}}', "timestamp"),
        (b'{"type": "fan.updated", "timestamp": "yesterday", "data": {}}', "timestamp"),
        (b'{"type": "fan.updated", "timestamp": "2026-11-22T12:00:00", "data": {}}', "timestamp"),
        (b'{"type": "fan.updated", "timestamp": "2026-11-22T12:00:00Z"}', "data"),
        (b'{"type": "fan.updated", "timestamp": "2026-11-22T12:00:00Z", "data": []}', "data"),
        (b'{"type": "fan.updated", "timestamp": "2026-11-22T12:00:00Z", "data": null}', "data"),
    ],
)
async def test_not_an_envelope_names_the_field(platform: Platform, body: bytes, field: str) -> None:
    answer = await platform.post(body, platform.headers(body))
    assert (answer.status, answer.problem["field"], await stored()) == (400, field, 0)


ODD = [
    ("membership.updated", membership(status="frozen"), "data.status"),
    ("membership.updated", membership(status="deleted"), "data.status"),
    ("membership.updated", membership(status=...), "data.status"),
    ("membership.updated", membership(paid_until=...), "data.paid_until"),
    ("membership.updated", membership(paid_until=None, status="canceled"), "data.paid_until"),
    ("membership.updated", membership(paid_until="1999-12-31T23:59:59Z"), "data.paid_until"),
    ("membership.updated", membership(paid_until="2201-01-01T00:00:00Z"), "data.paid_until"),
    ("membership.updated", membership(paid_until="2026-12-22T12:00:00"), "data.paid_until"),
    ("membership.updated", membership(paid_until=1_800_000_000), "data.paid_until"),
    ("membership.updated", membership(updated_at="0001-01-01T00:00:00+14:00"), "data.updated_at"),
    ("membership.updated", membership(updated_at="9999-12-31T23:59:59-14:00"), "data.updated_at"),
    ("membership.updated", membership(updated_at=...), "data.updated_at"),
    ("membership.updated", membership(fan=...), "data.fan"),
    ("membership.updated", membership(fan={"id": "bob"}), "data.fan.display_name"),
    ("membership.updated", membership(fan={"id": "b b", "display_name": "Bob"}), "data.fan.id"),
    ("membership.updated", membership(tier={"id": "gold\n", "name": "Gold"}), "data.tier.id"),
    ("membership.updated", membership(creator="ana"), "data.creator"),
    ("membership.updated", membership(id=""), "data.id"),
    ("membership.updated", membership(id="m" * 65), "data.id"),
    ("membership.updated", membership(id=5), "data.id"),
    ("membership.updated", membership(version=-1), "data.version"),
    ("membership.updated", membership(version=2**63), "data.version"),
    ("membership.updated", membership(version="1"), "data.version"),
    ("membership.updated", membership(version=True), "data.version"),
    ("membership.updated", membership(version=1.5), "data.version"),
    ("fan.updated", fan(display_name=...), "data.display_name"),
    ("fan.deleted", fan(version=...), "data.version"),
    ("creator.updated", creator(id="\u00e4na"), "data.id"),
    ("creator.deleted", creator(display_name=None), "data.display_name"),
    ("tier.updated", tier(active="yes"), "data.active"),
    ("tier.updated", tier(creator_id="a/b"), "data.creator_id"),
    ("tier.updated", tier(price={"amount": 1, "currency": "EUR", "interval": "week"}), "data.price.interval"),
    ("tier.updated", tier(price={"amount": -1, "currency": "EUR", "interval": "year"}), "data.price.amount"),
    ("tier.deleted", tier(name=...), "data.name"),
]


@pytest.mark.parametrize(("event_type", "data", "field"), ODD)
async def test_what_cannot_be_applied_is_parked(
    platform: Platform, room: Room, event_type: str, data: dict[str, object], field: str
) -> None:
    with structlog.testing.capture_logs() as logs:
        answer = await platform.send(event_type, data, "msg_odd")
    assert answer.status == 202
    [entry] = await room.inbox.listed(InboxState.PARKED)
    assert entry.reason is not None
    assert entry.reason.startswith(f"{field}: ")
    [alarm] = [line for line in logs if line["event"] == "webhook_parked"]
    assert (alarm["log_level"], alarm["webhook_id"], alarm["parked"]) == ("error", "msg_odd", 1)
    assert (room.marks.fans, await Membership.all().count(), await Fan.all().count()) == ([], 0, 0)


async def test_a_parked_event_leaves_access_as_it_was_and_others_go_on(
    platform: Platform, room: Room
) -> None:
    await platform.send("membership.updated", membership(1))
    await platform.send("membership.updated", membership(2, status="frozen"))
    assert (await Membership.get(id="m1")).version == 1
    await platform.send("membership.updated", membership(3, status="canceled"))
    assert (await Membership.get(id="m1")).status == "canceled"
    assert len(await room.inbox.listed(InboxState.PARKED)) == 1


async def test_a_date_of_the_envelope_out_of_range_is_parked(platform: Platform, room: Room) -> None:
    body = ENVELOPE.replace(b'"timestamp": "2026', b'"timestamp": "1970')
    assert (await platform.post(body, platform.headers(body))).status == 202
    [entry] = await room.inbox.listed(InboxState.PARKED)
    assert entry.reason is not None
    assert entry.reason.startswith("timestamp: ")


@pytest.mark.parametrize("event_type", ["invoice.created", "membership.renewed", "x" * 200, "a\0b", "fan"])
async def test_an_unknown_type_is_stored_as_ignored(platform: Platform, room: Room, event_type: str) -> None:
    answer = await platform.send(event_type, {"anything": [1, None]}, "msg_x")
    assert answer.status == 202
    assert (await InboxEvent.get(webhook_id="msg_x")).state is InboxState.IGNORED
    assert room.marks.fans == []


async def test_unknown_fields_are_ignored(platform: Platform) -> None:
    data = membership(coupon="X", fan={"id": "bob", "display_name": "Bob", "shoe_size": 44})
    assert (await platform.send("membership.updated", data)).status == 202
    assert await Membership.exists(id="m1")


HALF = "Ana \ud83c"
"""What JavaScript's ``"Ana 🎉".slice(0, 5)`` is; JSON.stringify writes the half as an escape."""


@pytest.mark.parametrize(
    "data",
    [
        membership(fan={"id": "bob", "display_name": HALF}),
        membership(creator={"id": "ana", "display_name": HALF}),
        membership(tier={"id": "gold", "name": HALF}),
        membership(coupon={"codes": [HALF, "\udf89\ud83c", "🎉"]}),
        membership(**{HALF: 1}),
        membership(coupon=10**400),
    ],
    ids=["fan", "creator", "tier", "ignored", "ignored name", "ignored number"],
)
async def test_half_a_character_keeps_nobody_out(platform: Platform, data: dict[str, object]) -> None:
    assert (await platform.send("membership.updated", data, "msg_a")).status == 202
    assert (await InboxEvent.get(webhook_id="msg_a")).state is InboxState.APPLIED
    assert await Membership.exists(id="m1")


async def test_half_a_character_in_a_name_is_shown_as_one_that_is_unknown(platform: Platform) -> None:
    await platform.send("fan.updated", fan(display_name=HALF))
    assert (await Fan.get(id="bob")).display_name == "Ana \ufffd"


async def test_half_a_character_where_it_counts_is_parked(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(status=HALF))
    [entry] = await room.inbox.listed(InboxState.PARKED)
    assert str(entry.reason).startswith("data.status: ")


async def test_what_holds_half_a_character_can_be_replayed(platform: Platform, room: Room) -> None:
    await platform.send("creator.deleted", creator(display_name=HALF), "msg_a")
    assert len(await room.inbox.listed(InboxState.PARKED)) == 1
    entry = await room.inbox.replay("msg_a", confirmed=True)
    assert entry is not None
    assert entry.state is InboxState.APPLIED


@pytest.mark.parametrize(
    "number", [b"1e400", b"-1e400", b"9" * 5000, b"-" + b"9" * 5000, b"0." + b"9" * 5000]
)
async def test_a_number_that_fits_nowhere_is_no_reason_to_refuse(platform: Platform, number: bytes) -> None:
    ignored = ENVELOPE.replace(b'"data": {', b'"data": {"coupon": ' + number + b", ")
    assert (await platform.post(ignored, platform.headers(ignored, "msg_a"))).status == 202
    assert (await InboxEvent.get(webhook_id="msg_a")).state is InboxState.APPLIED
    counts = ENVELOPE.replace(b'"version": 1', b'"version": ' + number)
    assert (await platform.post(counts, platform.headers(counts, "msg_b"))).status == 202
    parked = await InboxEvent.get(webhook_id="msg_b")
    assert (parked.state, str(parked.reason).split(":")[0]) == (InboxState.PARKED, "data.version")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "text/json", ""])
async def test_another_media_type(platform: Platform, media_type: str) -> None:
    headers = platform.headers(ENVELOPE) | {"content-type": media_type}
    answer = await platform.post(ENVELOPE, headers)
    assert (answer.status, answer.problem["status"], await stored()) == (415, 415, 0)


async def test_a_charset_is_no_other_media_type(platform: Platform) -> None:
    headers = platform.headers(ENVELOPE) | {"content-type": "application/json; charset=utf-8"}
    assert (await platform.post(ENVELOPE, headers)).status == 202


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "nonsense"])
async def test_an_encoded_body_is_refused_unread(platform: Platform, encoding: str) -> None:
    """What is signed are the bytes as they came; and what says gzip and is none would be an error of the server."""
    headers = platform.headers(ENVELOPE) | {"content-encoding": encoding}
    answer = await platform.raw(ENVELOPE, headers)
    assert (answer.status, answer.problem["status"], await stored()) == (415, 415, 0)


async def test_a_body_that_says_it_is_not_encoded_is_taken(platform: Platform) -> None:
    headers = platform.headers(ENVELOPE) | {"content-encoding": "identity"}
    assert (await platform.raw(ENVELOPE, headers)).status == 202


async def test_a_sender_who_hangs_up_is_no_error_of_ours(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    async with platform.waiting_for_a_body({"content-length": "100"}) as writer:
        writer.write(b"{")
    assert (await platform.post(ENVELOPE, platform.headers(ENVELOPE))).status == 202
    assert [record for record in caplog.records if record.exc_info] == []


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
async def test_a_header_that_is_no_text_is_refused(platform: Platform, name: str) -> None:
    answer = await platform.raw(ENVELOPE, platform.headers(ENVELOPE) | {name: b"v1,\xff\xfe"})
    assert (answer.status, answer.problem["status"], await stored()) == (401, 401, 0)


def padded(size: int) -> bytes:
    return ENVELOPE + b" " * (size - len(ENVELOPE))


async def test_64_kib_is_taken_and_one_byte_more_is_not(platform: Platform) -> None:
    body, larger = padded(65536), padded(65537)
    assert (await platform.post(body, platform.headers(body))).status == 202
    answer = await platform.post(larger, platform.headers(larger))
    assert (answer.status, answer.problem["status"], await stored()) == (413, 413, 1)


async def test_the_limit_holds_without_an_announced_length(platform: Platform) -> None:
    reader, writer = await asyncio.open_connection(platform.url.host, platform.url.port)
    head = (
        "POST /webhooks/memberships HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    writer.write(head.encode() + b"".join(b"2000\r\n" + b" " * 0x2000 + b"\r\n" for _ in range(9)))
    async with asyncio.timeout(5):
        assert b" 413 " in await reader.readline()  # answered, though the body has no end
    writer.close()
    assert await stored() == 0


async def test_a_dripping_body_is_given_up(room: Room) -> None:
    async with platform_at(room.inbox, room.clock, read_within=timedelta(milliseconds=50)) as platform:
        reader, writer = await asyncio.open_connection(platform.url.host, platform.url.port)
        head = "POST /webhooks/memberships HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        writer.write(head.encode())
        async with asyncio.timeout(5):
            assert b" 408 " in await reader.readline()
        writer.close()
    assert await stored() == 0


async def test_only_post(platform: Platform) -> None:
    async with platform.session.get(platform.url) as answer:
        assert answer.status == 405
