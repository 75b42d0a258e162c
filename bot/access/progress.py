"""How one pass over a member goes: what was done, what is unfinished, and when to look next.

Outcomes come in as values and leave as a :class:`Verdict`. Nothing here calls anybody.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.access.changes import Change, Give, Join, Take
from bot.discord.outcomes import Absent, AlreadySo, Applied, NeedsPerson, Outcome, RetryAfter, Thing

GUILD_GONE = timedelta(hours=1)
_REFUSES_US = frozenset({"missing_access", "missing_permissions", "two_factor"})
"""What a guild says that lets us do nothing, although the picture of it says we may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is to come of a member after a pass."""

    next_at: datetime | None
    """When to look again; None: when something changes."""
    attempts: int = 0
    """Passes in a row that did not end converged, this one included."""
    retries: bool = False
    """``next_at`` is no appointment but a next try: it may be a little later, so that not all come back at once."""
    why: str | None = None
    """What is in the way, as one word."""
    at_rest: bool = False
    """Nothing is expected of this member but that somebody looks again, some day."""


@dataclass(slots=True)
class Progress:
    acted: bool = False
    """Discord was asked to change something in this pass; it is to be seen."""
    changed: bool = False
    """Discord said yes to something since the last look."""
    unfinished: bool = False
    """A role that should be there was refused or is not answered for: nothing is taken in its place."""
    look_again: bool = False
    """What was seen is out of date already."""
    stop: bool = False
    retry_after: timedelta | None = None
    trouble: str | None = None
    refused_by_guild: list[int | None] = field(default_factory=list)

    @property
    def to_be_seen(self) -> bool:
        """Something changed in this turn, and nothing says that it has to be tried later."""
        return self.changed and self.retry_after is None

    def waits(self, change: Change) -> bool:
        """A removal that belongs to a change, while its replacement is not there."""
        return self.unfinished and isinstance(change, Take) and change.is_replacement

    def note(self, change: Change, outcome: Outcome) -> None:
        adds = isinstance(change, Join | Give)
        match outcome:
            case Applied() | AlreadySo():
                self.acted = self.changed = True
                self.look_again |= isinstance(change, Join)
            case RetryAfter(after=after):
                self.acted = True
                self.unfinished |= adds
                self.retry_after = max(after, self.retry_after or timedelta())
            case NeedsPerson(why=why, code=code):
                self.unfinished |= adds
                self.trouble = why
                if why in _REFUSES_US:
                    self.refused_by_guild.append(code)
            case Absent(thing=Thing.ROLE):
                self.unfinished |= adds
                self.look_again |= not adds
            case Absent(thing=Thing.GUILD):
                self.stop = True
                self.retry_after = GUILD_GONE
            case Absent():
                self.stop = True
                self.look_again = not isinstance(change, Join)
                self.trouble = "account_gone" if isinstance(change, Join) else None
