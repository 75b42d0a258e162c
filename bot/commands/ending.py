"""How every command begins, with the settings, and ends: with 0, with 1 and a sentence, or with 2 and all that is wrong.

A traceback tells an operator nothing of what to do, and goes past the masks of the log; so whatever only they can mend
ends here as its sentence.
"""

import asyncio
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NoReturn

import click

from bot import config as settings
from bot.config import Config, ConfigError


def read_settings(*, wrong: int = 2) -> Config:
    """The settings, or everything that is wrong with them on stderr and exit status ``wrong``."""
    try:
        return settings.read(click.get_current_context().find_object(Path) or Path(".env"))
    except ConfigError as error:
        click.echo("The settings are not right yet. Mend these, in .env or the environment:\n", err=True)
        for problem in error.problems:
            click.echo(f"  - {problem}", err=True)
        click.echo("\n.env.example tells what each one means.", err=True)
        sys.exit(wrong)


def fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


def outcome_of[T](work: Coroutine[Any, Any, T], *mendable: type[Exception]) -> T:
    """What comes of ``work``; a DatabaseError, or one of ``mendable``, ends the process with 1 and its sentence."""
    from bot.database import DatabaseError

    expected: tuple[type[Exception], ...] = (DatabaseError, *mendable)
    said: list[str] = []
    try:
        return asyncio.run(work)
    except* expected as group:  # what ends a TaskGroup comes in one
        said = [str(error) for error in group.exceptions]
    fail("\n".join(said))


def count(number: int, one: str, many: str) -> str:
    return f"1 {one}" if number == 1 else f"{number} {many}"
