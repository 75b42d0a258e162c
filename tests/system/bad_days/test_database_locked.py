"""The database is locked by somebody else, then free again: what was refused meanwhile is brought again."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest

from models import Guild, GuildRole
from tests.system.story import Story
from tests.waiting import until

BUSY_MS = 100
ADMINISTRATOR = 1 << 3


@pytest.fixture
def database_url(sqlite_file: Path) -> str:
    """One that gives up waiting soon, so that a test need not wait for it either."""
    return f"sqlite://{sqlite_file}?busy_timeout={BUSY_MS}"


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Somebody else writes, and takes long over it."""
    somebody = sqlite3.connect(file, isolation_level=None, timeout=0)
    try:
        await until(partial(_begun, somebody), "the database free for a moment", every_s=0.003)
        yield
        await asyncio.sleep(4 * BUSY_MS / 1000)  # long enough for the bot to have given up more than once
    finally:
        somebody.close()


def _begun(somebody: sqlite3.Connection) -> bool:
    """Without waiting: the bot, which may be writing, is in this very thread."""
    try:
        somebody.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    return True


async def test_a_webhook_that_cannot_be_kept_is_asked_for_again(story: Story, sqlite_file: Path) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Silver")

    async with locked(sqlite_file):
        await story.platform.upgrade(membership, story.tiers["Gold"])
    await story.platform.settled()

    await story.sees_in_time(bea, {"Gold", "Lounge"})
    last = (await story.platform.deliveries())[-1]
    assert [attempt["status"] for attempt in last["attempts"]][-2:] == [503, 202]


async def test_whoever_asks_meanwhile_is_told_so_and_asks_again(story: Story, sqlite_file: Path) -> None:
    await story.given_a_server()
    fan = await story.fan("Bea")
    await story.discord.join(story.guild, fan.account)

    async with locked(sqlite_file):
        answer = await story.discord.command(fan.account, "passes link", guild=story.guild)
        assert "try again" in answer.text

    answer = await story.discord.command(fan.account, "passes link", guild=story.guild)
    assert answer.buttons[0].url


async def test_a_pass_that_could_not_write_is_made_again(story: Story, sqlite_file: Path) -> None:
    await story.given_a_server()
    bea, membership = await story.given_a_fan_inside("Bea", "Silver")
    held = await story.discord.fault(do="hold_after", method="PUT")
    await story.platform.upgrade(membership, story.tiers["Gold"])
    await story.discord.held(held)

    async with locked(sqlite_file):
        await story.discord.release(held)

    await story.sees_in_time(bea, {"Gold", "Lounge"})
    await story.settles(bea)
    await story.platform.refund(membership)
    await story.sees(bea, set())


async def test_what_the_gateway_told_meanwhile_is_known_after_it(story: Story, sqlite_file: Path) -> None:
    ana = await story.given_a_server()

    async with locked(sqlite_file):
        await story.discord.edit_role(story.guild, "Gold", by=ana.account, permissions=ADMINISTRATOR)

    await until(
        partial(GuildRole.exists, name="Gold", permissions=ADMINISTRATOR), "Gold known to be dangerous"
    )


async def test_that_the_bot_was_thrown_out_meanwhile_is_known_after_it(
    story: Story, sqlite_file: Path
) -> None:
    ana = await story.given_a_server()

    async with locked(sqlite_file):
        await story.discord.kick_bot(story.guild, ana.account)

    await until(partial(Guild.exists, id=story.guild, bot_present=False), "the bot known to be gone")
