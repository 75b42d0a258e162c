"""What came of one request: waited for, repeated where that is safe, ended within a time, and not grumbled about."""

import asyncio
import logging
import sys
import time
from datetime import timedelta

import aiohttp
import nextcord
import pytest
from nextcord.http import Route
from structlog.testing import capture_logs

from bot.config import Config
from bot.discord.client import Client
from bot.discord.members import Members
from bot.discord.observed import ABSENT
from bot.discord.outcomes import Applied, RetryAfter
from bot.sandbox.discord.driver import Driver
from tests.discord.conftest import Place
from tests.discord.wire import connected

ROLE_PUT = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"
OPEN_DM = "POST /users/@me/channels"
BUILDS = """
import asyncio, logging
from bot.config import load
from bot.discord.client import build_client

async def build():
    build_client(load({
        "DISCORD_TOKEN": "t",
        "DISCORD_CLIENT_ID": "1",
        "DISCORD_CLIENT_SECRET": "s",
        "PUBLIC_URL": "http://127.0.0.1",
        "SECRET_KEYS": "k" * 32,
        "WEBHOOK_SECRETS": "whsec_" + "A" * 32,
        "LAUNCH_SECRET": "l" * 32,
    }))

logging.basicConfig()
asyncio.run(build())
"""


@pytest.fixture
def members(client: Client) -> Members:
    return Members(client)


async def statuses(driver: Driver, route: str = ROLE_PUT) -> list[int]:
    return [entry["status"] for entry in await driver.journal(route=route)]


@pytest.mark.parametrize("scope", ["user", "global", "shared"])
async def test_a_429_is_waited_for_as_long_as_it_says_and_never_ends_the_call(
    members: Members, driver: Driver, place: Place, scope: str
) -> None:
    await driver.fault(do="status", route=ROLE_PUT, status=429, scope=scope, retry_after_s=0.2, times=7)
    began = time.monotonic()

    with capture_logs() as logs:
        assert await members.give_role(place.bob_there, place.gold_id, reason="x") == Applied()

    assert time.monotonic() - began >= 7 * 0.2
    assert await statuses(driver) == [429] * 7 + [204]
    assert [entry["scope"] for entry in logs if entry["event"] == "rate_limited"] == [scope] * 7


async def test_a_shared_429_is_not_ours(
    client: Client, members: Members, driver: Driver, place: Place
) -> None:
    await driver.fault(do="status", route=ROLE_PUT, status=429, scope="shared", retry_after_s=0.1)
    await members.give_role(place.bob_there, place.gold_id, reason="x")
    assert client.invalid_requests == 0

    await driver.fault(do="status", route=ROLE_PUT, status=429, scope="user", retry_after_s=0.1)
    await members.give_role(place.bob_there, place.gold_id, reason="x")
    assert client.invalid_requests == 1


@pytest.mark.parametrize("scope", ["shared", "global"])
async def test_a_long_wait_is_told_and_nobody_asks_meanwhile(
    members: Members, driver: Driver, place: Place, scope: str
) -> None:
    await driver.fault(do="status", route=ROLE_PUT, status=429, scope=scope, retry_after_s=120)

    for _ in range(3):
        told = await members.give_role(place.bob_there, place.gold_id, reason="x")
        assert isinstance(told, RetryAfter)
        assert timedelta(seconds=110) < told.after <= timedelta(seconds=121)

    assert await statuses(driver) == [429]


@pytest.mark.parametrize("status", [408, 500, 501, 502, 503, 504])
async def test_a_failure_of_discords_is_tried_again(
    members: Members, driver: Driver, place: Place, status: int
) -> None:
    await driver.fault(do="status", route=ROLE_PUT, status=status, times=2)

    assert await members.give_role(place.bob_there, place.gold_id, reason="x") == Applied()


@pytest.mark.parametrize("when", ["reset_before", "drop_after"])
async def test_a_cut_is_tried_again(members: Members, driver: Driver, place: Place, when: str) -> None:
    await driver.fault(do=when, route=ROLE_PUT, times=4)  # aiohttp repeats each once by itself

    assert await members.give_role(place.bob_there, place.gold_id, reason="x") == Applied()


async def test_silence_ends_and_is_tried_again(config: Config, driver: Driver, place: Place) -> None:
    async with connected(config, timeout=aiohttp.ClientTimeout(total=0.5)) as client:
        await driver.fault(do="hold_before", route=ROLE_PUT)

        assert await Members(client).give_role(place.bob_there, place.gold_id, reason="x") == Applied()


async def test_a_call_without_a_time_of_its_own_ends(client: Client) -> None:
    assert client.http.timeout.total is not None
    assert client.http.timeout.total <= 10


async def test_what_may_not_be_done_twice_is_asked_once(client: Client, driver: Driver, place: Place) -> None:
    await driver.fault(do="status", route=OPEN_DM, status=503, times=9)

    with pytest.raises(nextcord.DiscordServerError):
        await client.http.request(Route("POST", "/users/@me/channels"), json={"recipient_id": str(place.bob)})

    assert await statuses(driver, OPEN_DM) == [503]


async def test_an_ordinary_answer_is_no_warning(
    config: Config, driver: Driver, place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    stranger = place.member(await driver.create_user("eve"))

    with caplog.at_level(logging.WARNING, "nextcord"):
        async with connected(config) as client:
            assert await Members(client).observe(stranger, urgent=True) == ABSENT
            await Members(client).give_role(place.bob_there, place.staff_id, reason="x")

    assert [record.message for record in caplog.records if record.name.startswith("nextcord")] == []


async def test_operators_are_not_told_of_voices() -> None:
    """In a process of its own: nextcord says it once in each."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", BUILDS), stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert (process.returncode, said.decode()) == (0, "")
