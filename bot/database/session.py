"""One bot for one PostgreSQL database: an advisory lock, held by a session of its own.

It belongs to the session, so it ends with the process however that ends. The command line does not take it and may read
and write beside a running bot.

A session can be lost while the bot lives: the server was restarted, the line was cut. That is noticed within seconds,
and the lock is taken again; the bot ends only if another one has it by then. For a while the one who has it may be our
own lost session, which the server has not noticed; it is told to ask after us often.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog
from asyncpg import InterfaceError, InternalClientError, PostgresError
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from bot.database.cancellation import uninterrupted
from bot.database.errors import AlreadyRunningError

log = structlog.get_logger()

_BOTS = 0x5061737365730003
"""The advisory lock of the bot: "Passes" and a number."""
_ASK_AFTER_US = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
_TRY_EVERY_S = 0.1
ANSWER_WITHIN_S = 5.0
LOOK_EVERY_S = 5.0
JUST_KILLED_S = 2.0
"""How long the server may need to notice that the bot before this one was killed."""
CUT_OFF_S = 60.0
"""How long it may need to notice that a line was cut: 25 s by what is set above, and some more."""
_LOST = (OSError, PostgresError, InterfaceError, InternalClientError, TimeoutError)


@asynccontextmanager
async def only_bot_on_server(
    client: AsyncpgDBClient,
    *,
    name: str,
    look_every_s: float = LOOK_EVERY_S,
    cut_off_s: float = CUT_OFF_S,
    answer_within_s: float = ANSWER_WITHIN_S,
) -> AsyncIterator[None]:
    """Hold the lock while inside; raises AlreadyRunningError if another bot has it, also later, when it was lost."""
    session, inside = _Session(client, name, answer_within_s), asyncio.current_task()
    try:
        await session.take(within_s=JUST_KILLED_S)
    except BaseException:
        await uninterrupted(session.close())
        raise
    refused: list[AlreadyRunningError] = []

    async def keep() -> None:
        try:
            await session.keep(every_s=look_every_s, within_s=cut_off_s)
        except AlreadyRunningError as error:
            refused.append(error)
            if inside is not None:
                inside.cancel()

    keeping = asyncio.create_task(keep(), name="only-bot")
    try:
        yield
    except asyncio.CancelledError:
        if refused and inside is not None:
            inside.uncancel()
            raise refused[0] from None
        raise
    finally:
        keeping.cancel()
        await uninterrupted(asyncio.wait([keeping]))
        await uninterrupted(session.close())


class _Session:
    """A connection of its own, beside the pool: a pool of one."""

    def __init__(self, client: AsyncpgDBClient, name: str, answer_within_s: float) -> None:
        self._client = client
        self._name = name
        self._answer_within_s = answer_within_s
        self._pool: Any = None
        self._connection: Any = None

    async def take(self, *, within_s: float) -> None:
        """Take the lock, or raise AlreadyRunningError; what keeps the server from answering is raised as it is."""
        ends = asyncio.get_running_loop().time() + within_s
        while not await self._takes():
            if asyncio.get_running_loop().time() > ends:
                raise AlreadyRunningError(
                    f"Another bot is already running on {self._name}. Stop it first, "
                    "or give this one a database of its own with DATABASE_URL."
                )
            await asyncio.sleep(_TRY_EVERY_S)

    async def keep(self, *, every_s: float, within_s: float) -> None:
        """Look after the lock, and take it again; while the server is away, wait until it is back."""
        while True:
            await asyncio.sleep(every_s)
            try:
                if not await self._is_there():
                    await self.take(within_s=within_s)
            except AlreadyRunningError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, a keeper that ended would leave the lock to anybody
                log.warning("database_session_not_taken", error=repr(error))
                await self.close()

    async def close(self) -> None:
        """Let go of the lock, if there is still somebody to tell."""
        pool, connection, self._pool, self._connection = self._pool, self._connection, None, None
        if pool is None:
            return
        try:
            async with asyncio.timeout(self._answer_within_s):
                if connection is not None:
                    await pool.release(connection)
                await pool.close()
        except _LOST:
            pool.terminate()

    async def _takes(self) -> bool:
        if self._connection is None:
            await self.close()
            one = {**self._client._template, "min_size": 1, "max_size": 1}
            self._pool = await self._client.create_pool(password=self._client.password, **one)
        async with asyncio.timeout(self._answer_within_s):
            if self._connection is None:
                connection = await self._pool.acquire()
                await connection.execute(_ASK_AFTER_US)
                self._connection = connection
            return bool(await self._connection.fetchval("SELECT pg_try_advisory_lock($1)", _BOTS))

    async def _is_there(self) -> bool:
        if self._connection is None:
            return False
        try:
            await self._connection.execute("SELECT 1", timeout=self._answer_within_s)
        except _LOST as error:
            log.warning("database_session_lost", error=str(error))
            await self.close()
            return False
        return True
