"""Parked webhooks: seen, understood, and tried again from the command line."""

import json

from bot.clock import system_clock
from bot.database import open_database
from models import Creator, Fan, InboxEvent
from tests.operators.conftest import Ground


async def parked(webhook_id: str, kind: str, data: object, reason: str) -> None:
    now = system_clock()
    body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data})
    await InboxEvent.create(
        webhook_id=webhook_id,
        type=kind,
        body=body,
        received_at=now,
        state="parked",
        reason=reason,
        settled_at=now,
    )


async def test_what_is_parked_is_listed_with_its_reason(ground: Ground) -> None:
    async with open_database(ground.config().database_url):
        await parked("msg_1", "fan.updated", {}, "id: is missing")
    ended = await ground.command("inbox", "list")
    first, count = ended.out.splitlines()
    assert first.endswith("msg_1  fan.updated  id: is missing")
    assert count == "1 is parked."
    assert (await ground.command("inbox", "list", "--state", "ignored")).out == "0 are ignored.\n"


async def test_of_many_the_newest_are_listed_in_order(ground: Ground) -> None:
    async with open_database(ground.config().database_url):
        for number in range(4):
            await parked(f"msg_{number}", "fan.updated", {}, "odd")
    lines = (await ground.command("inbox", "list", "--newest", "2")).out.splitlines()
    assert [line.split()[3] for line in lines[:2]] == ["msg_2", "msg_3"]


async def test_replaying_applies_what_applies_by_now_beside_the_bot(ground: Ground) -> None:
    async with open_database(ground.config().database_url, exclusive=True):
        await parked("msg_1", "fan.updated", {"id": "ben", "version": 1, "display_name": "Ben"}, "odd")
        ended = await ground.command("inbox", "replay", "msg_1")
        assert (ended.status, ended.out, ended.err) == (0, "It is applied\n", "")
        assert await Fan.filter(id="ben").exists()
        again = await ground.command("inbox", "replay", "msg_1")
        assert (again.status, again.out) == (0, "It is applied\n")


async def test_what_still_does_not_fit_stays_parked(ground: Ground) -> None:
    async with open_database(ground.config().database_url):
        await parked("msg_1", "fan.updated", {"version": 1}, "odd")
    ended = await ground.command("inbox", "replay", "msg_1")
    assert ended.status == 1
    assert ended.out.startswith("It is parked: ")
    assert ended.err == "Ask the platform to send it right; see docs/platform.md.\n"


async def test_deleting_a_creator_takes_a_yes(ground: Ground) -> None:
    url = ground.config().database_url
    async with open_database(url):
        await Creator.create(id="ana", display_name="Ana", version=1)
        await parked("msg_1", "creator.deleted", {"id": "ana", "version": 2, "display_name": "Ana"}, "yes?")
    unconfirmed = await ground.command("inbox", "replay", "msg_1")
    assert unconfirmed.status == 1
    assert "--confirm" in unconfirmed.err
    assert (await ground.command("inbox", "replay", "msg_1", "--confirm")).out == "It is applied\n"
    async with open_database(url):
        assert (await Creator.get(id="ana")).deleted_at is not None


async def test_an_unknown_id_is_said(ground: Ground) -> None:
    ended = await ground.command("inbox", "replay", "nothing")
    assert ended.status == 1
    assert "no webhook of this id" in ended.err
