"""What was seen of a member in Discord: the one value that a read yields and a plan compares with.

It knows nothing of how it was read (a member event, gateway op 8, or one GET), and no Discord type.
"""

from dataclasses import dataclass

from bot.ids import RoleId
from models.access import StayState


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    state: StayState
    roles: frozenset[RoleId] = frozenset()
    """Without ``@everyone``."""
    boosting: bool = False

    @property
    def present(self) -> bool:
        return self.state in {StayState.IN, StayState.PENDING}


ABSENT = Observed(state=StayState.ABSENT)
