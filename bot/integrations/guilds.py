"""The servers as last seen: their roles in order, and what the bot may do there.

The gateway tells of every change by itself, so the picture in the database is current without anybody pressing
Refresh Roles. A picture that differs in something access depends on looks again at everybody in that server, in the
transaction that stores it; a new name or colour does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.clock import Clock
from bot.database import transaction
from bot.discord.guild_reader import GuildSnapshot, RoleSnapshot
from bot.ids import GuildId, RoleId
from bot.integrations.ladder import Ladder, draw_ladder
from bot.integrations.ports import Work
from models import Guild, GuildRole, Integration
from models.integrations import IntegrationState


class Reviews(Protocol):
    """``bot.integrations.health``."""

    async def review(self, guild_id: GuildId) -> None:
        """Judge every integration on the server anew; in the caller's transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bearing:
    """What of a guild bears on access."""

    present: bool
    owner_id: int
    permissions: int
    joins_paused: bool
    roles: frozenset[tuple[int, bool, bool, int]]
    """Of each role: id, whether it stands below the bot's, managed, permissions."""


class Guilds:
    def __init__(self, *, clock: Clock, work: Work, health: Reviews) -> None:
        self._clock = clock
        self._work = work
        self._health = health

    async def note(self, snapshot: GuildSnapshot) -> bool:
        """Store how a guild looks now; returns whether anything that bears on access changed."""
        async with transaction():
            known = await Guild.get_or_none(id=snapshot.id)
            roles = {row.id: row for row in await GuildRole.filter(guild_id=snapshot.id)}
            changed = known is None or _stored(known, roles.values()) != _shown(snapshot)
            await self._store(snapshot, known)
            await _store_roles(snapshot, roles)
            if changed:
                await self._changed(snapshot.id)
        return changed

    async def note_gone(self, guild_id: GuildId) -> None:
        """The bot is not in the guild any more: nothing is forgotten, everything waits."""
        async with transaction():
            if await Guild.filter(id=guild_id, bot_present=True).update(
                bot_present=False, seen_at=self._clock()
            ):
                # Whoever adds it again need not be whom it worked for: see ``returns``.
                await (
                    Integration.filter(guild_id=guild_id)
                    .exclude(state=IntegrationState.CLOSED)
                    .update(vouch_at=self._clock())
                )
                await self._changed(guild_id)

    async def note_listed(self, listed: Iterable[GuildId]) -> None:
        """These are all the guilds the bot is in: from the others it was removed while nobody listened."""
        there = set(listed)
        for row in await Guild.filter(bot_present=True).only("id"):
            if row.id not in there:
                await self.note_gone(GuildId(row.id))

    async def name(self, guild_id: GuildId) -> str | None:
        """The server's name; None: it was never seen."""
        guild = await Guild.get_or_none(id=guild_id)
        return guild.name if guild else None

    async def ladder(self, guild_id: GuildId, *, role_ids: Iterable[RoleId] = ()) -> Ladder | None:
        """The roles top to bottom, and what of them the bot can give; ``role_ids`` are the ones it is about.

        None: the guild was never seen.
        """
        guild = await Guild.get_or_none(id=guild_id)
        if guild is None:
            return None
        roles = await GuildRole.filter(guild_id=guild_id).order_by("-position", "id")
        return draw_ladder(guild, roles, wanted=frozenset(role_ids))

    async def _changed(self, guild_id: GuildId) -> None:
        await self._health.review(guild_id)
        await self._work.fan_out("guild", str(guild_id))

    async def _store(self, snapshot: GuildSnapshot, known: Guild | None) -> None:
        top = snapshot.bot_top_role
        row = known or Guild(id=snapshot.id)
        row.name = snapshot.name
        row.owner_id = snapshot.owner_id
        row.bot_present = True
        row.bot_permissions = snapshot.bot_permissions
        row.bot_top_position = snapshot.bot_top_position
        row.bot_top_role_id = top.id if top else None
        row.joins_paused = snapshot.joins_paused
        row.seen_at = self._clock()
        await row.save(force_create=known is None, force_update=known is not None)


async def _store_roles(snapshot: GuildSnapshot, stored: dict[int, GuildRole]) -> None:
    there = {int(role.id) for role in snapshot.roles}
    if stored.keys() - there:
        await GuildRole.filter(id__in=stored.keys() - there).delete()
    await GuildRole.bulk_create(
        [role_row(snapshot.id, role) for role in snapshot.roles if role.id not in stored]
    )
    for role in snapshot.roles:
        row = stored.get(role.id)
        if row is not None and _differs(row, role):
            await role_row(snapshot.id, role).save(force_update=True)


def role_row(guild_id: GuildId, role: RoleSnapshot) -> GuildRole:
    return GuildRole(
        id=role.id,
        guild_id=guild_id,
        name=role.name,
        position=role.position,
        permissions=role.permissions,
        managed=role.managed,
    )


def _differs(row: GuildRole, role: RoleSnapshot) -> bool:
    return (row.name, row.position, row.permissions, row.managed) != (
        role.name,
        role.position,
        role.permissions,
        role.managed,
    )


def _stored(guild: Guild, roles: Iterable[GuildRole]) -> _Bearing:
    top = guild.bot_top_position
    return _Bearing(
        present=guild.bot_present,
        owner_id=guild.owner_id,
        permissions=guild.bot_permissions,
        joins_paused=guild.joins_paused,
        roles=frozenset((role.id, role.position < top, role.managed, role.permissions) for role in roles),
    )


def _shown(snapshot: GuildSnapshot) -> _Bearing:
    top = snapshot.bot_top_position
    return _Bearing(
        present=True,
        owner_id=snapshot.owner_id,
        permissions=snapshot.bot_permissions,
        joins_paused=snapshot.joins_paused,
        roles=frozenset(
            (int(role.id), role.position < top, role.managed, role.permissions) for role in snapshot.roles
        ),
    )
