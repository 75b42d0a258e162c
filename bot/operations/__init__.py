"""What an operator asks and tells the bot from outside, beside a running one: one function for each command.

Each call opens the database for itself, changes what it must in one transaction, and leaves the rest to the bot: it looks
for work every second.
"""

from bot.memberships.apply import NEEDS_YES
from bot.operations.engine import as_json, drop, explain, held, release
from bot.operations.keys import CannotRotateError, rotate_keys
from bot.operations.webhooks import listed, replay

__all__ = [
    "NEEDS_YES",
    "CannotRotateError",
    "as_json",
    "drop",
    "explain",
    "held",
    "listed",
    "release",
    "replay",
    "rotate_keys",
]
