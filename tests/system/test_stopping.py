"""SIGTERM in the middle of anything: the process ends in time, nothing is lost, and after the next start all is as it should be."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from bot.database import open_database
from bot.sandbox.discord.limits import Allowance
from bot.sandbox.tour import acts
from bot.sandbox.tour.narrator import Narrator
from bot.sandbox.tour.stage import Person, Stage, raise_curtain
from models import Link
from tests.system.story import GIVES
from tests.waiting import until

MEMBER_PUT = "PUT /guilds/{guild_id}/members/{user_id}"
ROLE_PUT = MEMBER_PUT + "/roles/{role_id}"
TOKEN_POST = "POST /oauth2/token"
MANY = 100_000

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def stage(database_url: str) -> AsyncIterator[Stage]:
    """The bot as its own process, and Ana's server set up."""
    async with raise_curtain(Narrator(), database_url=database_url) as stage:
        await stage.bot.start()
        ana = await stage.owner("Ana")
        await acts.open_server(stage, ana, "Ana's Studio", ("Gold", "Silver", "Lounge"))
        await acts.sell(stage, *GIVES)
        await acts.set_up(stage, ana, "VIP rooms", GIVES)
        yield stage


async def stops(stage: Stage) -> None:
    """SIGTERM; what is in Discord's hands meanwhile never comes back."""
    began = time.monotonic()
    assert await stage.bot.stop() == 0, stage.bot.last_words()
    assert time.monotonic() - began < 15
    assert "Traceback" not in stage.bot.last_words()
    await stage.discord.clear_faults()


async def sees(stage: Stage, fan: Person, roles: set[str]) -> None:
    async def so() -> bool:
        member = await stage.discord.member(stage.guild, fan.account)
        return member is not None and set(member["roles"]) == roles

    await until(so, f"{fan.name} inside with {sorted(roles)}")


async def buyer(stage: Stage, name: str) -> tuple[Person, str]:
    fan = await stage.fan(name)
    return fan, await stage.buys(fan, "Gold")


@pytest.mark.parametrize("moment", ["hold_before", "hold_after"])
async def test_while_a_join_is_in_discords_hands(stage: Stage, moment: str) -> None:
    fan, membership = await buyer(stage, "Bea")
    join = await stage.discord.fault(do=moment, route=MEMBER_PUT)
    await acts.connect(stage, fan, membership)
    await stage.discord.held(join)

    await stops(stage)
    await stage.bot.start()

    await sees(stage, fan, {"Gold", "Lounge"})


async def test_while_a_page_waits_for_discord(stage: Stage) -> None:
    fan, membership = await buyer(stage, "Bea")
    exchange = await stage.discord.fault(do="hold_before", route=TOKEN_POST)
    pressing = asyncio.create_task(acts.connect(stage, fan, membership))
    await stage.discord.held(exchange)

    await stops(stage)
    await asyncio.wait({pressing})
    assert pressing.exception() is not None
    await stage.bot.start()
    await acts.connect(stage, fan, membership)

    await sees(stage, fan, {"Gold", "Lounge"})


async def test_while_a_webhook_is_half_received(stage: Stage) -> None:
    fan, membership = await buyer(stage, "Bea")
    await acts.connect(stage, fan, membership)
    await sees(stage, fan, {"Gold", "Lounge"})
    where = urlsplit(stage.bot_url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write(
        b"POST /webhooks/memberships HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000\r\n\r\n" + b'{"type": "membership.updated"'
    )
    await writer.drain()

    await stops(stage)
    assert b" 2" not in (await reader.read()).partition(b"\r\n")[0]  # it will be sent again
    writer.close()
    await stage.platform.refund(membership)
    await stage.bot.start()

    await gone_or_without(stage, fan)


async def test_while_discord_is_silent_and_the_gateway_out_of_reach(stage: Stage) -> None:
    fan, membership = await buyer(stage, "Bea")
    await acts.connect(stage, fan, membership)
    await sees(stage, fan, {"Gold", "Lounge"})
    await stage.discord.hold_gateway()
    await stage.discord.disconnect_gateway()
    silence = await stage.discord.fault(do="hold_before", times=MANY)
    await stage.platform.refund(membership)
    await stage.platform.settled()
    await stage.discord.held(silence)

    await stops(stage)
    await stage.discord.release_gateway()
    await stage.bot.start()

    await gone_or_without(stage, fan)


async def test_while_many_members_are_being_worked(stage: Stage, database_url: str) -> None:
    accounts = await _linked_insiders(stage, database_url, 40)
    assert stage.world is not None
    stage.world.discord.limits.allowances[ROLE_PUT] = Allowance(limit=500, window_s=1)
    await stage.platform.resume_webhooks()

    async def under_way() -> bool:
        return len(await stage.discord.journal(route=ROLE_PUT)) > 20

    await until(under_way, "roles being given")
    await stops(stage)
    assert len(await stage.discord.journal(route=ROLE_PUT)) < 2 * len(accounts)
    await stage.bot.start()

    waiting = set(accounts)

    async def all_have_theirs() -> bool:
        waiting.difference_update(
            [
                each
                for each in waiting
                if await stage.discord.roles_of(stage.guild, each) == {"Gold", "Lounge"}
            ]
        )
        return not waiting

    await until(all_have_theirs, "everybody with their roles", within_s=45, every_s=0.1)


async def _linked_insiders(stage: Stage, database_url: str, count: int) -> list[int]:
    """So many fans, linked and in the server, whose purchases the platform has not told yet; the bot runs again.

    Linked by hand, for one after the other on the pages would take minutes.
    """
    fans = [await stage.platform.create_fan(f"Fan {number}") for number in range(count)]
    accounts = [await stage.discord.create_user(f"fan{number}") for number in range(count)]
    for account in accounts:
        await stage.discord.join(stage.guild, account)
    await stage.platform.settled()
    await stops(stage)
    async with open_database(database_url):
        await Link.bulk_create(
            Link(fan_id=fan, account_id=account, username=fan, linked_at=datetime.now(UTC))
            for fan, account in zip(fans, accounts, strict=True)
        )
    await stage.platform.pause_webhooks()
    for fan in fans:
        await stage.platform.buy(fan, stage.tiers["Gold"])
    await stage.bot.start()
    return accounts


async def gone_or_without(stage: Stage, fan: Person) -> None:
    async def so() -> bool:
        member = await stage.discord.member(stage.guild, fan.account)
        return member is None or not member["roles"]

    await until(so, f"{fan.name} without roles")
