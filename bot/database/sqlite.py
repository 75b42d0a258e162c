"""SQLite through tortoise, with three cures; tortoise finds ``client_class`` here by the connection's ``engine``.

- Transactions begin IMMEDIATE. Tortoise begins them DEFERRED, and two processes that read and then write get "database
  is locked" without any waiting (PITFALLS: 44 % of transactions).
- Entering and leaving a transaction are carried to their end when the task is cancelled, and ``bulk_create`` runs in
  such a transaction: otherwise the one connection stays locked, or inside a BEGIN, for good.
- A transaction belongs to one task (see :mod:`bot.database.ownership`).
"""

import sqlite3
from types import TracebackType
from typing import Any, override

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from bot.database.cancellation import uninterrupted
from bot.database.closed import StaysClosed
from bot.database.ownership import Owned


class Client(StaysClosed, SqliteClient):
    @override
    def _in_transaction(self) -> TransactionContext:
        return _Context(Transaction(self), self._lock)

    @override
    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as connection:
            await connection.execute_many(query, values)


class Transaction(Owned, SqliteTransactionWrapper):
    @override
    async def execute_script(self, query: str) -> None:
        """Statement by statement: ``sqlite3.executescript`` would commit first."""
        for statement in _statements(query):
            await self.execute_query(statement)

    @override
    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    @override
    async def rollback(self) -> None:
        self._finalized = True
        if self._connection.in_transaction:  # SQLite itself ends it on a full disk, for one
            await self._connection.rollback()

    @override
    async def commit(self) -> None:
        await self._connection.commit()
        self._finalized = True


class _Context(SqliteTransactionContext):
    connection: Transaction

    @override
    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await uninterrupted(self.connection.begin())
        except BaseException:
            await self._leave()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

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
                await uninterrupted(self.connection.commit())
        finally:
            await self._leave()

    async def _leave(self) -> None:
        try:
            if self.connection._connection and not self.connection._finalized:
                await uninterrupted(self.connection.rollback())
        finally:
            self._trxlock.release()


def _statements(script: str) -> list[str]:
    """``script`` cut at its semicolons, not at those in literals."""
    found, rest = [], ""
    for part in script.split(";"):
        rest += part + ";"
        if sqlite3.complete_statement(rest):
            found.append(rest)
            rest = ""
    return [statement for statement in found if statement.strip(" \n\t;")]


client_class = Client
