"""The platform asked for the truth: whole, in pages, only with the token, and in its bad moods."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.sandbox.platform import Platform, PlatformDriver
from bot.sandbox.platform.settings import API_TOKEN
from tests.sandbox.platform.standin import Shop


@pytest.fixture
async def asking(served: Platform) -> AsyncIterator[ClientSession]:
    headers = {"Authorization": f"Bearer {API_TOKEN}"}
    async with ClientSession(served.api_url + "/", headers=headers) as session:
        yield session


async def ask(asking: ClientSession, path: str, **query: str) -> tuple[int, Any]:
    async with asking.get(path, params=query) as answer:
        return answer.status, await answer.json()


async def test_a_membership_is_answered_as_it_is_now(
    platform: PlatformDriver, shop: Shop, asking: ClientSession
) -> None:
    bought = await platform.buy(shop.fan, shop.gold)
    canceled = await platform.cancel(bought)
    assert await ask(asking, f"memberships/{bought}") == (200, canceled)
    assert (await ask(asking, "memberships/nobody"))[0] == 404
    await platform.hide_membership(bought)
    assert (await ask(asking, f"memberships/{bought}"))[0] == 404
    assert (await ask(asking, "memberships"))[1] == {"data": [], "next_cursor": None}
    await platform.hide_membership(bought, hidden=False)
    assert (await ask(asking, f"memberships/{bought}"))[0] == 200


async def test_pages_hold_everybody_once(platform: PlatformDriver, shop: Shop, asking: ClientSession) -> None:
    bought = [await platform.buy(shop.fan, shop.gold) for _ in range(5)]
    await platform.configure(page_size=2)
    seen: list[str] = []
    sizes: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        _, page = await ask(asking, "memberships", **cursor)
        seen += [each["id"] for each in page["data"]]
        sizes.append(len(page["data"]))
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
        await platform.upgrade(bought[0], shop.gold)
    assert (seen, sizes) == (bought, [2, 2, 1])


async def test_since_a_moment_only_what_changed_since(
    platform: PlatformDriver, shop: Shop, asking: ClientSession
) -> None:
    old, new = await platform.buy(shop.fan, shop.gold), await platform.buy(shop.fan, shop.gold)
    await platform.expire(old)
    moment = (await platform.membership(old))["updated_at"]
    _, page = await ask(asking, "memberships", updated_since=moment)
    assert old in [each["id"] for each in page["data"]]
    _, page = await ask(asking, "memberships", updated_since="2199-01-01T00:00:00Z")
    assert page["data"] == []
    assert (await ask(asking, "memberships", updated_since="yesterday"))[0] == 400
    assert (await ask(asking, "memberships", cursor="nowhere"))[0] == 400
    assert new in [each["id"] for each in (await ask(asking, "memberships"))[1]["data"]]


async def test_tiers_of_one_creator(platform: PlatformDriver, shop: Shop, asking: ClientSession) -> None:
    price = {"amount": 500, "currency": "EUR", "interval": "month"}
    silver = await platform.create_tier(shop.creator, "Silver", price=price)
    await platform.create_tier(await platform.create_creator("Zoe"), "Other")
    _, page = await ask(asking, "tiers", creator_id=shop.creator)
    assert [each["id"] for each in page["data"]] == [shop.gold, silver]
    assert page["data"][1] == {
        "id": silver,
        "version": 1,
        "creator_id": shop.creator,
        "name": "Silver",
        "price": price,
        "active": True,
    }


async def test_without_the_token_nothing_is_said(served: Platform) -> None:
    async with ClientSession() as session, session.get(f"{served.api_url}/tiers") as answer:
        assert answer.status == 401


@pytest.mark.parametrize(
    ("mood", "status"), [("unavailable", 503), ("unknown", 404), ("refused", 401), ("garbage", 200)]
)
async def test_in_a_bad_mood(platform: PlatformDriver, asking: ClientSession, mood: str, status: int) -> None:
    await platform.api_mood(mood)
    async with asking.get("memberships") as answer:
        assert answer.status == status
        assert (answer.content_type == "text/html") == (mood == "garbage")


async def test_silence_lasts_until_it_is_lifted(platform: PlatformDriver, asking: ClientSession) -> None:
    await platform.silence_api()
    question = asyncio.create_task(ask(asking, "memberships"))
    done, _ = await asyncio.wait({question}, timeout=0.1)
    assert not done
    await platform.restore_api()
    assert (await question)[0] == 200
    assert [each["mood"] for each in await platform.asked()] == ["hang"]
