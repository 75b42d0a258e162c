"""Cloudflare stands before Discord and speaks for it at times: in pages, with none of Discord's headers."""

from datetime import timedelta

import pytest

from bot.discord.client import Client
from bot.discord.members import Members
from bot.discord.outcomes import Applied, RetryAfter
from bot.sandbox.discord.driver import Driver
from tests.discord.conftest import Place

ROLE_PUT = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"


@pytest.fixture
def members(client: Client) -> Members:
    return Members(client)


@pytest.mark.parametrize("page", ["html", "plain"])
async def test_its_ban_is_kept_to(members: Members, driver: Driver, place: Place, page: str) -> None:
    await driver.fault(do="cloudflare", status=429, page=page, route=ROLE_PUT, retry_after_s=120)

    told = await members.give_role(place.bob_there, place.gold_id, reason="x")

    assert isinstance(told, RetryAfter)
    assert told.after > timedelta(seconds=60)


@pytest.mark.parametrize("status", [502, 520])
async def test_its_page_of_a_failure_is_tried_again(
    members: Members, driver: Driver, place: Place, status: int
) -> None:
    await driver.fault(do="cloudflare", status=status, route=ROLE_PUT, times=2)

    assert await members.give_role(place.bob_there, place.gold_id, reason="x") == Applied()
