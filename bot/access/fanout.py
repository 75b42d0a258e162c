"""A fact that reaches many members, unfolded into work in pages, with the place remembered.

One page is one transaction: its members' marks and the cursor that says where the next begins. A killed process goes
on where it was, and two that unfold the same row do each page once.
"""

from bot.access.audience import page
from bot.access.work import Work
from bot.database import transaction
from bot.ids import GuildId
from models import FanOut, Refusal
from models.access import Urgency

PAGE = 500


class FanOuts:
    def __init__(self, work: Work) -> None:
        self._work = work

    async def unfold(self) -> bool:
        """Unfold one page of the oldest fan-out; False when there is none."""
        async with transaction():
            row = await FanOut.all().order_by("id").first()
            if row is None:
                return False
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
        while await self.unfold():
            pass
