"""Write the migration that the models ask for: ``make migrations``, and the test that none is missing.

It needs no database: the state before is what the migrations themselves say.
"""

import asyncio
import sys
from pathlib import Path

from tortoise import Model
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

from bot.database.schema import APP


async def missing_migrations(package: str = "migrations") -> list[tuple[str, str]]:
    """The file name and text of every migration that the models need and ``package`` has not."""
    apps = {APP: {"models": ["models"], "default_connection": "default", "migrations": package}}
    async with TortoiseContext() as context:
        await context.init(
            config={"connections": {"default": "sqlite://:memory:"}, "apps": apps}, init_connections=False
        )
        assert context.apps is not None  # noqa: S101 - init() has just set it
        for model in context.apps["models"].values():
            _forget_prose(model)
        writers = await MigrationAutodetector(context.apps, apps).changes()
    return [(f"{writer.name}.py", writer.as_string()) for writer in writers]


def _forget_prose(model: type[Model]) -> None:
    """Tortoise would write docstrings and enum members as SQL comments: rewording one changes no table."""
    model._meta.table_description = ""
    for field in model._meta.fields_map.values():
        if field.description:
            field.description = ""


def main() -> None:
    found = asyncio.run(missing_migrations())
    for name, text in found:
        Path("migrations", name).write_text(text)
        sys.stdout.write(f"wrote migrations/{name}: read it before you commit it\n")
    if not found:
        sys.stdout.write("the migrations are what the models need\n")


if __name__ == "__main__":
    main()
