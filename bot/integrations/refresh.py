"""Refresh Roles: look at a server's roles now, for whoever does not want to wait until the gateway tells.

It needs no more than Manage Server. A server that was set aside because Discord refused us there is tried again:
somebody has just been in its settings.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.discord.codes import Failure
from bot.discord.guild_reader import GuildSnapshot
from bot.discord.permissions import Permission
from bot.ids import GuildId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.guilds import Guilds
from bot.integrations.integrations import Integrations
from models import Guild, GuildRole

type TryAgain = Callable[[GuildId], Awaitable[None]]


class Reader(Protocol):
    """``bot.discord.guild_reader``."""

    async def read(self, guild_id: GuildId) -> GuildSnapshot | Failure: ...

    def seen(self, guild_id: GuildId) -> GuildSnapshot | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What differs from the picture as it was stored, in words that end a sentence beginning with a role."""

    changes: tuple[str, ...] = ()


class Refresh:
    def __init__(
        self, *, reader: Reader, guilds: Guilds, integrations: Integrations, try_again: TryAgain
    ) -> None:
        self._reader = reader
        self._guilds = guilds
        self._integrations = integrations
        self._try_again = try_again

    async def refresh(self, *, by: Actor) -> Refreshed | Refused | Failure:
        if not by.may(Permission.MANAGE_GUILD):
            return Refused(why=Refusal.NO_MANAGE_SERVER)
        snapshot = await self._reader.read(by.guild_id)
        if not isinstance(snapshot, GuildSnapshot):
            return snapshot
        before = await _picture(by.guild_id)
        await self._guilds.note(snapshot)
        await self._integrations.vouch(by=by)
        await self._integrations.note_roles_refreshed(by.guild_id)
        await self._try_again(by.guild_id)
        return Refreshed(changes=tuple(_differences(before, await _picture(by.guild_id))))

    async def look_now(self, guild_id: GuildId) -> Failure | None:
        """Ask Discord how this server stands, for whoever's rights hang on it at this moment; None: it was stored."""
        snapshot = await self._reader.read(guild_id)
        if not isinstance(snapshot, GuildSnapshot):
            return snapshot
        await self._guilds.note(snapshot)
        return None

    async def look(self, guild_id: GuildId) -> None:
        """Make sure that there is a picture of this server at all."""
        if await Guild.exists(id=guild_id, bot_present=True):
            return
        snapshot = self._reader.seen(guild_id) or await self._reader.read(guild_id)
        if isinstance(snapshot, GuildSnapshot):
            await self._guilds.note(snapshot)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    name: str
    in_reach: bool


async def _picture(guild_id: GuildId) -> dict[int, _Seen]:
    guild = await Guild.get_or_none(id=guild_id)
    top = guild.bot_top_position if guild else 0
    roles = await GuildRole.filter(guild_id=guild_id).exclude(id=guild_id).order_by("-position", "id")
    return {role.id: _Seen(name=role.name, in_reach=role.position < top) for role in roles}


def _differences(before: dict[int, _Seen], now: dict[int, _Seen]) -> list[str]:
    changes = [f"{role.name} is gone" for role_id, role in before.items() if role_id not in now]
    for role_id, role in now.items():
        was = before.get(role_id)
        if was is None:
            changes.append(f"{role.name} is new")
        elif was.name != role.name:
            changes.append(f"{was.name} is now called {role.name}")
        if was is not None and was.in_reach is not role.in_reach:
            changes.append(f"{role.name} is now {'in' if role.in_reach else 'out of'} reach")
    return changes
