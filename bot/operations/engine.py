"""What is held, and why a member is as they are."""

from collections.abc import Iterable

import msgspec

from bot.access.audit import Audit
from bot.access.explain import UNKNOWN, Explain, Explanation
from bot.access.facts import FactsReader
from bot.access.holds import Held, Holds
from bot.access.work import Work
from bot.clock import system_clock
from bot.config import Config
from bot.database import open_database
from bot.ids import Member


async def held(config: Config) -> list[Held]:
    async with open_database(config.database_url):
        return await _holds(config).list()


async def release(config: Config, hold_ids: Iterable[int] | None) -> int:
    """How many of these (None: of all) were released; each is decided anew."""
    async with open_database(config.database_url):
        return await _holds(config).release(hold_ids)


async def drop(config: Config, hold_ids: Iterable[int] | None) -> int:
    """How many of these were forgotten."""
    async with open_database(config.database_url):
        return await _holds(config).drop(hold_ids)


async def explain(config: Config, member: Member) -> Explanation | None:
    """Why a member is as they are; None: the bot never was in a server of this id."""
    async with open_database(config.database_url):
        found = await Explain(FactsReader(system_clock, config), Audit(system_clock)).member(member)
        return None if found.guild == UNKNOWN else found


def as_json(explanation: Explanation) -> str:
    return msgspec.json.format(msgspec.json.encode(explanation), indent=2).decode()


def _holds(config: Config) -> Holds:
    return Holds(system_clock, config, Work(system_clock), Audit(system_clock))
