"""Those who write take turns: what a transaction read is still so when it writes, on both kinds of database."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tortoise.exceptions import OperationalError
from tortoise.expressions import F

from bot.database import open_database, transaction
from models import Creator
from tests.postgres import Postgres

PATIENCE_S = 20


@pytest.fixture
async def counter(database: str) -> None:
    assert database
    await Creator.create(id="counter", display_name="counter", version=0)


@pytest.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[str]:
    async with open_database(postgres_url):
        yield postgres_url


async def counted() -> int:
    return int((await Creator.get(id="counter")).version)


async def add(number: int) -> int:
    return await Creator.filter(id="counter").update(version=F("version") + number)


@pytest.mark.usefixtures("counter")
async def test_who_reads_decides_and_writes_loses_nothing() -> None:
    async def one_more() -> None:
        async with transaction():
            seen = await counted()
            await asyncio.sleep(0)
            await Creator.filter(id="counter").update(version=seen + 1)

    async with asyncio.timeout(PATIENCE_S):
        await asyncio.gather(*(one_more() for _ in range(30)))
    assert await counted() == 30


@pytest.mark.usefixtures("counter")
async def test_a_single_statement_waits_for_its_turn_too() -> None:
    read, others_are_here = asyncio.Event(), asyncio.Event()

    async def ten_times_what_it_saw() -> None:
        async with transaction():
            seen = await counted()
            read.set()
            await others_are_here.wait()
            await Creator.filter(id="counter").update(version=seen + 10)

    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks:
        tasks.create_task(ten_times_what_it_saw())
        await read.wait()
        adding = tasks.create_task(add(1))
        await asyncio.sleep(0.05)
        assert not adding.done()
        others_are_here.set()
    assert await counted() == 11


@pytest.mark.usefixtures("counter")
async def test_a_row_that_is_not_there_yet_is_made_once() -> None:
    async def make() -> bool:
        async with transaction():
            if await Creator.exists(id="ana"):
                return False
            await Creator.create(id="ana", display_name="Ana")
            return True

    assert sorted(await asyncio.gather(*(make() for _ in range(6)))) == [False] * 5 + [True]


async def test_readers_of_postgresql_wait_for_no_writer(on_postgres: str) -> None:
    assert on_postgres
    await Creator.create(id="counter", display_name="counter", version=0)
    async with asyncio.timeout(PATIENCE_S), asyncio.TaskGroup() as tasks, transaction():
        await add(1)
        waiting = [tasks.create_task(add(1)) for _ in range(10)]  # more than the pool has connections
        await asyncio.sleep(0.05)
        assert await asyncio.create_task(counted()) == 0
        assert not any(task.done() for task in waiting)
    assert await counted() == 11


async def test_a_lost_server_is_one_kind_of_error_and_comes_back(
    on_postgres: str, postgres: Postgres
) -> None:
    await Creator.create(id="counter", display_name="counter", version=0)
    await asyncio.to_thread(postgres.close, on_postgres)
    for doing in (counted, lambda: add(1)):
        with pytest.raises(OperationalError):
            await doing()
    with pytest.raises(OperationalError):
        async with transaction():
            await add(1)
    await asyncio.to_thread(postgres.reopen, on_postgres)
    assert await add(1) == 1
    assert await counted() == 1


async def test_a_transaction_whose_connection_is_lost_did_nothing(
    on_postgres: str, postgres: Postgres
) -> None:
    with pytest.raises(OperationalError):
        async with transaction():
            await Creator.create(id="ana", display_name="Ana")
            await asyncio.to_thread(postgres.close, on_postgres)
    await asyncio.to_thread(postgres.reopen, on_postgres)
    assert not await Creator.exists(id="ana")
