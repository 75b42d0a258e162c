"""What the bot tells the platform is taken once, in order, and only if it is signed."""

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession
from standardwebhooks import Webhook

from bot.sandbox.platform import Platform, PlatformDriver
from bot.sandbox.platform.settings import WEBHOOK_SECRET


async def tell(
    served: Platform, event_id: str, event_type: str = "access.granted", *, age_s: int = 0, **data: Any
) -> int:
    moment = int(time.time()) - age_s
    body = json.dumps({"type": event_type, "timestamp": "2026-07-01T00:00:00Z", "data": data})
    headers = {
        "webhook-id": event_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": _sign(event_id, moment, body),
    }
    async with ClientSession() as session:
        answer = await session.post(served.events_url, data=body, headers=headers)
        return answer.status


def _sign(event_id: str, moment: int, body: str) -> str:
    return Webhook(WEBHOOK_SECRET).sign(event_id, datetime.fromtimestamp(moment, UTC), body)


async def test_events_are_kept_in_order_and_once(served: Platform, platform: PlatformDriver) -> None:
    assert await tell(served, "e1", fan_id="f1") == 202
    assert await tell(served, "e2", "access.revoked", fan_id="f1") == 202
    assert await tell(served, "e1", fan_id="f1") == 200
    assert [each["id"] for each in await platform.events()] == ["e1", "e2"]
    assert [each["status"] for each in await platform.event_attempts()] == [202, 202, 200]


async def test_unsigned_or_stale_ones_are_refused(served: Platform, platform: PlatformDriver) -> None:
    assert await tell(served, "e1", age_s=400) == 401
    async with ClientSession() as session:
        assert (await session.post(served.events_url, data="{}")).status == 401
    assert await platform.events() == []


async def test_failures_can_be_asked_for(served: Platform, platform: PlatformDriver) -> None:
    await platform.refuse_events(2)
    assert [await tell(served, "e1") for _ in range(3)] == [500, 500, 202]


async def test_an_event_can_be_waited_for(served: Platform, platform: PlatformDriver) -> None:
    waiting = asyncio.create_task(platform.wait_event("access.granted", fan_id="f2"))
    await tell(served, "e1", fan_id="f1")
    await tell(served, "e2", fan_id="f2", roles=["Gold"])
    assert (await waiting)["data"] == {"fan_id": "f2", "roles": ["Gold"]}
    with pytest.raises(TimeoutError, match=r"no access\.failed"):
        await platform.wait_event("access.failed", timeout_s=0.05)
