"""Tables are brought up to date without losing a row, an index or a constraint; or they stay as they were."""

import asyncio
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext, require_context

import migrations
from bot.database import DatabaseError, SchemaTooNewError, migrate, open_database
from bot.database.makemigrations import missing_migrations
from models import Creator, CreatorAccount, Fan, Grant, Integration, Link, Work
from models.access import GrantState, Urgency
from models.fields import Snowflake
from models.integrations import IntegrationState

NEXT = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "{latest}")]
    initial = False
    operations = [{operations}]
"""
NEW_COLUMN = 'ops.AddField("Creator", "mood", fields.CharField(max_length=9, null=True)),'
REBUILDS = """
    ops.AlterField("Creator", "display_name", fields.CharField(max_length=300)),
    ops.AlterField("Grant", "because", fields.JSONField(null=True)),
    ops.AlterField("Link", "username", fields.CharField(max_length=65)),
    ops.AlterField("CreatorAccount", "username", fields.CharField(max_length=65)),
"""
WITH_SEMICOLONS = """ops.RunSQL("UPDATE creator SET display_name = 'a; b' /* one; two */"),"""
LEAVES_ORPHANS = 'ops.RunSQL("DELETE FROM creator"),'
FAILS = 'ops.RunSQL("VACUUM NOTHING"),'
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Package:
    """A copy of ``migrations`` under a name of its own, with one migration more."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name, self.folder = name, folder / name
        shutil.copytree(Path(migrations.__path__[0]), self.folder)

    def until(self, latest: str) -> str:
        """As it was when ``latest`` was the last one."""
        for path in self.folder.glob("0*.py"):
            if path.stem > latest:
                path.unlink()
        return self.name

    def with_next(self, operations: str) -> str:
        latest = max(path.stem for path in self.folder.glob("0*.py"))
        text = NEXT.format(latest=latest, operations=operations)
        (self.folder / f"{int(latest[:4]) + 1:04d}_next.py").write_text(text)
        return self.name


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Package]:
    name = f"migrations_of_{tmp_path.name}"
    sys.path.insert(0, str(tmp_path))
    yield Package(tmp_path, name)
    sys.path.remove(str(tmp_path))
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        del sys.modules[module]


async def populate() -> None:
    ana = await Creator.create(id="ana", display_name="Ana")
    fan = await Fan.create(id="ben", display_name="Ben")
    await CreatorAccount.create(creator=ana, account_id=1, username="ana", proven_at=NOW)
    await Integration.create(creator=ana, name="Club", state=IntegrationState.NOT_CONNECTED, created_at=NOW)
    await Link.create(fan=fan, account_id=2, username="ben", linked_at=NOW)
    await Grant.create(guild_id=3, account_id=2, role_id=4, state=GrantState.SEEN, because=[], written_at=NOW)


async def rows() -> dict[str, int]:
    return {
        model.__name__: await model.all().count()
        for model in (Creator, CreatorAccount, Fan, Integration, Link, Grant)
    }


async def indexes() -> set[tuple[str, bool, tuple[str, ...]]]:
    """Every index of a SQLite database: table, unique or not, columns."""
    client = require_context().db()
    tables = await client.execute_query_dict("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = set()
    for table in [
        row["name"] for row in tables if row["name"] not in ("tortoise_migrations", "sqlite_sequence")
    ]:
        for index in await client.execute_query_dict(f'PRAGMA index_list("{table}")'):
            columns = await client.execute_query_dict(f'PRAGMA index_info("{index["name"]}")')
            found.add((table, bool(index["unique"]), tuple(row["name"] for row in columns)))
    return found


async def test_no_migration_is_missing() -> None:
    assert await missing_migrations() == []


def test_a_snowflake_key_is_written_as_it_is_read() -> None:
    _, _, arguments = Snowflake(primary_key=True).deconstruct()
    again = Snowflake(**arguments)
    assert (again.pk, again.generated) == (True, False)


async def test_the_tables_have_every_index_that_the_models_ask_for(tmp_path: Path) -> None:
    async with open_database(f"sqlite://{tmp_path}/migrated.db", exclusive=True):
        migrated = await indexes()
    async with TortoiseContext() as context:
        await context.init(db_url=f"sqlite://{tmp_path}/fresh.db", modules={"models": ["models"]})
        await context.generate_schemas()
        asked_for = await indexes()
    assert asked_for == migrated


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    async with open_database(database_url, exclusive=True):
        await populate()
    await migrate(database_url)
    async with open_database(database_url):
        assert await Creator.all().count() == 1


@pytest.mark.parametrize("operations", [NEW_COLUMN, REBUILDS, WITH_SEMICOLONS])
async def test_an_upgrade_keeps_every_row(database_url: str, package: Package, operations: str) -> None:
    async with open_database(database_url, exclusive=True):
        await populate()
        before = await rows()
    name = package.with_next(operations)
    await migrate(database_url, migrations=name)
    async with open_database(database_url, migrations=name):
        assert before == await rows()


async def test_work_for_which_somebody_waited_stays_the_most_urgent(empty_url: str, package: Package) -> None:
    await migrate(empty_url, migrations=package.until("0002_vouch"))
    async with open_database(empty_url, migrations=package.name):
        await (
            require_context()
            .db()
            .execute_script(
                "INSERT INTO work (guild_id, account_id, generation, urgent, attempts)"
                " VALUES (1, 2, 3, TRUE, 4), (1, 3, 3, FALSE, 0)"
            )
        )
    await migrate(empty_url)
    async with open_database(empty_url):
        found = await Work.all().order_by("account_id").values_list("account_id", "urgency", "attempts")
        assert found == [(2, Urgency.PERSON, 4), (3, Urgency.EVENT, 0)]


async def test_a_rebuilt_table_keeps_its_indexes_and_constraints(new_file: Path, package: Package) -> None:
    url = f"sqlite://{new_file}"
    async with open_database(url, exclusive=True):
        before = await indexes()
    await migrate(url, migrations=package.with_next(REBUILDS))
    async with open_database(url, migrations=package.name):
        assert before == await indexes()


async def test_a_copy_is_kept_beside_the_file(new_file: Path, package: Package) -> None:
    url = f"sqlite://{new_file}"
    async with open_database(url, exclusive=True):
        await populate()
    await migrate(url, migrations=package.with_next(NEW_COLUMN))
    (copy,) = new_file.parent.glob("passes.db.before-*")
    assert copy.stat().st_mode & 0o077 == 0
    async with open_database(f"sqlite://{copy}", exclusive=True):
        assert await Creator.all().count() == 1


async def test_a_failing_upgrade_changes_nothing(database_url: str, package: Package) -> None:
    async with open_database(database_url, exclusive=True):
        await populate()
        before = await rows()
    name = package.with_next(NEW_COLUMN + FAILS)
    with pytest.raises(DatabaseError, match="Nothing was changed"):
        await migrate(database_url, migrations=name)
    async with open_database(database_url):
        assert before == await rows()


async def test_an_upgrade_that_leaves_orphans_changes_nothing(new_file: Path, package: Package) -> None:
    url = f"sqlite://{new_file}"
    async with open_database(url, exclusive=True):
        await populate()
    with pytest.raises(DatabaseError, match="rows in creator_account, integration that refer to nothing"):
        await migrate(url, migrations=package.with_next(LEAVES_ORPHANS))
    async with open_database(url):
        assert await Creator.all().count() == 1


async def test_tables_newer_than_the_code_are_refused(database_url: str, package: Package) -> None:
    await migrate(database_url, migrations=package.with_next(NEW_COLUMN))
    with pytest.raises(SchemaTooNewError, match="newer version of the bot"):
        await migrate(database_url)
    with pytest.raises(SchemaTooNewError):
        async with open_database(database_url):
            pytest.fail("opened")


MIGRATE = "import asyncio, sys; from bot.database import migrate; asyncio.run(migrate(sys.argv[1]))"


async def test_migrators_at_once_apply_each_migration_once(empty_url: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", MIGRATE, empty_url, stderr=asyncio.subprocess.PIPE
        )
        for _ in range(2)
    ]
    answers = [await process.communicate() for process in processes]
    refused = [stderr for _, stderr in answers if b"AlreadyRunningError" in stderr]  # on SQLite, if they met
    assert [process.returncode for process in processes].count(0) == 2 - len(refused)
    async with open_database(empty_url):
        assert await Creator.all().count() == 0
