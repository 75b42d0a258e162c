"""A server for other people's clients: Ana owns it, the bot may give Gold there, Fred is a member and holds nothing."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.discord.driver import Driver

APPLICATION = 1200000000000000001
# Libraries read the application's id out of the first part, as Discord writes it there.
TOKEN = base64.b64encode(str(APPLICATION).encode()).decode().rstrip("=") + ".sandbox.token"
KICK_MEMBERS, BAN_MEMBERS, VIEW_AUDIT_LOG, MANAGE_ROLES = 1 << 1, 1 << 2, 1 << 7, 1 << 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Garden:
    """Who and where, by id."""

    ana: int
    fred: int
    guild: int

    @classmethod
    async def set_with(cls, driver: Driver) -> Garden:
        ana = await driver.create_user("ana")
        fred = await driver.create_user("fred")
        guild = await plant(driver, ana, "Garden")
        await driver.join(guild, fred)
        return cls(ana=ana, fred=fred, guild=guild)


async def plant(driver: Driver, owner: int, name: str) -> int:
    """Make a server with a Gold role below the bot's; return its id."""
    guild = await driver.create_guild(owner, name)
    await driver.add_bot(guild, owner, KICK_MEMBERS | BAN_MEMBERS | VIEW_AUDIT_LOG | MANAGE_ROLES)
    await driver.create_role(guild, "Gold")
    return guild
