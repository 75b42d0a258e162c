"""Open the database for the life of the process, and group what belongs together into transactions."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext, get_current_context, require_context, set_global_context
from tortoise.exceptions import ConfigurationError
from tortoise.transactions import in_transaction

from bot.database.cancellation import uninterrupted
from bot.database.errors import DatabaseError
from bot.database.lock import is_held, only_bot_on
from bot.database.ownership import Owned
from bot.database.schema import APP, bring_up_to_date, check

_KINDS = {"tortoise.backends.sqlite": "sqlite", "tortoise.backends.asyncpg": "asyncpg"}
"""Each kind is also the connection's name: tortoise keeps the SQL it made by that name, whatever the dialect."""
_BUSY_MS = 10_000
"""How long SQLite waits for another process (the command line) to finish its transaction."""


@asynccontextmanager
async def open_database(
    url: str, *, exclusive: bool = False, migrations: str = "migrations"
) -> AsyncIterator[None]:
    """Open the database at ``url``; models work in every task of the process until the context is left.

    ``exclusive`` is the bot's way in: only one may hold it (AlreadyRunningError, which on PostgreSQL can also end it later, if
    its session was lost and another bot came), and the tables are brought up to date first. Without it, as the command line comes, the tables must already be what the code expects.
    Raises DatabaseError, of which AlreadyRunningError, SchemaTooNewError and SchemaTooOldError are kinds.
    """
    kind, connection = _connection(url)
    file = _file(connection)
    apps: dict[str, dict[str, Any]] = {
        APP: {"models": ["models"], "default_connection": kind, "migrations": migrations}
    }
    async with AsyncExitStack() as stack:
        if file is not None:
            _make_file(file)
            if exclusive:
                stack.enter_context(only_bot_on(file))
        context = TortoiseContext()
        if get_current_context() is None:
            set_global_context(context)  # also for tasks that are no children of this one
        else:  # the fallback is one per process: a second database lives in this task and its children
            stack.enter_context(context)
        try:
            await context.init(config={"connections": {kind: connection}, "apps": apps})
            client = context.db()
            await _connect(client, url)
            if exclusive:
                if kind == "asyncpg":
                    await stack.enter_async_context(_only_bot_on_server(client, url))
                await bring_up_to_date(client, apps, file=file)
            else:
                await check(client, apps)
            yield
        finally:
            await uninterrupted(context.close_connections())


async def migrate(url: str, *, migrations: str = "migrations") -> None:
    """Bring the tables to what the code expects; raises DatabaseError, with nothing changed, if that cannot be done."""
    async with open_database(url, exclusive=True, migrations=migrations):
        pass


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """All or nothing: commits at the end, rolls back on any exception, also when the task is cancelled.

    Inside another one of the same task it joins that one. A task started inside is outside: it sees the change only after
    the commit, and must not be waited for here if it uses the database.
    """
    connection = require_context().db()
    if isinstance(connection, Owned) and connection.is_ours():
        yield
        return
    async with in_transaction():
        yield


def sqlite_file(url: str) -> Path | None:
    """The file behind ``url``; None for PostgreSQL. Raises DatabaseError."""
    return _file(_connection(url)[1])


def is_in_use(url: str) -> bool | None:
    """Whether a bot works on this SQLite database now; None for PostgreSQL, where nobody can tell."""
    file = sqlite_file(url)
    return None if file is None else is_held(file)


def _connection(url: str) -> tuple[str, dict[str, Any]]:
    try:
        found = expand_db_url(url)
        kind = _KINDS[found["engine"]]
    except (ConfigurationError, KeyError, ValueError):
        raise DatabaseError(
            "DATABASE_URL must be sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME."
        ) from None
    found["engine"] = f"bot.database.{kind}"
    if kind == "sqlite":
        found["credentials"].setdefault("busy_timeout", _BUSY_MS)
        found["credentials"].setdefault("foreign_keys", "ON")
    return kind, found


def _file(connection: dict[str, Any]) -> Path | None:
    path = connection["credentials"].get("file_path")
    return None if path is None or path == ":memory:" else Path(path)


def _make_file(file: Path) -> None:
    """It holds people's data: SQLite would make it readable for every account of the machine."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"The folder {file.parent} cannot be made: {error.strerror}.") from None
    if not file.exists():
        with suppress(OSError):  # what is wrong is said when it is opened
            file.touch(mode=0o600)


async def _connect(client: BaseDBAsyncClient, url: str) -> None:
    try:
        await client.create_connection(with_db=True)
    except Exception as error:
        raise DatabaseError(f"The database at {_where(url)} cannot be opened: {error}.") from error


def _only_bot_on_server(client: Any, url: str) -> AbstractAsyncContextManager[None]:
    from bot.database.session import only_bot_on_server  # noqa: PLC0415 - asyncpg is an extra

    return only_bot_on_server(client, name=_where(url))


def _where(url: str) -> str:
    """Never the password."""
    return url.rpartition("@")[2]
