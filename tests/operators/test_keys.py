"""Rotating SECRET_KEYS: everything stored ends under the first one, and a running bot loses nothing."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import system_clock
from bot.database import open_database
from bot.discord.oauth import OAuth, TokenPair
from bot.fans.tokens import Resealed, Tokens
from bot.ids import AccountId
from bot.operations import CannotRotateError, rotate_keys
from models import AccountToken
from tests.operators.conftest import Ground

OLD, NEW = "o" * 32, "n" * 32
BOTH = f"{NEW},{OLD}"


def pair(name: str) -> TokenPair:
    return TokenPair(
        access_token=f"access-{name}",
        refresh_token=f"refresh-{name}",
        expires_at=system_clock() + timedelta(days=7),
        scopes=frozenset({"identify"}),
    )


def tokens(ground: Ground, secret_keys: str) -> Tokens:
    config = ground.config(SECRET_KEYS=secret_keys)
    return Tokens(system_clock, config, OAuth(config, system_clock))


async def test_what_was_written_with_the_old_key_is_read_with_the_new_one_alone(ground: Ground) -> None:
    url = ground.config().database_url
    async with open_database(url):
        for account in (1, 2):
            await tokens(ground, OLD).save(AccountId(account), pair(str(account)))
        await tokens(ground, BOTH).save(AccountId(3), pair("3"))

    ended = await ground.command("keys", "rotate", SECRET_KEYS=BOTH)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("Encrypted anew: 2. With the first key already: 1.")
    again = await rotate_keys(ground.config(SECRET_KEYS=BOTH))
    assert again == Resealed(already=3)

    async with open_database(url):
        room = tokens(ground, NEW)
        read = [await room.fresh(AccountId(account)) for account in (1, 2, 3)]
        assert read == ["access-1", "access-2", "access-3"]
        assert [row.version for row in await AccountToken.all()] == [1, 1, 1]


async def test_what_no_key_opens_is_counted_and_left(ground: Ground) -> None:
    async with open_database(ground.config().database_url):
        await tokens(ground, "x" * 32).save(AccountId(1), pair("1"))
    ended = await ground.command("keys", "rotate", SECRET_KEYS=BOTH)
    assert "1 no key of SECRET_KEYS opens" in ended.out
    async with open_database(ground.config().database_url):
        assert await tokens(ground, "x" * 32).fresh(AccountId(1)) == "access-1"


async def test_a_bot_that_was_started_without_the_new_key_keeps_it_from_happening(ground: Ground) -> None:
    async with ground.bot(SECRET_KEYS=OLD):
        await tokens(ground, OLD).save(AccountId(1), pair("1"))
        ended = await ground.command("keys", "rotate", SECRET_KEYS=BOTH)
        assert ended.status == 1
        assert "Restart the bot with these settings" in ended.err
        assert await tokens(ground, OLD).fresh(AccountId(1)) == "access-1"


async def test_a_bot_that_cannot_be_asked_keeps_it_from_happening(ground: Ground, sqlite_file: Path) -> None:
    url = f"sqlite://{sqlite_file}"
    async with open_database(url, exclusive=True):
        with pytest.raises(CannotRotateError, match="does not answer at OPS_BIND"):
            await rotate_keys(ground.config(SECRET_KEYS=BOTH, DATABASE_URL=url))


async def test_beside_a_bot_that_knows_the_new_key_it_works(ground: Ground) -> None:
    async with ground.bot(SECRET_KEYS=BOTH):
        await tokens(ground, OLD).save(AccountId(1), pair("1"))
        ended = await ground.command("keys", "rotate", SECRET_KEYS=BOTH)
        assert ended.out.startswith("Encrypted anew: 1.")
        assert await tokens(ground, BOTH).fresh(AccountId(1)) == "access-1"


async def test_a_pair_that_is_replaced_meanwhile_is_not_undone(ground: Ground) -> None:
    accounts = [AccountId(account) for account in range(1, 31)]
    async with open_database(ground.config().database_url):
        before, room = tokens(ground, OLD), tokens(ground, BOTH)
        for account in accounts:
            await before.save(account, pair("old"))

        async def renew() -> None:
            for account in accounts:
                await room.save(account, pair("new"))

        async with asyncio.TaskGroup() as group:
            group.create_task(renew())
            for _ in range(3):
                group.create_task(room.reseal())
        read = {await tokens(ground, NEW).fresh(account) for account in accounts}
        assert read == {"access-new"}
