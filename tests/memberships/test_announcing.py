"""A tier that is attached when people hold it already: the platform is told of each of them, once, in pages."""

from datetime import timedelta

import pytest

from bot.ids import IntegrationId, TierId
from bot.memberships.announce import PAGE, Announcements
from models import Announcing, Membership, OutboxEvent
from models.memberships import MembershipStatus
from tests.memberships.room import CLUB, START, Hub, Room
from tests.memberships.wire import Listener

GOLD = TierId("gold")


@pytest.fixture
def room(database: object, listener: Listener) -> Room:
    assert database
    return Room(events_url=listener.url, hub=Hub(opened_by={"gold": [CLUB]}))


@pytest.fixture
def announcements(room: Room) -> Announcements:
    return Announcements(clock=room.clock, outbox=room.outbox, openings=room.hub)


async def _holders(number: int, status: MembershipStatus = MembershipStatus.ACTIVE) -> None:
    await Membership.bulk_create(
        Membership(
            id=f"{status}{n:05}",
            fan_id=f"fan{n}",
            creator_id="ana",
            tier_id=GOLD,
            status=status,
            paid_until=START + timedelta(days=1),
            updated_at=START,
            version=1,
        )
        for n in range(number)
    )


async def test_every_holder_is_told_of_once_whatever_is_repeated(
    room: Room, announcements: Announcements, listener: Listener
) -> None:
    await _holders(3)
    for _ in range(2):
        await announcements.attached(IntegrationId(7), [GOLD])
        await announcements.attached(IntegrationId(7), [GOLD])
        await announcements.unfold()
    await room.outbox.deliver_due()
    assert [kind for kind, _ in listener.heard] == ["integration.available"] * 3
    assert {data["fan_id"] for _, data in listener.heard} == {"fan0", "fan1", "fan2"}
    assert listener.heard[0][1]["integration"] == {"id": "7", "name": "Club"}
    assert await Announcing.all().count() == 0


async def test_who_has_no_access_is_not_told_of(room: Room, announcements: Announcements) -> None:
    for status in MembershipStatus:
        await _holders(1, status)
    room.clock.move(timedelta(days=2))
    await announcements.attached(IntegrationId(7), [GOLD])
    await announcements.unfold()
    told = {body.split('"membership_ids":["')[1].split('"')[0] for body in await _bodies()}
    assert told == {"active00000", "past_due00000"}


async def test_thousands_are_told_of_in_pages_from_where_it_was_cut_off(
    room: Room, announcements: Announcements
) -> None:
    await _holders(2 * PAGE + 5)
    await announcements.attached(IntegrationId(7), [GOLD])
    assert await announcements.unfold() == 2 * PAGE + 5
    assert await OutboxEvent.all().count() == 2 * PAGE + 5

    await OutboxEvent.all().delete()
    await Announcing.create(integration_id=7, tier_id=GOLD, cursor=f"active{PAGE - 1:05}")
    restarted = Announcements(clock=room.clock, outbox=room.outbox, openings=room.hub)
    assert await restarted.unfold() == PAGE + 5
    assert await OutboxEvent.all().count() == PAGE + 5


async def test_what_was_detached_meanwhile_is_not_announced(room: Room, announcements: Announcements) -> None:
    await _holders(2)
    await announcements.attached(IntegrationId(7), [GOLD])
    room.hub.opened_by.clear()
    await announcements.unfold()
    assert await OutboxEvent.all().count() == 0
    assert await Announcing.all().count() == 0


async def _bodies() -> list[str]:
    return [event.body for event in await OutboxEvent.all()]
