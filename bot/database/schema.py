"""Bring the tables to what the code expects, in one transaction, or leave them as they were.

Tortoise's own migrations, with their traps closed (PITFALLS): every pending migration, its record and the check of the
foreign keys are one transaction, so a crash or a failure leaves nothing half-done; on SQLite the foreign keys are off
meanwhile, because a rebuilt table would otherwise empty the tables that refer to it, and a copy of the file is kept; on
PostgreSQL a second migrator waits for the first.
"""

from pathlib import Path

import structlog
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import OperationalError
from tortoise.migrations.graph import MigrationKey
from tortoise.transactions import in_transaction

from bot.database.errors import DatabaseError, SchemaTooNewError, SchemaTooOldError
from bot.database.rebuild import Executor

log = structlog.get_logger()

APP = "models"
_MIGRATORS = 0x5061737365730001
"""PostgreSQL's advisory lock between migrators: "Passes" and a number."""


async def check(client: BaseDBAsyncClient, apps: dict[str, dict[str, object]]) -> None:
    """Raises SchemaTooNewError or SchemaTooOldError unless the tables are exactly what the code expects."""
    if await _pending(client, Executor(client, apps)):
        raise SchemaTooOldError(
            "The database has not the tables this version needs. Bring it up to date with: python -m bot migrate"
        )


async def bring_up_to_date(
    client: BaseDBAsyncClient, apps: dict[str, dict[str, object]], *, file: Path | None
) -> None:
    """Apply what is pending; raises SchemaTooNewError if the database knows migrations that the code does not."""
    executor = Executor(client, apps)
    pending = await _pending(client, executor)
    if not pending:
        return
    if client.capabilities.dialect != "sqlite":
        await _apply(apps)
        return
    if file is not None and await _applied(client):
        await _copy(client, file, pending[0].name)
    await client.execute_script("PRAGMA foreign_keys=OFF")
    try:
        await _apply(apps)
    finally:
        await client.execute_script("PRAGMA foreign_keys=ON")


async def _apply(apps: dict[str, dict[str, object]]) -> None:
    async with in_transaction() as transaction:
        sqlite = transaction.capabilities.dialect == "sqlite"
        if not sqlite:
            await transaction.execute_query("SELECT pg_advisory_xact_lock($1)", [_MIGRATORS])
        executor = Executor(transaction, apps)
        await executor.recorder.ensure_schema(executor._schema_editor())
        for key in await _pending(transaction, executor):  # once more: another migrator may have been faster
            log.info("migration", name=key.name)
        try:
            await executor.migrate(direction="forward")
        except Exception as error:
            raise DatabaseError(
                f"The database could not be brought up to date: {error}. Nothing was changed; please report this."
            ) from error
        if sqlite:
            await _check_foreign_keys(transaction)


async def _check_foreign_keys(transaction: BaseDBAsyncClient) -> None:
    _, broken = await transaction.execute_query("PRAGMA foreign_key_check")
    if broken:
        tables = ", ".join(sorted({row["table"] for row in broken}))
        raise DatabaseError(
            f"Bringing the database up to date would leave rows in {tables} that refer to nothing. "
            "Nothing was changed; please report this."
        )


async def _pending(client: BaseDBAsyncClient, executor: Executor) -> list[MigrationKey]:
    applied = await _applied(client)
    executor.loader.load_disk()
    known = executor.loader.disk_migrations
    unknown = sorted(key.name for key in applied if key not in known)
    if unknown:
        raise SchemaTooNewError(
            f"The database was made by a newer version of the bot (it has {', '.join(unknown)}). "
            "Start that version, or go back to a copy of the database from before."
        )
    return sorted(key for key in known if key not in applied)


async def _applied(client: BaseDBAsyncClient) -> set[MigrationKey]:
    table = (
        "SELECT name FROM sqlite_master WHERE name = 'tortoise_migrations'"
        if client.capabilities.dialect == "sqlite"
        else "SELECT 1 WHERE to_regclass('tortoise_migrations') IS NOT NULL"
    )
    if not await client.execute_query_dict(table):
        return set()
    rows = await client.execute_query_dict('SELECT "app", "name" FROM "tortoise_migrations"')
    return {MigrationKey(app_label=row["app"], name=row["name"]) for row in rows}


async def _copy(client: BaseDBAsyncClient, file: Path, before: str) -> None:
    copy, number = file.with_name(f"{file.name}.before-{before}"), 1
    while copy.exists():
        number += 1
        copy = file.with_name(f"{file.name}.before-{before}.{number}")
    try:
        copy.touch(mode=0o600)  # as private as the database itself; SQLite would let everybody read it
        await client.execute_query("VACUUM INTO ?", [str(copy)])
    except (OperationalError, OSError) as error:
        copy.unlink(missing_ok=True)
        raise DatabaseError(
            f"The database must be brought up to date, but no copy of it could be kept first at {copy}: {error}. "
            "Nothing was changed. Make room there, and start again."
        ) from error
    log.info("database_copied", file=str(copy))
