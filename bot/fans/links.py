"""One fan, one Discord account: who proved both may tie them, and everybody concerned is told (DESIGN §5.5).

A person is shown a :class:`Preview` (whose account is replaced, from whom it is taken, masked) and what they press
is carried out only if it is still true. An account that stops being a fan's is an *end*: its access is work in the
same transaction. How often accounts change is counted on both sides, so that one payment does not serve a crowd.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.fans.ports import LinkNotices, Marks
from bot.ids import AccountId, FanId
from models.fans import Link, LinkChange
from models.memberships import Fan

WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedAccount:
    fan_id: FanId
    account_id: AccountId
    username: str
    linked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What linking would do, as a person is asked about it."""

    fan_id: FanId
    account_id: AccountId
    replaces: LinkedAccount | None = None
    """The fan's account until now; it loses what the fan bought."""
    taken_from: FanId | None = None
    """Another fan who holds the account until now."""
    taken_from_name: str | None = None
    """Masked."""

    @property
    def key(self) -> str:
        """Two previews with one key say the same."""
        old = self.replaces.account_id if self.replaces else ""
        said = f"{self.fan_id}|{self.account_id}|{old}|{self.taken_from or ''}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyLinked:
    """It is so already: nothing to ask, nothing to do."""

    link: LinkedAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class TooManyChanges:
    again_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FanUnknown:
    """There is no such fan, or the fan was deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    link: LinkedAccount
    replaced: LinkedAccount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLinked:
    """There was no link to end."""


type Foreseen = Preview | AlreadyLinked | TooManyChanges | FanUnknown


class Links:
    def __init__(self, clock: Clock, config: Config, work: Marks, notices: LinkNotices) -> None:
        self._clock = clock
        self._most_changes = config.account_changes
        self._work = work
        self._notices = notices

    async def of_fan(self, fan_id: FanId) -> LinkedAccount | None:
        return _read(await Link.get_or_none(fan_id=fan_id))

    async def of_account(self, account_id: AccountId) -> LinkedAccount | None:
        return _read(await Link.get_or_none(account_id=account_id))

    async def preview(self, fan_id: FanId, account_id: AccountId) -> Foreseen:
        """Say what linking them would do."""
        if not await Fan.exists(id=fan_id, deleted_at__isnull=True):
            return FanUnknown()
        mine, theirs = await self.of_fan(fan_id), await self.of_account(account_id)
        if mine and mine.account_id == account_id:
            return AlreadyLinked(link=mine)
        again_at = await self._again_at(fan_id, account_id)
        if again_at:
            return TooManyChanges(again_at=again_at)
        holder = await Fan.get_or_none(id=theirs.fan_id) if theirs else None
        return Preview(
            fan_id=fan_id,
            account_id=account_id,
            replaces=mine,
            taken_from=theirs.fan_id if theirs else None,
            taken_from_name=mask(holder.display_name) if holder else None,
        )

    async def link(
        self, fan_id: FanId, account_id: AccountId, username: str, *, agreed: str
    ) -> Linked | Foreseen:
        """Tie them, if ``agreed`` is the key of what is still true; otherwise the answer says what is true now.

        Both sides must have been proven by the caller.
        """
        async with transaction():
            foreseen = await self.preview(fan_id, account_id)
            if isinstance(foreseen, AlreadyLinked):  # people rename themselves at Discord
                await Link.filter(fan_id=fan_id).update(username=username[:64])
            if not isinstance(foreseen, Preview) or foreseen.key != agreed:
                return foreseen
            await self._release(foreseen)
            now = self._clock()
            made = await Link.create(
                fan_id=fan_id, account_id=account_id, username=username[:64], linked_at=now
            )
            await LinkChange.create(fan_id=fan_id, account_id=account_id, at=now)
            await self._notices.linked(account_id, fan_id)
            await self._work.mark_fan(fan_id, urgent=True)
            return Linked(link=_value(made), replaced=foreseen.replaces)

    async def unlink(self, fan_id: FanId) -> LinkedAccount | NotLinked:
        """End the link: what the fan bought ends for the account. Returns what was."""
        async with transaction():
            was = await self.of_fan(fan_id)
            if was is None:
                return NotLinked()
            await self._end(was)
            await self._notices.unlinked(was.account_id, fan_id)
            return was

    async def _release(self, preview: Preview) -> None:
        """End what stands in the way of a new link, on both sides."""
        if preview.replaces:
            await self._end(preview.replaces)
            await self._notices.unlinked(preview.replaces.account_id, preview.fan_id)
        held = await self.of_account(preview.account_id)
        if held:
            await self._end(held)
            await self._notices.link_moved(preview.account_id, from_fan=held.fan_id)

    async def _end(self, link: LinkedAccount) -> None:
        # Before the link goes: only through it are the fan's guilds known, and a pass that is under way must run again.
        await self._work.mark_fan(link.fan_id)
        await Link.filter(fan_id=link.fan_id).delete()
        await self._work.mark_account(link.account_id)

    async def _again_at(self, fan_id: FanId, account_id: AccountId) -> datetime | None:
        """When the next change is allowed, if the fan or the account has had too many."""
        of_fan = await LinkChange.filter(fan_id=fan_id).order_by("id").values_list("account_id", "at")
        of_account = await LinkChange.filter(account_id=account_id).order_by("id").values_list("fan_id", "at")
        waits = [
            self._wait([(str(who), at) for who, at in of_fan], str(account_id)),
            self._wait([(str(who), at) for who, at in of_account], str(fan_id)),
        ]
        return max((at for at in waits if at), default=None)

    def _wait(self, past: Sequence[tuple[str, datetime]], wanted: str) -> datetime | None:
        if not past or past[-1][0] == wanted:
            return None  # the first, or the same again after an unlink: no change
        since = self._clock() - WITHIN
        changes = [at for (before, _), (after, at) in pairwise(past) if before != after and at > since]
        if len(changes) < self._most_changes:
            return None
        return changes[-self._most_changes] + WITHIN if self._most_changes else self._clock() + WITHIN


def mask(name: str) -> str:
    """Enough to recognise one's own, not enough to learn another's."""
    return f"{name[:1]}•••"


def _read(found: Link | None) -> LinkedAccount | None:
    return _value(found) if found else None


def _value(found: Link) -> LinkedAccount:
    return LinkedAccount(
        fan_id=FanId(found.fan_id),
        account_id=AccountId(found.account_id),
        username=found.username,
        linked_at=found.linked_at,
    )
