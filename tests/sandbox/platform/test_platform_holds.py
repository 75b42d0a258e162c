"""A request to the platform can be held still, before it has an effect and after it."""

import asyncio

import pytest
from aiohttp import ClientSession

from bot.sandbox.platform import Platform, PlatformDriver
from bot.sandbox.platform.driver import PlatformError


async def ask(served: Platform, path: str) -> int:
    async with ClientSession() as session, session.get(served.url + path) as answer:
        return answer.status


async def test_the_nth_of_its_kind_is_held_and_goes_on_when_released(
    served: Platform, platform: PlatformDriver
) -> None:
    hold = await platform.hold_request("/api/memberships/", nth=2)
    assert await ask(served, "/api/memberships/m1") == 401
    assert await ask(served, "/api/memberships?cursor=m1") == 401
    asking = asyncio.create_task(ask(served, "/api/memberships/m2"))
    await platform.held(hold)

    assert [each["path"] for each in await platform.asked()] == ["/api/memberships/m1", "/api/memberships"]
    await platform.release(hold)
    assert await asking == 401


@pytest.mark.parametrize(("moment", "effects"), [("before", 0), ("after", 1)])
async def test_who_is_gone_when_it_is_released_had_an_effect_only_if_held_after_it(
    served: Platform, platform: PlatformDriver, moment: str, effects: int
) -> None:
    hold = await platform.hold_request("/api/tiers", moment="after" if moment == "after" else "before")
    asking = asyncio.create_task(ask(served, "/api/tiers"))
    await platform.held(hold)
    asking.cancel()
    await asyncio.wait({asking})
    await platform.release(hold)

    assert await ask(served, "/api/memberships") == 401
    assert [each["path"] for each in await platform.asked()].count("/api/tiers") == effects


async def test_a_request_that_does_not_come_and_a_hold_that_is_not_there_are_said(
    platform: PlatformDriver,
) -> None:
    hold = await platform.hold_request("/events")
    with pytest.raises(TimeoutError, match="nothing was held"):
        await platform.held(hold, timeout_s=0.05)
    with pytest.raises(PlatformError, match="no hold 7"):
        await platform.release(7)
