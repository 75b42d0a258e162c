"""What the gateway tells by itself, put down as facts: how servers look, and how members do.

Cheap on purpose: no event costs a REST call, and a burst (dragging one role tells of every role between) is stored
once. Whatever is missed while the connection is down comes with the next one: each session begins with all guilds.
What comes while the database is away is told only once, and so is kept until it can be stored.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

import nextcord
import structlog

from bot.database import STORAGE_ERRORS
from bot.discord.guild_reader import GuildReader
from bot.discord.observed import Observed
from bot.ids import GuildId, Member
from bot.integrations.guilds import Guilds

log = structlog.get_logger()

_BURST_S = 0.05
_TRIED_AGAIN_AFTER_S = 0.5
_TRIED_AGAIN_AFTER_AT_MOST_S = 30.0


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
        await self._store(partial(self._note_gone, GuildId(guild.id)))

    async def guilds_listed(self, listed: frozenset[GuildId]) -> None:
        await self._store(partial(self._note_listed, listed))

    async def member_seen(self, member: Member, observed: Observed) -> None:
        """Anybody else's change is about them; the bot's own, about what it may do."""
        me = self._client.user
        if me is not None and member.account_id == me.id:
            await self._look_at(member.guild_id)
        else:
            await self._store(partial(self._seen.note, member, observed))

    async def _look_at(self, guild_id: int) -> None:
        """Store the picture once for a burst of events."""
        if guild_id in self._changed:
            return
        self._changed.add(guild_id)
        await asyncio.sleep(_BURST_S)
        await self._store(partial(self._note, GuildId(guild_id)))

    async def _note(self, guild_id: GuildId) -> None:
        self._changed.discard(guild_id)
        snapshot = self._reader.seen(guild_id)
        if snapshot is not None:
            await self._guilds.note(snapshot)

    async def _note_gone(self, guild_id: GuildId) -> None:
        """It was removed, and may be back by now: that comes last, but whoever added it has to be vouched for."""
        await self._guilds.note_gone(guild_id)
        await self._note(guild_id)

    async def _note_listed(self, listed: frozenset[GuildId]) -> None:
        """As with ``_note_gone``: to what is not in the list the bot may have come since."""
        await self._guilds.note_listed(listed)
        for guild in self._client.guilds:
            if guild.id not in listed:
                await self._note(GuildId(guild.id))

    async def _store(self, act: Callable[[], Awaitable[object]]) -> None:
        """One at a time, so that an older picture never comes last; until the database takes it.

        A member seen before another sighting may be stored after it: that only has them looked at.
        """
        wait_s = _TRIED_AGAIN_AFTER_S
        while True:
            try:
                async with self._storing:
                    await act()
            except STORAGE_ERRORS:
                log.warning("not_stored_yet", again_in_s=wait_s, exc_info=True)
            else:
                return
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, _TRIED_AGAIN_AFTER_AT_MOST_S)
