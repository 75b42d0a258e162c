"""SQLite's schema editor with two cures, for migrations that change a table.

- Tortoise cuts every text at its semicolons, also those in literals and comments; here whole statements are run.
- SQLite cannot alter a column, so tortoise makes the table anew, and forgets its indexes and the constraints over several
  columns; here they are read before and made again after.
"""

import hashlib
from typing import Any, override

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.schema_editor import BaseSchemaEditor, SqliteSchemaEditor


class SqliteEditor(SqliteSchemaEditor):
    @override
    async def _run_sql(self, sql: str) -> None:
        await self.client.execute_script(sql)

    @override
    async def _remake_table(self, model: Any, *changes: Any, **named_changes: Any) -> None:
        table = model._meta.db_table
        before = await _indexes(self.client, table)
        await super()._remake_table(model, *changes, **named_changes)
        there = {columns for columns, _ in await _indexes(self.client, table)}
        columns_left = await _columns(self.client, table)
        for columns, sql in before:
            if columns not in there and columns_left.issuperset(columns):
                await self._run_sql(sql)


class Executor(MigrationExecutor):
    """Tortoise's, with the editor above on SQLite."""

    @override
    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        if self.connection.capabilities.dialect == "sqlite":
            return SqliteEditor(self.connection, atomic=atomic, collect_sql=collect_sql)
        return super()._schema_editor(atomic, collect_sql)


async def _indexes(client: BaseDBAsyncClient, table: str) -> list[tuple[tuple[str, ...], str]]:
    """Each index of ``table``: its columns, and what makes it; a constraint becomes a unique index."""
    found = []
    for index in await client.execute_query_dict(f'PRAGMA index_list("{table}")'):
        if index["origin"] == "pk":
            continue
        rows = await client.execute_query_dict(f'PRAGMA index_info("{index["name"]}")')
        columns = tuple(row["name"] for row in rows)
        made = await client.execute_query_dict(
            "SELECT sql FROM sqlite_master WHERE name = ?", [index["name"]]
        )
        found.append((columns, made[0]["sql"] or _unique(table, columns)))
    return found


def _unique(table: str, columns: tuple[str, ...]) -> str:
    digest = hashlib.sha256("/".join((table, *columns)).encode()).hexdigest()[:6]
    listed = ", ".join(f'"{column}"' for column in columns)
    return f'CREATE UNIQUE INDEX "uid_{table}_{digest}" ON "{table}" ({listed})'


async def _columns(client: BaseDBAsyncClient, table: str) -> set[str]:
    return {row["name"] for row in await client.execute_query_dict(f'PRAGMA table_info("{table}")')}
