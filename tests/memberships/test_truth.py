"""What comes of asking the platform: an answer, an unknown membership, or silence, and nothing ever raised."""

import json
from datetime import timedelta

import pytest
from aiohttp import web

from bot.ids import CreatorId, MembershipId
from bot.memberships.contract import MembershipSnapshot
from bot.memberships.truth import LARGEST, Page, Silent, Truth, Unknown
from tests.memberships.asking import World
from tests.memberships.data import membership
from tests.memberships.wire import served

QUICK = timedelta(seconds=2)


async def test_a_membership_is_answered_as_it_is_now(world: World) -> None:
    bought = await world.sells()
    assert world.asking.truth
    answer = await world.asking.truth.membership(MembershipId(bought))
    assert isinstance(answer, MembershipSnapshot)
    assert (answer.id, answer.status, answer.tier.id) == (bought, "active", world.tier)


async def test_an_unknown_membership_is_unknown_and_nothing_else(world: World) -> None:
    assert world.asking.truth
    assert await world.asking.truth.membership(MembershipId("nobody.s")) == Unknown()


@pytest.mark.parametrize("mood", ["hang", "unavailable", "garbage", "refused"])
async def test_every_other_answer_is_silence(world: World, mood: str) -> None:
    bought = await world.sells()
    await world.platform.api_mood(mood)
    truth = world.asking.truth
    assert truth
    assert isinstance(await truth.membership(MembershipId(bought)), Silent)
    assert isinstance(await truth.memberships(since=None, cursor=None), Silent)
    assert isinstance(await truth.tiers(CreatorId(world.creator), cursor=None), Silent)


async def test_pages_follow_one_another_to_the_end(world: World) -> None:
    await world.platform.configure(page_size=2)
    bought = [await world.sells() for _ in range(5)]
    found, cursor = [], None
    while True:
        assert world.asking.truth
        page = await world.asking.truth.memberships(since=None, cursor=cursor)
        assert isinstance(page, Page)
        found.append([snapshot.id for snapshot in page.snapshots])
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [bought[:2], bought[2:4], bought[4:]]


async def test_after_closing_every_answer_is_silence(world: World) -> None:
    assert world.asking.truth
    await world.asking.close()
    assert await world.asking.truth.membership(MembershipId("m1")) == Silent(why="closed")


def _page(*data: object, **more: object) -> str:
    return json.dumps({"data": list(data), "next_cursor": None} | more)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"data": []}),
        json.dumps([membership()]),
        _page("a string"),
        _page(next_cursor=7),
        _page(next_cursor=""),
        _page(next_cursor="here"),
        _page(*[membership(id=f"m{n}") for n in range(501)]),
        "x" * (LARGEST + 1),
        "[" * 100_000,
    ],
    ids=[
        "no cursor",
        "a list",
        "no snapshots",
        "a number",
        "empty",
        "the same",
        "501",
        "too long",
        "too deep",
    ],
)
async def test_what_is_no_page_is_silence(body: str) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type="application/json")

    async with served([web.get("/memberships", answer)]) as home:
        truth = Truth(url=str(home), token="token", timeout=QUICK)
        assert isinstance(await truth.memberships(since=None, cursor="here"), Silent)
        await truth.close()


async def test_one_odd_snapshot_does_not_hide_the_others() -> None:
    odd = membership(id="m2", status="lapsed")

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=_page(membership(), odd), content_type="application/json")

    async with served([web.get("/memberships", answer)]) as home:
        truth = Truth(url=str(home), token="token", timeout=QUICK)
        page = await truth.memberships(since=None, cursor=None)
        await truth.close()
    assert isinstance(page, Page)
    assert [snapshot.id for snapshot in page.snapshots] == ["m1"]
    assert [problem.field for problem in page.unreadable] == ["data.status"]
    assert "m2" in str(page.unreadable[0])


async def test_half_a_character_hides_nobody() -> None:
    half = "Ana \ud83c"
    odd = membership(id="m2", creator={"id": "ana", "display_name": half}, tier={"id": "gold", "name": half})

    async def page(_: web.Request) -> web.Response:
        return web.Response(text=_page(membership(), odd), content_type="application/json")

    async def one(_: web.Request) -> web.Response:
        return web.json_response(odd)

    async with served([web.get("/memberships", page), web.get("/memberships/m2", one)]) as home:
        truth = Truth(url=str(home), token="token", timeout=QUICK)
        listed = await truth.memberships(since=None, cursor=None)
        asked = await truth.membership(MembershipId("m2"))
        await truth.close()
    assert isinstance(listed, Page)
    assert [snapshot.id for snapshot in listed.snapshots] == ["m1", "m2"]
    assert isinstance(asked, MembershipSnapshot)
    assert asked.tier.name == "Ana \ufffd"


@pytest.mark.parametrize(
    "data", [membership(id="m2"), membership(paid_until="9999-01-01T00:00:00Z"), {}, [], "gone"]
)
async def test_what_is_not_the_membership_asked_for_is_silence(data: object) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(data)

    async with served([web.get("/memberships/m1", answer)]) as home:
        truth = Truth(url=str(home), token="token", timeout=QUICK)
        assert isinstance(await truth.membership(MembershipId("m1")), Silent)
        await truth.close()


async def test_the_token_is_not_carried_where_an_answer_points() -> None:
    seen: list[str | None] = []

    async def away(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization"))
        return web.json_response(membership())

    async with served([web.get("/memberships/m1", away)]) as elsewhere:

        async def point(_: web.Request) -> web.Response:
            raise web.HTTPTemporaryRedirect(elsewhere / "memberships/m1")

        async with served([web.get("/memberships/m1", point)]) as home:
            truth = Truth(url=str(home), token="token", timeout=QUICK)
            assert isinstance(await truth.membership(MembershipId("m1")), Silent)
            await truth.close()
    assert seen == []
