"""All or nothing, whoever is cancelled and whatever was started inside."""

import asyncio
import contextvars
import sys
from asyncio.subprocess import PIPE
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.database import transaction
from models import Creator

pytestmark = pytest.mark.usefixtures("database")


async def a_creator(name: str) -> None:
    await Creator.create(id=name, display_name=name)


async def creators() -> set[str]:
    return set(await Creator.all().values_list("id", flat=True))  # type: ignore[arg-type]  # tortoise says Any


async def a_healthy_database() -> None:
    async with asyncio.timeout(5):
        async with transaction():
            await a_creator("healthy")
        await Creator.filter(id="healthy").delete()


async def test_commits_at_the_end() -> None:
    async with transaction():
        await a_creator("ana")
        await a_creator("ben")
    assert await creators() == {"ana", "ben"}


async def test_rolls_back_on_an_exception() -> None:
    with pytest.raises(RuntimeError):
        async with transaction():
            await a_creator("ana")
            raise RuntimeError
    assert await creators() == set()


async def test_an_inner_one_joins_the_outer() -> None:
    with pytest.raises(RuntimeError):
        async with transaction():
            async with transaction():
                await a_creator("ana")
            raise RuntimeError
    assert await creators() == set()
    await a_healthy_database()


async def test_models_that_open_their_own_transaction_join_too() -> None:
    with pytest.raises(RuntimeError):
        async with transaction():
            await Creator.get_or_create(id="ana", defaults={"display_name": "Ana"})
            await Creator.bulk_create([Creator(id="ben", display_name="Ben")])
            raise RuntimeError
    assert await creators() == set()


async def write_two() -> None:
    async with transaction():
        await a_creator("ana")
        await a_creator("ben")


async def write_many() -> None:
    await Creator.bulk_create([Creator(id=str(n), display_name="x") for n in range(50)], batch_size=10)


@pytest.mark.parametrize("work", [write_two, write_many])
async def test_cancelled_at_any_moment_leaves_a_healthy_database(work: Callable[[], Awaitable[None]]) -> None:
    for ticks in range(60):
        task = asyncio.ensure_future(work())
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        await a_healthy_database()
        if work is write_two:
            assert await creators() in (set(), {"ana", "ben"})
        await Creator.all().delete()


async def test_cancelled_while_waiting_to_enter() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction():
            entered.set()
            await leave.wait()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(hold())
        await entered.wait()
        waiting = asyncio.ensure_future(write_two())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait({waiting})
        leave.set()
    await a_healthy_database()


async def test_a_task_started_inside_is_outside() -> None:
    with pytest.raises(RuntimeError):
        async with transaction():
            started = asyncio.ensure_future(a_creator("started"))
            await asyncio.sleep(0.01)
            await a_creator("ana")
            raise RuntimeError
    await started
    assert await creators() == {"started"}


async def test_a_task_started_inside_has_transactions_of_its_own() -> None:
    async with transaction():
        started = asyncio.ensure_future(write_two())
        await asyncio.sleep(0.01)
        await a_creator("zoe")
    await started
    assert await creators() == {"ana", "ben", "zoe"}


async def test_models_work_in_a_task_that_is_no_child_of_the_opener() -> None:
    loop = asyncio.get_running_loop()
    await contextvars.Context().run(lambda: loop.create_task(write_two()))
    assert await creators() == {"ana", "ben"}


COUNT_UP = """
import asyncio, sys
from bot.database import open_database, transaction
from models import Creator

async def main():
    async with open_database(sys.argv[1]):
        print("ready", flush=True)
        sys.stdin.readline()
        for _ in range(40):
            async with transaction():
                creator = await Creator.get(id="counter")
                await asyncio.sleep(0.001)
                creator.version += 1
                await creator.save()

asyncio.run(main())
"""


async def test_processes_that_read_then_write_wait_for_each_other(database: str) -> None:
    await Creator.create(id="counter", display_name="counter", version=0)
    processes = [await _started(COUNT_UP, database) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(b"\n")
    assert [await process.wait() for process in processes] == [0, 0]
    assert (await Creator.get(id="counter")).version == 80


async def _started(program: str, *arguments: str) -> asyncio.subprocess.Process:
    """A process that has opened the database and waits for the other: one alone would meet nobody."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, *arguments), cwd=Path.cwd(), stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"ready\n"
    return process
