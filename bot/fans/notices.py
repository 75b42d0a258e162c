"""What people are told: by direct message where that works, on the Memberships page where it does not.

A notice is written with the fact it tells and told once per key, however often the fact is seen. Sending is claimed by
moving its time: two senders at once send one message, and one that died is tried again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.access.way_back import WayBack
from bot.clock import Clock
from bot.config import Config
from bot.discord.outcomes import Absent, AlreadySo, Applied, NeedsPerson, Outcome, RetryAfter
from bot.fans.ports import Presence, Sender
from bot.fans.texts import TEXTS
from bot.ids import AccountId, CreatorId, FanId, Member
from models.fans import Notice
from models.memberships import Creator, Fan

log = structlog.get_logger()

MOST_ATTEMPTS = 8
SHOWN_FOR = timedelta(days=30)
_CLAIMED_FOR = timedelta(minutes=2)
_NOT_THERE_YET = timedelta(seconds=5)
_PAGE_ONLY = "page_only"
_PROVEN = "proven"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A notice for the Memberships page, because no direct message brought it."""

    text: str
    at: datetime


class Notices:
    def __init__(self, clock: Clock, config: Config, sender: Sender, presence: Presence) -> None:
        self._clock = clock
        self._presence = presence
        self._page = f"{config.public_url}/memberships"
        self._sender = sender

    async def welcome(
        self, member: Member, /, *, key: str, fan_id: FanId, guild_name: str, roles: Sequence[str]
    ) -> None:
        """Tell somebody that they are in: stored in the caller's transaction, sent by :meth:`deliver_due`."""
        data = {"guild": guild_name, "roles": list(roles)}
        await self._write("welcome", key, member.account_id, fan_id, data)

    async def farewell(
        self, member: Member, /, *, key: str, fan_id: FanId | None, guild_name: str, way_back: WayBack
    ) -> None:
        """Tell somebody, now, that they are about to be put out: afterwards there may be no shared server.

        Not in a transaction. Closed DMs are no error: the Memberships page says it instead.
        """
        data = {"guild": guild_name, "way_back": way_back.value}
        await self._write("farewell", key, member.account_id, fan_id, data)
        notice = await Notice.get_or_none(key=key[:128], send_at__isnull=False)
        if notice:
            await self._deliver(notice)

    async def linked(self, account_id: AccountId, fan_id: FanId) -> None:
        await self._about_link("linked", account_id, fan_id)

    async def unlinked(self, account_id: AccountId, fan_id: FanId) -> None:
        await self._about_link("unlinked", account_id, fan_id)

    async def link_moved(self, account_id: AccountId, *, from_fan: FanId) -> None:
        # Only on the page: the account now belongs to whoever moved it, and the fan who lost it has no other.
        await self._about_link("link_moved", account_id, from_fan, refused=_PAGE_ONLY)

    async def proven(self, account_id: AccountId, creator_id: CreatorId) -> None:
        """Tell an account that it is a creator's from now on: stored in the caller's transaction."""
        creator = await Creator.get_or_none(id=creator_id)
        key = f"{_PROVEN}:{creator_id}:{account_id}:{self._clock().isoformat()}"
        data = {"creator": creator.display_name if creator else creator_id}
        await self._write(_PROVEN, key, account_id, None, data)

    async def deliver_due(self) -> int:
        """Send what is due; returns how many were tried."""
        due = await Notice.filter(send_at__lte=self._clock()).order_by("send_at").limit(100)
        for notice in due:
            await self._deliver(notice)
        return len(due)

    async def for_page(self, fan_id: FanId) -> list[Told]:
        """What the fan was to be told lately and no direct message could bring; newest first."""
        since = self._clock() - SHOWN_FOR
        found = await Notice.filter(fan_id=fan_id, refused__isnull=False, created_at__gt=since).order_by(
            "-id"
        )
        return [Told(text=_text(notice), at=notice.created_at) for notice in found]

    async def _about_link(
        self, kind: str, account_id: AccountId, fan_id: FanId, *, refused: str | None = None
    ) -> None:
        fan = await Fan.get_or_none(id=fan_id)
        key = f"{kind}:{fan_id}:{account_id}:{self._clock().isoformat()}"
        data = {"fan": fan.display_name if fan else ""}
        await self._write(kind, key, account_id, fan_id, data, refused=refused)

    async def _write(  # noqa: PLR0913 - the parts of a notice
        self,
        kind: str,
        key: str,
        account_id: AccountId,
        fan_id: FanId | None,
        data: Mapping[str, Any],
        *,
        refused: str | None = None,
    ) -> None:
        now = self._clock()
        notice = Notice(
            key=key[:128],
            account_id=account_id,
            fan_id=fan_id,
            kind=kind,
            data={**data, "page": self._page},
            created_at=now,
            send_at=None if refused else now,
            refused=refused,
        )
        await Notice.bulk_create([notice], ignore_conflicts=True)

    async def _deliver(self, notice: Notice) -> None:
        now = self._clock()
        claim = Notice.filter(id=notice.id, send_at=notice.send_at)
        if await claim.update(send_at=now + _CLAIMED_FOR, attempts=notice.attempts + 1) != 1:
            return
        outcome = await self._send(notice)
        await Notice.filter(id=notice.id).update(**self._settled(outcome, notice.attempts + 1))

    async def _send(self, notice: Notice) -> Outcome:
        """Write to the person, once a server is shared: before, Discord would only refuse (50278).

        Where creators' accounts are is not kept; each asked for what it is told of.
        """
        account_id = AccountId(notice.account_id)
        if notice.kind == _PROVEN or await self._presence.meets(account_id):
            return await self._sender.send(account_id, _text(notice))
        return RetryAfter(after=_NOT_THERE_YET, why="no_shared_server")

    def _settled(self, outcome: Outcome, attempts: int) -> dict[str, Any]:
        now = self._clock()
        match outcome:
            case Applied() | AlreadySo():
                return {"sent_at": now, "send_at": None}
            case NeedsPerson(why=why):
                log.info("notice_refused", why=why)
                return {"refused": why[:64], "send_at": None}
            case Absent():
                return {"refused": "account_gone", "send_at": None}
            case RetryAfter(after=after) if attempts < MOST_ATTEMPTS:
                return {"send_at": now + max(after, timedelta(seconds=2**attempts))}
            case RetryAfter():
                return {"refused": "gave_up", "send_at": None}


def _text(notice: Notice) -> str:
    return TEXTS[notice.kind](notice.data)
