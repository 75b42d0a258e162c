"""Discord's own description, held against everything that the sandbox is asked and answers.

Without it the sandbox would be true only to what its authors believe. It is switched on by DISCORD_OPENAPI, the path of Discord's
`openapi.json`; the sandbox does not need it to run, and neither the bot nor anybody who only plays has its validator.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.discord.description.watching import Watch

OPENAPI = "DISCORD_OPENAPI"


class NoDescriptionError(Exception):
    """DISCORD_OPENAPI names a file that is not there."""


def watch() -> Watch | None:
    """Return this process's watch, or None where DISCORD_OPENAPI is not set; raises NoDescriptionError."""
    given = os.environ.get(OPENAPI)
    return _watch(Path(given)) if given else None


@cache
def _watch(file: Path) -> Watch:
    if not file.is_file():
        raise NoDescriptionError(f"{OPENAPI} names {file}, which is not there")
    # The validator is a tool of development: whoever does not hold anything against it does not need it installed.
    from bot.sandbox.discord.description.ledger import Ledger  # noqa: PLC0415
    from bot.sandbox.discord.description.operations import load  # noqa: PLC0415
    from bot.sandbox.discord.description.watching import Watch  # noqa: PLC0415

    return Watch(load(file), Ledger())
