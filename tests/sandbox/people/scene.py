"""A server to play in: Ana owns it, the bot is in it, Fred is a member and holds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.sandbox.discord.driver import Driver

MANAGE_GUILD, MANAGE_ROLES, KICK_MEMBERS, BAN_MEMBERS = 1 << 5, 1 << 28, 1 << 1, 1 << 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Who and where, by id."""

    ana: int
    fred: int
    guild: int
    gold: int

    @classmethod
    async def set_with(cls, driver: Driver) -> Scene:
        ana = await driver.create_user("ana")
        fred = await driver.create_user("fred")
        guild = await driver.create_guild(ana, "Ana's garden")
        await driver.add_bot(guild, ana, MANAGE_ROLES | KICK_MEMBERS)
        gold = await driver.create_role(guild, "Gold")
        await driver.join(guild, fred)
        return cls(ana=ana, fred=fred, guild=guild, gold=gold)
