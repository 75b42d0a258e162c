"""What the gateway tells by itself, put down as facts: how servers look, and how members do.

Cheap on purpose: no event costs a REST call, and a burst (dragging one role tells of every role between) is stored
once. Whatever is missed while the connection is down comes with the next one: each session begins with all guilds.
"""

import asyncio
from typing import Protocol

import nextcord

from bot.discord.guild_reader import GuildReader
from bot.discord.observed import Observed
from bot.ids import GuildId, Member
from bot.integrations.guilds import Guilds

_BURST_S = 0.05


class Seen(Protocol):
    """``bot.access``: records a sighting, and marks work only where something differs."""

    async def note(self, member: Member, observed: Observed, /) -> None: ...


class Listeners:
    def __init__(self, *, guilds: Guilds, reader: GuildReader, seen: Seen) -> None:
        self._guilds = guilds
        self._reader = reader
        self._seen = seen
        self._changed: set[int] = set()
        self._storing = asyncio.Lock()

    def install(self, client: nextcord.Client) -> None:
        self._client = client
        client.add_listener(self.guild_changed, "on_guild_available")
        client.add_listener(self.guild_changed, "on_guild_join")
        client.add_listener(self.guild_updated, "on_guild_update")
        client.add_listener(self.guild_removed, "on_guild_remove")
        client.add_listener(self.guilds_listed, "on_guilds_listed")
        client.add_listener(self.role_changed, "on_guild_role_create")
        client.add_listener(self.role_changed, "on_guild_role_delete")
        client.add_listener(self.role_updated, "on_guild_role_update")
        client.add_listener(self.member_seen, "on_member_seen")

    async def guild_changed(self, guild: nextcord.Guild) -> None:
        await self._look_at(guild.id)

    async def guild_updated(self, _before: nextcord.Guild, after: nextcord.Guild) -> None:
        await self._look_at(after.id)

    async def role_changed(self, role: nextcord.Role) -> None:
        await self._look_at(role.guild.id)

    async def role_updated(self, _before: nextcord.Role, after: nextcord.Role) -> None:
        await self._look_at(after.guild.id)

    async def guild_removed(self, guild: nextcord.Guild) -> None:
        async with self._storing:
            await self._guilds.note_gone(GuildId(guild.id))

    async def guilds_listed(self, listed: frozenset[GuildId]) -> None:
        async with self._storing:
            await self._guilds.note_listed(listed)

    async def member_seen(self, member: Member, observed: Observed) -> None:
        """Anybody else's change is about them; the bot's own, about what it may do."""
        me = self._client.user
        if me is not None and member.account_id == me.id:
            await self._look_at(member.guild_id)
        else:
            await self._seen.note(member, observed)

    async def _look_at(self, guild_id: int) -> None:
        """Store the picture once for a burst of events; one at a time, so that an older one never comes last."""
        if guild_id in self._changed:
            return
        self._changed.add(guild_id)
        await asyncio.sleep(_BURST_S)
        async with self._storing:
            self._changed.discard(guild_id)
            snapshot = self._reader.seen(GuildId(guild_id))
            if snapshot is not None:
                await self._guilds.note(snapshot)
