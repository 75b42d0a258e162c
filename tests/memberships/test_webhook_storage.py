"""A database that cannot take an event now, and a crash at each step: nothing is half-done, nothing is lost."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from tortoise.context import require_context
from tortoise.exceptions import OperationalError

from bot.database import open_database
from bot.ids import TierId
from bot.integrations.openings import Opening
from bot.memberships.inbox import Inbox
from models import InboxEvent, Membership
from models.memberships import InboxState
from tests.memberships.data import fan, membership
from tests.memberships.room import Hub, Room
from tests.memberships.wire import Answer, Platform, platform_at
from tests.postgres import Postgres


@pytest.fixture
async def impatient(sqlite_file: Path) -> AsyncIterator[Path]:
    """A SQLite file that does not wait for others."""
    async with open_database(f"sqlite://{sqlite_file}?busy_timeout=20"):
        yield sqlite_file


def says_later(answer: Answer) -> bool:
    return answer.status == 503 and int(answer.headers["Retry-After"]) > 0 and bool(answer.problem)


async def test_locked(impatient: Path) -> None:
    room = Room()
    async with platform_at(room.inbox, room.clock) as platform:
        with closing(sqlite3.connect(impatient, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert says_later(await platform.send("membership.updated", membership(), "msg_a"))
            other.execute("ROLLBACK")
        assert await InboxEvent.all().count() == 0
        assert (await platform.send("membership.updated", membership(), "msg_a")).status == 202
    assert await Membership.exists(id="m1")


@pytest.mark.usefixtures("impatient")
async def test_full() -> None:
    room = Room()
    connection = require_context().db()
    await connection.execute_query("PRAGMA max_page_count=1")  # SQLite takes what is in use as the least
    large = fan(display_name="B" * 60_000)
    async with platform_at(room.inbox, room.clock) as platform:
        assert says_later(await platform.send("fan.updated", large, "msg_a"))
        assert await InboxEvent.all().count() == 0
        await connection.execute_query("PRAGMA max_page_count=100000")
        assert (await platform.send("fan.updated", large, "msg_a")).status == 202


async def test_closed(database_url: str) -> None:
    room = Room()
    async with platform_at(room.inbox, room.clock) as platform:
        async with open_database(database_url):
            pass
        assert says_later(await platform.send("membership.updated", membership(), "msg_a"))


async def test_a_server_that_is_away_for_a_while(postgres_url: str, postgres: Postgres) -> None:
    room = Room()
    async with open_database(postgres_url), platform_at(room.inbox, room.clock) as platform:
        await asyncio.to_thread(postgres.close, postgres_url)
        assert says_later(await platform.send("membership.updated", membership(), "msg_a"))
        await asyncio.to_thread(postgres.reopen, postgres_url)
        assert (await platform.send("membership.updated", membership(), "msg_a")).status == 202
        assert await Membership.exists(id="m1")


async def test_stored_but_not_applied_waits_and_is_applied_in_order(platform: Platform, room: Room) -> None:
    room.marks.error = OperationalError("database is locked")
    first = await platform.send("membership.updated", membership(1), "msg_a")
    second = await platform.send("membership.updated", membership(2, status="canceled"), "msg_b")
    assert [first.status, second.status] == [202, 202]  # durable is what was promised
    assert not await Membership.exists(id="m1")
    assert await room.inbox.apply_pending() == 0  # still no room in the database: it goes on later
    room.marks.error = None
    assert await room.inbox.apply_pending() == 2
    assert (await Membership.get(id="m1")).version == 2
    assert await InboxEvent.filter(state=InboxState.APPLIED).count() == 2
    assert await room.inbox.apply_pending() == 0


class Stuck(Hub):
    """Integrations that never answer, so that the process can be stopped between storing and applying."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def of_tier(self, tier_id: TierId) -> Sequence[Opening]:
        self.reached.set()
        await asyncio.Event().wait()
        return await super().of_tier(tier_id)


@pytest.mark.usefixtures("database")
async def test_a_crash_between_storing_and_applying() -> None:
    stuck = Stuck()
    doomed = Room(hub=stuck)
    async with platform_at(doomed.inbox, doomed.clock) as platform:
        headers, body = signed(platform)
        receiving = asyncio.create_task(doomed.inbox.receive(headers, body))
        async with asyncio.timeout(5):
            await stuck.reached.wait()
        receiving.cancel()
        await asyncio.wait([receiving])
    assert (await InboxEvent.get(webhook_id="msg_a")).state is InboxState.RECEIVED
    assert not await Membership.exists(id="m1")

    restarted = Room()
    async with platform_at(restarted.inbox, restarted.clock) as platform:
        headers, body = signed(platform)
        assert (await platform.post(body, headers)).status == 200  # the platform saw no answer and repeats
    assert await restarted.inbox.apply_pending() == 1
    assert (await Membership.get(id="m1")).version == 1
    assert restarted.marks.fans == [("bob", True)]


def signed(platform: Platform) -> tuple[dict[str, str], bytes]:
    body = platform.body("membership.updated", membership())
    return platform.headers(body, "msg_a"), body


async def test_what_only_a_mistake_of_ours_stops_is_parked_and_stops_nobody_else(
    platform: Platform, room: Room
) -> None:
    room.marks.error = ZeroDivisionError()
    assert (await platform.send("membership.updated", membership(), "msg_a")).status == 202
    [entry] = await room.inbox.listed(InboxState.PARKED)
    assert entry.reason == "applying it failed: ZeroDivisionError"
    assert not await Membership.exists(id="m1")
    room.marks.error = None
    assert await applied_on_replay(room.inbox, "msg_a")


async def applied_on_replay(inbox: Inbox, webhook_id: str) -> bool:
    entry = await inbox.replay(webhook_id)
    return entry is not None and entry.state is InboxState.APPLIED
