"""What the doctor says: one line for each thing, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    GOOD = "✓"
    BAD = "✗"
    UNKNOWN = "·"
    """Could not be looked at, or there is nothing to look at; nothing is known to be wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    mark: Mark
    about: str
    says: str
    do: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.mark} {self.about}: {self.says}", *(f"    → {each}" for each in self.do)]
        return "\n".join(lines)


def good(about: str, says: str) -> Finding:
    return Finding(mark=Mark.GOOD, about=about, says=says)


def bad(about: str, says: str, *do: str) -> Finding:
    return Finding(mark=Mark.BAD, about=about, says=says, do=do)


def unknown(about: str, says: str, *do: str) -> Finding:
    return Finding(mark=Mark.UNKNOWN, about=about, says=says, do=do)
