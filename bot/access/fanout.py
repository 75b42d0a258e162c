"""A fact that reaches many members, unfolded into work in pages, with the place remembered.

One page is one transaction: its members' marks and the cursor that says where the next begins. A killed process goes
on where it was, and two that unfold the same row do each page once.

A guild gets its next page when the last one is mostly done, because Discord takes about one member of a guild a
second: of thousands, those given a role would else be seen again only after the last of the crowd had theirs, and every
look for what is due would pass over all who wait in one line.
"""

from bot.access.audience import guild_of, page
from bot.access.work import Work
from bot.database import transaction
from bot.ids import GuildId
from models import FanOut, Refusal
from models.access import Urgency

PAGE = 200


class FanOuts:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def unfold(self) -> bool:
        """Unfold one page of the oldest fan-out whose guild has room for it; False when there is none."""
        row = await self._next()
        if row is None:
            return False
        async with transaction():
            members, cursor = await page(row.kind, row.subject, row.cursor, size=PAGE)
            here = FanOut.filter(id=row.id, cursor=row.cursor)
            moved = await (here.delete() if cursor is None else here.update(cursor=cursor))
            if not moved:  # somebody else did this page
                return True
            if row.kind == "guild" and row.cursor == "":
                # Something changed there: a guild that refused us is asked again.
                await Refusal.filter(guild_id=GuildId(int(row.subject))).delete()
            await self._work.mark(members, urgency=Urgency.BULK)
        return True

    async def unfold_all(self) -> None:
        """Unfold whatever there is room for."""
        while await self.unfold():
            pass

    async def _next(self) -> FanOut | None:
        asked = set[GuildId]()
        for row in await FanOut.all().order_by("id"):
            guild_id = await guild_of(row.kind, row.subject)
            if guild_id is None:
                return row
            if guild_id not in asked and not await self._work.is_crowded(guild_id, PAGE):
                return row
            asked.add(guild_id)
        return None
