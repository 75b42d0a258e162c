"""By property: any order and any repetition of a set of events ends in the same rows."""

import asyncio
import json
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.database import open_database
from models import Creator, Fan, InboxEvent, Membership, Tier, Tombstone
from models.memberships import InboxState
from tests.memberships.data import creator, fan, membership, tier
from tests.memberships.room import Room
from tests.memberships.wire import signature

type Event = tuple[str, dict[str, Any]]

CONTENT = {"creator": creator, "fan": fan, "tier": tier, "membership": membership}
IDS = {"creator": ["ana", "amy"], "fan": ["bob", "ben"], "tier": ["gold", "iron"], "membership": ["m1", "m2"]}
STATUSES = ["active", "canceled", "past_due", "paused", "expired", "refunded", "disputed"]


def event(kind: str, which: int, version: int, *, deleted: bool) -> Event:
    """What an object of this version says follows from its id and version, as on a platform that is right."""
    data = CONTENT[kind](version, id=IDS[kind][which])
    if kind == "tier":
        data |= {"creator_id": IDS["creator"][which], "name": f"Tier {version}"}
    elif kind == "membership":
        data |= {
            "fan": {"id": IDS["fan"][which], "display_name": f"fan {which}"},
            "creator": {"id": IDS["creator"][which], "display_name": f"creator {which}"},
            "tier": {"id": IDS["tier"][which], "name": f"tier {which}"},
            "status": STATUSES[version % len(STATUSES)],
        }
    else:
        data |= {"display_name": f"{kind} at {version}"}
    return f"{kind}.{'deleted' if deleted else 'updated'}", data


EVENTS = st.lists(
    st.builds(
        event,
        st.sampled_from(sorted(CONTENT)),
        st.integers(0, 1),
        st.integers(0, 4),
        deleted=st.sampled_from([False, False, False, True]),
    ),
    max_size=12,
)
KEPT = (Creator, Tier, Fan, Membership, Tombstone)


async def rows_after(events: list[Event]) -> dict[str, list[Mapping[str, Any]]]:
    for model in (*KEPT, InboxEvent):
        await model.all().delete()
    room = Room()
    for number, (event_type, data) in enumerate(events):
        webhook_id = f"msg_{number}"
        envelope = {"type": event_type, "timestamp": "2026-11-22T12:00:00Z", "data": data}
        body, moment = json.dumps(envelope).encode(), str(int(room.clock().timestamp()))
        receipt = await room.inbox.receive(
            {
                "webhook-id": webhook_id,
                "webhook-timestamp": moment,
                "webhook-signature": signature(webhook_id, moment, body),
            },
            body,
        )
        assert receipt.status == 202
        if (await InboxEvent.get(webhook_id=webhook_id)).state is InboxState.PARKED:
            await room.inbox.replay(webhook_id, confirmed=True)
        room.clock.move(timedelta(milliseconds=1))
    await room.erasure.erase_due()
    return {model.__name__: await contents(model) for model in KEPT}


async def contents(model: Any) -> list[Mapping[str, Any]]:
    """Rows without what only says when, or in which order, they were written."""
    rows = [
        {name: value for name, value in row.items() if name not in {"at", "deleted_at"}}
        | ({"id": None} if model is Tombstone else {})
        for row in await model.all().values()
    ]
    return sorted(rows, key=str)


@settings(max_examples=40, deadline=None)
@given(events=EVENTS, seed=st.integers(0, 2**16), repeated=st.lists(st.integers(0, 11), max_size=4))
def check(runner: asyncio.Runner, events: list[Event], seed: int, repeated: list[int]) -> None:
    again = events + [events[index % len(events)] for index in repeated if events]
    random.Random(seed).shuffle(again)  # noqa: S311 - an order, not a secret
    one, other = runner.run(rows_after(events)), runner.run(rows_after(again))
    assert one == other


def test_any_order_and_repetition_ends_in_the_same_rows(database_url: str) -> None:
    with asyncio.Runner() as runner:
        opened = open_database(database_url)
        runner.run(opened.__aenter__())
        try:
            check(runner)
        finally:
            runner.run(opened.__aexit__(None, None, None))
