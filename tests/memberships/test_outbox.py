"""What the platform is told: signed, in order per fan, again and again for three days, by two senders at once."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.clock import Clock
from bot.database import transaction
from bot.ids import FanId
from bot.memberships.signature import Signatures
from models import OutboxEvent
from tests.memberships.data import fan, membership
from tests.memberships.room import CLUB, SECRET, START, Room
from tests.memberships.wire import Listener, platform_at

BOB, EVE = FanId("bob"), FanId("eve")


@pytest.fixture
def room(database: str, listener: Listener) -> Room:
    assert database
    return Room(events_url=listener.url)


async def tell(room: Room, n: str, fan_id: FanId = BOB) -> None:
    await room.outbox.tell("access.granted", f"key {n}", fan_id, {"fan_id": fan_id, "n": n})


def heard(listener: Listener) -> list[str]:
    return [data["n"] for _, data in listener.heard]


async def test_told_signed_and_once(room: Room, listener: Listener) -> None:
    await tell(room, "1")
    await tell(room, "1")
    assert await room.outbox.deliver_due() == 1
    assert listener.heard == [("access.granted", {"fan_id": "bob", "n": "1"})]
    [(headers, body)] = listener.requests
    genuine = Signatures([SECRET], room.clock).verified(headers, body)
    assert genuine == (await OutboxEvent.get()).webhook_id
    assert headers["Content-Type"] == "application/json"
    await tell(room, "1")
    assert await room.outbox.deliver_due() == 0


async def test_told_only_if_the_fact_is_kept(room: Room) -> None:
    with pytest.raises(ZeroDivisionError):
        await tell_and_fail(room)
    assert await OutboxEvent.all().count() == 0


async def tell_and_fail(room: Room) -> None:
    async with transaction():
        await tell(room, "1")
        raise ZeroDivisionError


async def test_in_order_per_fan_and_nobody_waits_for_another_fan(room: Room, listener: Listener) -> None:
    for n in ("1", "2", "3"):
        await tell(room, n)
    await tell(room, "4", EVE)
    listener.refuse = {"2"}
    await room.outbox.deliver_due()
    assert sorted(heard(listener)) == ["1", "4"]
    listener.refuse.clear()
    assert await room.outbox.deliver_due() == 0  # not yet: it waits a little
    room.clock.move(timedelta(seconds=5))
    assert await room.outbox.deliver_due() == 2
    assert heard(listener)[2:] == ["2", "3"]


async def test_given_up_after_three_days_and_the_next_goes_on(room: Room, listener: Listener) -> None:
    await tell(room, "1")
    listener.refuse = {"1"}
    tries = 0
    while (first := await OutboxEvent.get(webhook_id__startswith="evt_")).next_at:
        room.clock.now = first.next_at
        await room.outbox.deliver_due()
        tries += 1
    assert first.failed_at == START + timedelta(days=3)
    assert first.attempts == tries == len(listener.attempts)
    assert 70 < tries < 90  # doubling up to an hour
    await tell(room, "2")
    assert await room.outbox.deliver_due() == 1


async def test_two_senders_at_once_send_once(room: Room, listener: Listener) -> None:
    for n in range(20):
        await tell(room, str(n), FanId(f"fan{n % 5}"))
    sent = await asyncio.gather(room.outbox.deliver_due(), room.outbox.deliver_due())
    assert sum(sent) == 20
    assert len(listener.attempts) == 20
    for last in range(5):
        mine = [int(n) for n in heard(listener) if int(n) % 5 == last]
        assert mine == sorted(mine)


async def test_a_crash_while_sending_sends_the_same_event_again(room: Room, listener: Listener) -> None:
    await tell(room, "1")
    lost = START + timedelta(minutes=1)
    await OutboxEvent.all().update(lease_until=lost)  # claimed by a process that is no more
    assert await room.outbox.deliver_due() == 0
    room.clock.now = lost
    assert await room.outbox.deliver_due() == 1
    assert heard(listener) == ["1"]


async def test_what_a_dead_process_was_sending_is_sent_at_the_next_start(
    room: Room, listener: Listener
) -> None:
    await tell(room, "1")
    await OutboxEvent.all().update(lease_until=START + timedelta(minutes=1))
    assert await room.outbox.release_all() == 1
    assert await room.outbox.deliver_due() == 1
    assert heard(listener) == ["1"]


@pytest.mark.usefixtures("database")
async def test_nobody_there_is_a_refusal_too(unused_tcp_port: int) -> None:
    room = Room(events_url=f"http://127.0.0.1:{unused_tcp_port}/events")
    await tell(room, "1")
    assert await room.outbox.deliver_due() == 0
    event = await OutboxEvent.get()
    assert (event.attempts, event.next_at, event.lease_until) == (1, START + timedelta(seconds=5), None)


async def test_an_opened_integration_is_announced_once_per_opening(room: Room, listener: Listener) -> None:
    room.hub.opened_by["gold"] = [CLUB]
    async with platform_at(room.inbox, room.clock) as platform:
        await platform.send("membership.updated", membership(1))
        await platform.send("membership.updated", membership(2, paid_until="2027-01-22T12:00:00Z"))
        await platform.send("membership.updated", membership(3, status="expired"))
    await room.outbox.deliver_due()
    [(event_type, data)] = listener.heard
    assert event_type == "integration.available"
    assert data == {
        "fan_id": "bob",
        "creator_id": "ana",
        "integration": {"id": "7", "name": "Club"},
        "membership_ids": ["m1"],
        "server": {"name": "Ana's place"},
        "roles": ["Gold"],
        "at": START.isoformat(),
        "reason": "membership_active",
    }


async def test_an_erasure_leaves_what_is_not_yet_sent_until_it_is(room: Room, listener: Listener) -> None:
    await tell(room, "1")
    await room.outbox.deliver_due()
    await tell(room, "2")
    async with platform_at(room.inbox, room.clock) as platform:
        await platform.send("fan.deleted", fan())
    await room.erasure.erase_due()
    assert await OutboxEvent.filter(sent_at__isnull=False).count() == 0
    await room.outbox.deliver_due()
    assert heard(listener) == ["1", "2"]
    assert await OutboxEvent.all().count() == 0


def later(clock: Clock) -> datetime:
    return clock() + timedelta(seconds=1)
