"""Reads what changed at the platform, nightly and at each start, so that a lost webhook is lost for a day at most.

Each begins where the last successful one began, less ten minutes for what was under way then; the first reads
everything. A page applied is remembered, so that one that was cut off goes on and does not begin anew. Snapshots go the
way of webhooks: by version, so that what is known changes nothing. What a full list does not name is reported, never
ended: a list can be wrong in more ways than a membership can end.
"""

import asyncio
from datetime import datetime, timedelta

import structlog
from tortoise.expressions import Q

from bot.clock import Clock
from bot.database import STORAGE_ERRORS, transaction
from bot.memberships.apply import APPLIED, Snapshots
from bot.memberships.contract import MembershipSnapshot
from bot.memberships.ports import Creators
from bot.memberships.silence import Silence
from bot.memberships.tiers import Tiers
from bot.memberships.truth import Page, Silent, Truth
from models import CatchUp as Row
from models import Membership
from models.memberships import MembershipStatus

log = structlog.get_logger()

EVERY = timedelta(days=1)
OVERLAP = timedelta(minutes=10)
AT_MOST = timedelta(minutes=1)
"""How long one call goes on; a longer catch-up is finished by the next ones."""
NAMED = 10
"""How many of the missing are named in the log."""
_LIVING = (MembershipStatus.ACTIVE, MembershipStatus.CANCELED, MembershipStatus.PAST_DUE)


class CatchUps:
    """``truth`` None: the platform cannot be asked, and nothing is."""

    def __init__(  # noqa: PLR0913 - the rooms it stands between
        self,
        *,
        clock: Clock,
        truth: Truth | None,
        snapshots: Snapshots,
        silence: Silence,
        tiers: Tiers,
        creators: Creators,
    ) -> None:
        self._clock = clock
        self._truth = truth
        self._snapshots = snapshots
        self._silence = silence
        self._tiers = tiers
        self._creators = creators
        self._mine: int | None = None
        """The first that this process began itself."""
        self._is_awake = False
        """That one is finished: what happened before the process started is known."""

    async def run_due(self) -> None:
        """Catch up if a day has passed, the process has just started, or the last one was cut off."""
        while not self._silence.rests and await self._is_due():
            if not await self.run():
                return

    async def run(self) -> bool:
        """Finish the catch-up that was cut off, else make one; False: it could not be finished now."""
        if self._truth is None:
            return False
        row = await Row.filter(finished_at__isnull=True).order_by("id").first() or await self._begin()
        if not row.cursor:
            await self._read_tiers()
        pause_at = asyncio.get_running_loop().time() + AT_MOST.total_seconds()
        while True:
            page = await self._truth.memberships(since=row.since, cursor=row.cursor)
            if isinstance(page, Silent):
                await self._give_up(row, page)
                return False
            await self._silence.heard()
            applied = await self._apply(page, row)
            log.info("caught_up_page", read=len(page.snapshots), applied=applied)
            if self._truth.closed:
                return False
            if page.next_cursor is None:
                await self._finish(row)
                return True
            row.cursor = page.next_cursor
            await row.save(update_fields=["cursor"])
            if asyncio.get_running_loop().time() >= pause_at:
                return False

    async def _read_tiers(self) -> None:
        for creator_id in await self._creators.with_integrations():
            if not await self._tiers.read(creator_id):
                return

    async def _is_due(self) -> bool:
        if self._truth is None or self._truth.closed:
            return False
        last = await _last()
        if last is None or not self._is_awake:
            return True
        return self._clock() >= last.started_at + EVERY or await Row.exists(finished_at__isnull=True)

    async def _begin(self) -> Row:
        last = await _last()
        since = last.started_at - OVERLAP if last else None
        row = await Row.create(started_at=self._clock(), since=since)
        self._mine = self._mine or row.id
        return row

    async def _give_up(self, row: Row, silent: Silent) -> None:
        await self._silence.kept(silent)
        log.warning("catch_up_cut_off", why=silent.why, since=row.since and row.since.isoformat())
        if row.cursor and 400 <= silent.status < 500 and silent.status not in {401, 403, 408, 429}:
            # It forgot its own cursor: from the beginning, then.
            await Row.filter(id=row.id).update(cursor=None)

    async def _apply(self, page: Page[MembershipSnapshot], row: Row) -> int:
        for problem in page.unreadable:
            log.error("truth_unreadable", about="membership", problem=str(problem))
        ids = [snapshot.id for snapshot in page.snapshots]
        known = dict(await Membership.filter(id__in=ids).values_list("id", "version"))
        applied = 0
        for snapshot in page.snapshots:
            if self._truth and self._truth.closed:
                return applied
            if snapshot.version > known.get(snapshot.id, -1):
                applied += await self._apply_one(snapshot)
        named = Membership.filter(id__in=ids)
        await named.filter(missing_since__isnull=False).update(missing_since=None)
        if row.since is None:
            await named.update(listed_at=row.started_at)
        return applied

    async def _apply_one(self, snapshot: MembershipSnapshot) -> bool:
        """One snapshot that a mistake of ours keeps from being applied must not keep back all that follow."""
        try:
            async with transaction():
                return await self._snapshots.apply(snapshot) == APPLIED
        except STORAGE_ERRORS:
            raise
        except Exception:
            log.exception("truth_not_applicable", membership_id=snapshot.id)
            return False

    async def _finish(self, row: Row) -> None:
        if row.since is None:
            await self._report_missing(row.started_at)
        async with transaction():
            await Row.filter(id=row.id).update(finished_at=self._clock(), cursor=None)
            await Row.filter(id__lt=row.id).delete()
        self._is_awake = self._is_awake or row.id == self._mine
        log.info("caught_up", since=row.since and row.since.isoformat())

    async def _report_missing(self, started_at: datetime) -> None:
        """Those that a full list did not name, but for what may have been sold while it was read."""
        unnamed = Q(listed_at__isnull=True) | Q(listed_at__lt=started_at)
        lost = Membership.filter(unnamed, status__in=_LIVING, updated_at__lt=started_at - OVERLAP)
        lost = lost.filter(missing_since__isnull=True)
        count = await lost.count()
        if count:
            ids = await lost.order_by("id").limit(NAMED).values_list("id", flat=True)
            await lost.update(missing_since=self._clock())
            log.error("memberships_missing_at_platform", count=count, among_them=list(ids))


async def _last() -> Row | None:
    """The last successful one."""
    return await Row.filter(finished_at__isnull=False).order_by("-started_at").first()
