"""Reads what a creator sells, when they sign in and when memberships are caught up."""

import asyncio
from datetime import timedelta

import structlog

from bot.database import transaction
from bot.ids import CreatorId
from bot.memberships.apply import Snapshots
from bot.memberships.contract import TierSnapshot
from bot.memberships.silence import Silence
from bot.memberships.truth import Page, Silent, Truth
from models import Tier

log = structlog.get_logger()

PATIENCE = timedelta(seconds=3)
"""How long somebody who signs in waits at most for their newest tier; what came by then is there."""


class Tiers:
    """``truth`` None: what webhooks and memberships said is all there is."""

    def __init__(self, *, truth: Truth | None, snapshots: Snapshots, silence: Silence) -> None:
        self._truth = truth
        self._snapshots = snapshots
        self._silence = silence

    async def greet(self, creator_id: CreatorId) -> None:
        """Read the tiers of a creator who is at the door; whatever goes wrong, they come in."""
        if self._truth is None or self._silence.rests:
            return
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                await self.read(creator_id)
        except TimeoutError:
            await self._silence.kept(Silent(why="TimeoutError"))
        except Exception:
            log.exception("tiers_not_read", creator_id=creator_id)

    async def read(self, creator_id: CreatorId) -> bool:
        """Read all of a creator's tiers; False: not all of them came."""
        cursor = None
        while self._truth is not None:
            page = await self._truth.tiers(creator_id, cursor=cursor)
            if isinstance(page, Silent):
                await self._silence.kept(page)
                return False
            await self._silence.heard()
            await self._apply(creator_id, page)
            cursor = page.next_cursor
            if cursor is None:
                return True
        return False

    async def _apply(self, creator_id: CreatorId, page: Page[TierSnapshot]) -> None:
        for problem in page.unreadable:
            log.error("truth_unreadable", about="tier", problem=str(problem))
        ids = [tier.id for tier in page.snapshots]
        known = dict(await Tier.filter(id__in=ids).values_list("id", "version"))
        for tier in page.snapshots:
            if tier.creator_id != creator_id:
                log.error("truth_unreadable", about="tier", problem=f"{tier.id} is another creator's")
            elif tier.version > known.get(tier.id, -1):
                async with transaction():
                    await self._snapshots.apply(tier)
