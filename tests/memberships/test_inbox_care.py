"""What an operator does with the inbox, and what time does to it: replay, purge, erasure."""

from datetime import timedelta

from models import Fan, InboxEvent, Membership, Tombstone
from models.memberships import InboxState
from tests.memberships.data import fan, membership
from tests.memberships.room import Room
from tests.memberships.wire import Platform


async def test_replay_of_what_still_does_not_fit_parks_it_again(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(status="frozen"), "msg_a")
    entry = await room.inbox.replay("msg_a")
    assert entry is not None
    assert (entry.state, entry.type) == (InboxState.PARKED, "membership.updated")
    assert len(await room.inbox.listed(InboxState.PARKED)) == 1


async def test_replay_of_an_applied_event_or_none_changes_nothing(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(), "msg_a")
    entry = await room.inbox.replay("msg_a")
    assert entry is not None
    assert (entry.state, len(room.marks.fans)) == (InboxState.APPLIED, 1)
    assert await room.inbox.replay("msg_unknown") is None


async def test_an_ignored_event_can_be_replayed(platform: Platform, room: Room) -> None:
    await platform.send("invoice.created", {}, "msg_a")
    entry = await room.inbox.replay("msg_a")
    assert entry is not None
    assert entry.state is InboxState.IGNORED


async def test_purge_keeps_what_is_young_or_not_yet_applied(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(1), "msg_old")
    await platform.send("membership.updated", membership(status="frozen"), "msg_parked")
    await platform.send("membership.updated", membership(2), "msg_waiting")
    await InboxEvent.filter(webhook_id="msg_waiting").update(state=InboxState.RECEIVED)
    room.clock.move(timedelta(days=91))
    await platform.send("membership.updated", membership(3), "msg_young")
    assert await room.inbox.purge(room.clock() - timedelta(days=90)) == 2
    assert {event.webhook_id for event in await InboxEvent.all()} == {"msg_waiting", "msg_young"}


async def test_a_deleted_fan_is_erased_when_access_is_gone(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(), "msg_a")
    await platform.send("membership.updated", membership(2, status="frozen"), "msg_odd")
    room.others.have_access.add("bob")
    await platform.send("fan.deleted", fan(2), "msg_gone")
    assert await room.erasure.erase_due() == 0
    assert (await Membership.all().count(), room.others.forgotten) == (1, [])

    room.others.have_access.clear()
    assert await room.erasure.erase_due() == 1
    assert room.others.forgotten == ["bob"]
    assert (await Membership.all().count(), await Fan.all().count()) == (0, 0)
    assert {event.body for event in await InboxEvent.all()} == {""}
    assert await room.inbox.listed(InboxState.PARKED) == []
    assert await room.erasure.erase_due() == 0


async def test_the_erased_do_not_come_back(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(), "msg_a")
    await platform.send("fan.deleted", fan(2))
    await room.erasure.erase_due()
    assert (await platform.send("membership.updated", membership(), "msg_a")).status == 200
    await platform.send("membership.updated", membership(7))
    await platform.send("fan.updated", fan(8))
    assert (await Membership.all().count(), await Fan.all().count()) == (0, 0)
    assert (await Tombstone.get(kind="fan", object_id="bob")).version == 2


async def test_what_comes_after_the_erasure_leaves_nothing_of_the_fan_either(
    platform: Platform, room: Room
) -> None:
    await platform.send("membership.updated", membership(), "msg_waiting")
    await platform.send("fan.deleted", fan(2))
    await InboxEvent.filter(webhook_id="msg_waiting").update(state=InboxState.RECEIVED)
    await room.erasure.erase_due()
    await platform.send("membership.updated", membership(7), "msg_late")
    await platform.send("membership.updated", membership(8, status="frozen"), "msg_odd")
    await room.inbox.apply_pending()
    assert {(event.body, event.fan_id) for event in await InboxEvent.all()} == {("", None)}
    assert await room.inbox.listed(InboxState.PARKED) == []


async def test_after_thirty_days_a_fan_is_erased_in_any_case(platform: Platform, room: Room) -> None:
    room.others.have_access.add("bob")
    await platform.send("fan.deleted", fan())
    room.clock.move(timedelta(days=29))
    assert await room.erasure.erase_due() == 0
    room.clock.move(timedelta(days=1))
    assert await room.erasure.erase_due() == 1
