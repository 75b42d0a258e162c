"""Who somebody is on the platform: the value that every proof in this room yields."""

import re
from dataclasses import dataclass

from models.identity import PersonKind

_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    kind: PersonKind
    id: str
    name: str
    """As the platform last gave it; for reading, never for matching."""

    def is_same_as(self, other: "Person") -> bool:
        """Names change; who it is does not."""
        return (self.kind, self.id) == (other.kind, other.id)


def is_platform_id(text: str) -> bool:
    """Whether ``text`` has the shape of the platform's ids (DESIGN §3)."""
    return _ID.fullmatch(text) is not None
