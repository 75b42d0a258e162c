"""The keeper of the lock on a PostgreSQL server outlives whatever a line to it does."""

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from asyncpg import InternalClientError

from bot.database.session import only_bot_on_server
from tests.waiting import until


class Line:
    """A pool and its one connection: it locks, and then breaks with ``breaks``; ``silent``: what is never answered."""

    def __init__(self, *, breaks: Exception | None = None, silent: str | None = None) -> None:
        self._breaks = breaks
        self._silent = silent
        self.locks = 0

    async def acquire(self) -> "Line":
        return await self._answer("acquire", self)

    async def execute(self, query: str, **_: float) -> None:
        await self._answer(query, None)
        if query == "SELECT 1" and self._breaks:
            raise self._breaks

    async def fetchval(self, query: str, *_: object) -> bool:
        await self._answer(query, None)
        self.locks += 1
        return True

    async def release(self, _connection: object) -> None:
        pass

    async def close(self) -> None:
        pass

    def terminate(self) -> None:
        pass

    async def _answer[T](self, question: str, answer: T) -> T:
        if self._silent and question.startswith(self._silent):
            await asyncio.Event().wait()
        return answer


class Server:
    """Gives one line after another; one that is an exception fails to open."""

    password = ""

    def __init__(self, *lines: Line | Exception) -> None:
        self._lines = iter(lines)
        self._template: dict[str, Any] = {}

    async def create_pool(self, **_: Any) -> Line:
        line = next(self._lines)
        if isinstance(line, Exception):
            raise line
        return line


def kept(*lines: Line | Exception) -> AbstractAsyncContextManager[None]:
    client: Any = Server(*lines)
    return only_bot_on_server(client, name="here", look_every_s=0.02, answer_within_s=0.1)


@pytest.mark.parametrize("error", [InternalClientError("not connected"), OSError("cut")])
async def test_a_line_that_breaks_is_replaced(error: Exception) -> None:
    last = Line()
    async with kept(Line(breaks=error), last):
        await until(lambda: last.locks)


async def test_an_error_that_nobody_thought_of_does_not_end_the_keeping() -> None:
    last = Line()
    async with kept(Line(breaks=ValueError("odd")), ValueError("odder"), last):
        await until(lambda: last.locks)


@pytest.mark.parametrize("silent", ["acquire", "SET", "SELECT pg_try"])
async def test_a_server_that_does_not_answer_is_asked_again_on_another_line(silent: str) -> None:
    first, stuck, last = Line(breaks=OSError("cut")), Line(silent=silent), Line()
    async with kept(first, stuck, last):
        await until(lambda: last.locks)


@pytest.mark.parametrize("silent", ["acquire", "SET", "SELECT pg_try"])
async def test_a_server_that_does_not_answer_at_the_start_is_not_waited_for(silent: str) -> None:
    async with asyncio.timeout(5):
        with pytest.raises(TimeoutError):
            async with kept(Line(silent=silent)):
                pytest.fail("locked")
