"""How many people may lose access before a person has to say so (DESIGN §6.7).

Pure. An outage, a lost stream of renewals or a wrong deployment looks, to a bot, exactly like everybody leaving at
once; a budget is what tells them apart. The numbers count people, not roles. A floor of ten holds for stated ends
too: in a small shop three refunds in an hour are a Tuesday.
"""

from dataclasses import dataclass
from datetime import timedelta

from bot.access.desired import EndCause

WINDOW = {EndCause.INFERRED: timedelta(hours=24), EndCause.STATED: timedelta(hours=1)}
SURENESS = (EndCause.INFERRED, EndCause.STATED)
"""What counts, the less sure first. A person's own act, or one confirmed on a preview that named the number, does not."""
SHARE = 0.2
FLOOR = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What the brake looks at before one more end of one cause."""

    there: int
    """Inferred: people who held a grant in this guild when the window opened. Stated: memberships living then."""
    ended: int
    """People whose access was ended for this cause since: in this guild, or everywhere."""

    @property
    def limit(self) -> int:
        return max(FLOOR, int(SHARE * self.there))

    @property
    def admits_one_more(self) -> bool:
        return self.ended < self.limit
