"""What each event does to the rows, and whom it marks: DESIGN §3's table of events."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import Creator, Fan, InboxEvent, Membership, OutboxEvent, Tier, Tombstone
from models.memberships import InboxState, MembershipStatus
from tests.memberships.data import creator, fan, membership, tier
from tests.memberships.room import CLUB, START, Room
from tests.memberships.wire import Platform


def _day(number: int) -> str:
    return (START + timedelta(days=number)).isoformat()


async def state_of(webhook_id: str) -> InboxState:
    return (await InboxEvent.get(webhook_id=webhook_id)).state


async def test_a_creator(platform: Platform) -> None:
    await platform.send("creator.updated", creator(1, locale="fr"))
    await platform.send("creator.updated", creator(2, display_name="Anna"))
    row = await Creator.get(id="ana")
    assert (row.display_name, row.locale, row.version) == ("Anna", None, 2)


async def test_a_tier(platform: Platform) -> None:
    await platform.send("tier.updated", tier(0))
    row = await Tier.get(id="gold")
    assert (row.name, row.active, row.version, row.creator_id) == ("Gold", True, 0, "ana")
    assert row.price == {"amount": 500, "currency": "EUR", "interval": "month"}
    await platform.send("tier.updated", tier(1, price=..., active=False))
    row = await Tier.get(id="gold")
    assert (row.price, row.active) == (None, False)


async def test_a_deleted_tier_is_no_longer_sold_and_memberships_go_on(platform: Platform) -> None:
    await platform.send("membership.updated", membership(1))
    await platform.send("tier.deleted", tier(2))
    assert (await Tier.get(id="gold")).active is False
    await platform.send("membership.updated", membership(2, paid_until="2027-01-22T12:00:00Z"))
    row = await Membership.get(id="m1")
    assert (row.status, row.version) == (MembershipStatus.ACTIVE, 2)


async def test_a_fan(platform: Platform, room: Room) -> None:
    await platform.send("fan.updated", fan())
    row = await Fan.get(id="bob")
    assert (row.display_name, row.locale, row.version) == ("Bob", "de", 1)
    assert room.marks.fans == []  # a name changes nobody's access


async def test_a_membership_is_stored_in_utc(platform: Platform) -> None:
    await platform.send("membership.updated", membership(paid_until="2026-12-22T14:00:00+02:00"))
    row = await Membership.get(id="m1")
    assert (row.fan_id, row.creator_id, row.tier_id) == ("bob", "ana", "gold")
    assert row.paid_until == datetime(2026, 12, 22, 12, 0, tzinfo=UTC)
    assert row.updated_at == START


@pytest.mark.parametrize(
    "status", ["active", "canceled", "past_due", "paused", "expired", "refunded", "disputed"]
)
async def test_every_status_is_kept(platform: Platform, status: str) -> None:
    await platform.send("membership.updated", membership(status=status))
    assert (await Membership.get(id="m1")).status == status


async def test_no_end_is_kept(platform: Platform) -> None:
    await platform.send("membership.updated", membership(paid_until=None))
    assert (await Membership.get(id="m1")).paid_until is None


@pytest.mark.parametrize("version", [1, 2])
async def test_a_version_that_is_not_higher_changes_nothing(
    platform: Platform, room: Room, version: int
) -> None:
    await platform.send("membership.updated", membership(2))
    await platform.send("membership.updated", membership(version, status="refunded"), "msg_late")
    row = await Membership.get(id="m1")
    assert (row.status, row.version) == (MembershipStatus.ACTIVE, 2)
    assert (await state_of("msg_late"), len(room.marks.fans)) == (InboxState.STALE, 1)


async def test_mentioned_names_only_fill_in_what_is_unknown(platform: Platform) -> None:
    await platform.send("fan.updated", fan(0))
    await platform.send("membership.updated", membership())
    assert (await Fan.get(id="bob")).display_name == "Bob"
    assert (await Creator.get(id="ana")).display_name == "ana"
    await platform.send("creator.updated", creator(0))  # the lowest version is higher than a mention
    await platform.send("membership.updated", membership(2))
    assert (await Creator.get(id="ana")).display_name == "Ana"
    assert (await Tier.get(id="gold")).creator_id == "ana"


async def test_long_names_are_cut_and_odd_locales_left_out(platform: Platform) -> None:
    await platform.send("fan.updated", fan(display_name="B\0" + "o" * 300, locale="x" * 50))
    row = await Fan.get(id="bob")
    assert (row.display_name, row.locale) == ("B" + "o" * 254, None)


DELETIONS: list[tuple[str, Any, Any]] = [
    ("tier", tier, Tier),
    ("fan", fan, Fan),
    ("membership", membership, Membership),
]


@pytest.mark.parametrize(("kind", "data", "model"), DELETIONS)
async def test_a_late_update_brings_nothing_back(
    platform: Platform, kind: str, data: Any, model: Any
) -> None:
    await platform.send(f"{kind}.updated", data(1))
    await platform.send(f"{kind}.deleted", data(2))
    before = await model.all().values()
    await platform.send(f"{kind}.updated", data(3), "msg_late")
    assert await state_of("msg_late") is InboxState.STALE
    assert await model.all().values() == before
    stone = await Tombstone.get(kind=kind)
    assert stone.version == 2


async def test_a_deletion_wins_over_a_higher_version_that_came_before_it(platform: Platform) -> None:
    await platform.send("membership.updated", membership(5))
    await platform.send("membership.deleted", membership(4))
    row = await Membership.get(id="m1")
    assert (row.status, row.version) == (MembershipStatus.EXPIRED, 4)


async def test_a_deleted_fan_loses_access_everywhere(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(id="m1"))
    await platform.send("membership.updated", membership(id="m2"))
    room.marks.fans.clear()
    await platform.send("fan.deleted", fan(2))
    assert {row.status for row in await Membership.all()} == {MembershipStatus.DELETED}
    assert room.marks.fans == [("bob", False)]
    assert (await Fan.get(id="bob")).deleted_at == START
    await platform.send("membership.updated", membership(9, id="m3"), "msg_late")
    assert await state_of("msg_late") is InboxState.STALE
    assert not await Membership.exists(id="m3")


async def test_a_deleted_creator_waits_for_the_operator(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership())
    await platform.send("tier.updated", tier())
    await platform.send("creator.deleted", creator(2), "msg_gone")
    [entry] = await room.inbox.listed(InboxState.PARKED)
    assert entry.reason is not None
    assert "operator's yes" in entry.reason
    assert (room.hub.closed, (await Membership.get(id="m1")).status) == ([], MembershipStatus.ACTIVE)

    again = await room.inbox.replay("msg_gone")  # without the yes it stays where it is
    assert again is not None
    assert again.state is InboxState.PARKED

    done = await room.inbox.replay("msg_gone", confirmed=True)
    assert done is not None
    assert done.state is InboxState.APPLIED
    assert room.hub.closed == ["ana"]
    assert room.marks.fan_outs == [("creator", "ana")]
    ended = await Membership.get(id="m1")
    assert (ended.status, ended.ask_at) == (MembershipStatus.DELETED, None)
    assert (await Tier.get(id="gold")).active is False
    assert (await Creator.get(id="ana")).deleted_at == START


async def test_after_a_deleted_creator_nothing_is_sold_or_opened(platform: Platform, room: Room) -> None:
    await platform.send("creator.deleted", creator(2), "msg_gone")
    await room.inbox.replay("msg_gone", confirmed=True)
    await platform.send("creator.updated", creator(3))
    await platform.send("tier.updated", tier())
    await platform.send("membership.updated", membership())
    assert (await Creator.get(id="ana")).version == 2
    assert (await Tier.get(id="gold")).active is False
    assert (await Membership.get(id="m1")).status is MembershipStatus.DELETED
    await platform.send("creator.deleted", creator(2), "msg_again")
    assert await state_of("msg_again") is InboxState.STALE  # not asked about twice


async def test_work_is_urgent_when_access_opens_or_changes(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(1))
    await platform.send("membership.updated", membership(2, paid_until="2027-01-22T12:00:00Z"))
    await platform.send("membership.updated", membership(3, tier={"id": "silver", "name": "Silver"}))
    await platform.send("membership.updated", membership(4, status="expired"))
    await platform.send("membership.updated", membership(5))
    assert room.marks.fans == [("bob", True), ("bob", False), ("bob", True), ("bob", False), ("bob", True)]


async def test_a_late_payment_is_a_beginning_and_a_renewal_in_time_is_none(
    platform: Platform, room: Room
) -> None:
    await platform.send("membership.updated", membership(1, paid_until=_day(1)))
    room.clock.move(timedelta(days=1, hours=1))
    await platform.send("membership.updated", membership(2, paid_until=_day(2)))
    room.clock.move(timedelta(days=40))
    await platform.send("membership.updated", membership(3, paid_until=_day(60)))
    assert [urgent for _, urgent in room.marks.fans] == [True, False, True]


@pytest.mark.usefixtures("database")
async def test_a_late_renewal_is_no_beginning_where_access_went_on_until_the_platforms_word() -> None:
    room = Room(asks_first=True)
    await room.snapshots.apply_snapshot(membership(1, paid_until=_day(1)))
    room.clock.move(timedelta(days=10))
    await room.snapshots.apply_snapshot(membership(2, paid_until=_day(11)))
    room.clock.move(timedelta(days=10))
    await Membership.filter(id="m1").update(unpaid_at=START + timedelta(days=11, hours=1))
    await room.snapshots.apply_snapshot(membership(3, paid_until=_day(21)))
    assert [urgent for _, urgent in room.marks.fans] == [True, False, False]

    room.clock.move(timedelta(days=10))
    await Membership.filter(id="m1").update(unpaid_at=room.clock())
    await room.snapshots.apply_snapshot(membership(4, paid_until=_day(31)))
    assert [urgent for _, urgent in room.marks.fans][-1] is True


async def test_a_membership_that_changes_hands_marks_both(platform: Platform, room: Room) -> None:
    await platform.send("membership.updated", membership(1))
    room.marks.fans.clear()
    await platform.send("membership.updated", membership(2, fan={"id": "eve", "display_name": "Eve"}))
    assert {fan_id for fan_id, _ in room.marks.fans} == {"bob", "eve"}


async def test_what_a_hand_over_brings_is_applied_before_its_webhook(platform: Platform, room: Room) -> None:
    assert await room.snapshots.apply_snapshot(membership(3)) is None
    await platform.send("membership.updated", membership(3), "msg_late")
    assert await state_of("msg_late") is InboxState.STALE
    problem = await room.snapshots.apply_snapshot(membership(4, status="frozen"))
    assert problem is not None
    assert problem.field == "data.status"
    assert (await Membership.get(id="m1")).version == 3


@pytest.mark.usefixtures("database")
async def test_who_is_handed_over_is_known_unless_deleted(room: Room, platform: Platform) -> None:
    assert await room.snapshots.know_fan("bob", "Bob B.")  # type: ignore[arg-type]  # an id of the test
    assert (await Fan.get(id="bob")).display_name == "Bob B."
    await platform.send("fan.deleted", fan(1))
    assert not await room.snapshots.know_fan("bob", "Bob B.")  # type: ignore[arg-type]  # an id of the test


async def test_without_an_address_for_events_nothing_is_kept_for_it(platform: Platform, room: Room) -> None:
    room.hub.opened_by["gold"] = [CLUB]
    await platform.send("membership.updated", membership())
    room.clock.move(timedelta(hours=1))
    assert (await OutboxEvent.all().count(), await room.outbox.deliver_due()) == (0, 0)
