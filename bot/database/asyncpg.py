"""PostgreSQL through tortoise, made to behave as SQLite does; tortoise finds ``client_class`` by the ``engine``.

- Writers take turns: who writes, in a transaction or by one statement, holds an advisory lock until its commit. Under
  READ COMMITTED two that read, decide and write would lose an update, break a unique constraint or lock each other out,
  wherever a room forgot a ``select_for_update``; here whatever holds on SQLite holds on PostgreSQL too. Within a process
  they wait before they take a connection, so that readers always find one.
- A task cancelled while it enters a transaction gives its connection back to the pool, and a transaction belongs to one
  task (see :mod:`bot.database.ownership`).
- What asyncpg raises is translated whole: the rooms know tortoise's errors only.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, override

from asyncpg import InterfaceError, InternalClientError, PostgresError
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from bot.database.cancellation import uninterrupted
from bot.database.closed import StaysClosed
from bot.database.ownership import Owned

_WRITERS = 0x5061737365730002
"""The advisory lock of those who write: "Passes" and a number."""
_TAKE_TURN = f"""
    SET LOCAL lock_timeout = '10s';
    SET LOCAL idle_in_transaction_session_timeout = '60s';
    SELECT pg_advisory_xact_lock({_WRITERS})
"""
"""As patient as SQLite's busy timeout; a process that froze, or whose machine vanished, loses its turn."""
_WRITING = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (
        PostgresError,
        InterfaceError,
        InternalClientError,
    ) as error:  # the last: a connection is lost this instant
        raise OperationalError(error) from error


class _Translating(AsyncpgDBClient):
    @override
    async def _translate_exceptions(self, func: Any, *args: Any, **kwargs: Any) -> Any:
        with _translated():
            return await super()._translate_exceptions(func, *args, **kwargs)


class Client(StaysClosed, _Translating):
    """Outside of transactions; what writes is a transaction of its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn = asyncio.Lock()

    @override
    def _in_transaction(self) -> TransactionContext:
        return _Context(Transaction(self), self._pool_init_lock)

    @override
    async def execute_query(self, query: str, values: list[Any] | None = None) -> Any:
        if not query.lstrip().upper().startswith(_WRITING):
            return await super().execute_query(query, values)
        async with self._in_transaction() as connection:
            return await connection.execute_query(query, values)

    @override
    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        async with self._in_transaction() as connection:
            return await connection.execute_insert(query, values)

    @override
    async def execute_many(self, query: str, values: list[Any]) -> None:
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)


class Transaction(Owned, _Translating, TransactionWrapper):
    @override
    async def execute_query(self, query: str, values: list[Any] | None = None) -> Any:
        run = super().execute_query if self.is_ours() else self.root().execute_query
        return await run(query, values)

    @override
    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        run = super().execute_insert if self.is_ours() else self.root().execute_insert
        return await run(query, values)

    async def take_turn(self) -> None:
        """Begin, and wait until nobody else writes."""
        await self.begin()
        with _translated():
            await self._connection.execute(_TAKE_TURN)


class _Context(TransactionContextPooled):
    client: Transaction

    @override
    async def __aenter__(self) -> TransactionalDBClient:
        database = self.client._parent
        await database.turn.acquire()
        try:
            await self.ensure_connection()
            with _translated():
                self.client._connection = await database._pool.acquire()
        except BaseException:
            database.turn.release()
            raise
        try:
            await uninterrupted(self.client.take_turn())
        except BaseException:
            await self._leave()
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    @override
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        get_connections().reset(self.token)
        try:
            if exc_type is None:
                with _translated():
                    await uninterrupted(self.client.commit())
        finally:
            await self._leave()

    async def _leave(self) -> None:
        try:
            await uninterrupted(self._give_back())
        finally:
            self.client._parent.turn.release()

    async def _give_back(self) -> None:
        """Roll back what is still open and give the connection back, which mends it if that did not work."""
        if not self.client._finalized:
            with suppress(Exception):
                await self.client.rollback()
        self.client._finalized = True
        if self.client._parent._pool:
            await self.client._parent._pool.release(self.client._connection)


client_class = Client
