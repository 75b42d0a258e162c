"""Guilds that refuse us, set aside until something there changes, their creator tries again, or a day has passed.

Discord bans an address after 10,000 answers of 401, 403 or 429 within ten minutes (its documentation, "Rate limits",
invalid requests), so one server's wrong permission must not be asked about again and again for each of its members.
"""

from datetime import timedelta

import structlog

from bot.access.work import Work
from bot.clock import Clock
from bot.database import transaction
from bot.ids import GuildId
from models import Refusal

log = structlog.get_logger()

REST = timedelta(days=1)


class Refusals:
    def __init__(self, clock: Clock, work: Work) -> None:
        self._clock = clock
        self._work = work

    async def set_aside(self, guild_id: GuildId, code: int | None) -> None:
        """Leave the guild alone: it refused something that the picture of it says we may do."""
        now = self._clock()
        values = {"code": code or 0, "since": now, "until": now + REST}
        await Refusal.update_or_create(defaults=values, guild_id=guild_id)
        log.warning("guild_set_aside", guild_id=guild_id, code=code)

    async def try_again(self, guild_id: GuildId) -> None:
        """Ask the guild anew, with everybody in it; a fan-out of the guild forgets the refusal."""
        async with transaction():
            await Refusal.filter(guild_id=guild_id).delete()
            await self._work.fan_out("guild", str(guild_id))

    async def count(self) -> int:
        """How many guilds are set aside."""
        return await Refusal.all().count()

    async def expire(self) -> None:
        """Ask those guilds anew whose day has passed."""
        for row in await Refusal.filter(until__lte=self._clock()):
            await self.try_again(GuildId(row.guild_id))
