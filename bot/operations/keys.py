"""Put everything that is stored encrypted under the first of SECRET_KEYS.

A running bot that was started before the key was put there could not read what this writes, and would take it for
lost; so it is asked first which keys it has.
"""

from bot.clock import system_clock
from bot.config import Config
from bot.database import open_database
from bot.discord.oauth import OAuth
from bot.fans.tokens import Resealed, Tokens
from bot.fans.vault import fingerprint
from bot.operations.running import Running, Silent, look


class CannotRotateError(Exception):
    """Nothing was changed; the message says why and what to do."""


async def rotate_keys(config: Config) -> Resealed:
    """Safe to repeat, and beside the running bot; raises CannotRotateError and DatabaseError."""
    match await look(config):
        case Running(keys=keys) if fingerprint(config.secret_keys[0]) not in keys:
            raise CannotRotateError(
                "The running bot was started without the first of SECRET_KEYS, and could not read what this would "
                "write. Restart the bot with these settings, then run this again. Nothing was changed."
            )
        case Silent(holds_database=True):
            raise CannotRotateError(
                "A bot is running on this database, but does not answer at OPS_BIND, so it cannot be asked whether it "
                "has the new key. Run this where OPS_BIND is reachable, or stop the bot first. Nothing was changed."
            )
    async with open_database(config.database_url):
        return await Tokens(system_clock, config, OAuth(config, system_clock)).reseal()
