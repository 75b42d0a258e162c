"""Whether a bot is at work with these settings, and what it says about itself at ``OPS_BIND``."""

from dataclasses import dataclass, replace

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.config import Config
from bot.database import DatabaseError, is_in_use
from bot.readers import Address

_TIMEOUT = ClientTimeout(total=5)
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """``/readyz`` of a bot that answered there."""

    ready: bool
    lacking: tuple[str, ...]
    attention: tuple[str, ...]
    keys: tuple[str, ...]
    """Fingerprints of the SECRET_KEYS it was started with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """Nothing that is this bot answers at ``OPS_BIND``."""

    holds_database: bool | None
    """A bot works on the database all the same; None: nobody can tell (PostgreSQL)."""


async def look(config: Config) -> Running | Silent:
    async with ClientSession(timeout=_TIMEOUT) as http:
        try:
            async with http.get(f"http://{_authority(config.ops_bind)}/readyz") as answer:
                said = await answer.json()
                return Running(
                    ready=said["ready"],
                    lacking=tuple(said["lacking"]),
                    attention=tuple(said["attention"]),
                    keys=tuple(said["keys"]),
                )
        except (ClientError, OSError, ValueError, KeyError, TypeError):
            return Silent(holds_database=_in_use(config))


def _in_use(config: Config) -> bool | None:
    try:
        return is_in_use(config.database_url)
    except (DatabaseError, OSError):
        return None


def _authority(bind: Address) -> str:
    return str(replace(bind, host=_EVERYWHERE.get(bind.host, bind.host)))
