"""What was held against the description, how often, and what did not fit; gathered from every process that took part.

Each process writes its own file into the folder that DISCORD_OPENAPI_LEDGER names, or into one below it; whoever started them all reads
the folder and prints one table.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LEDGER = "DISCORD_OPENAPI_LEDGER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What did not fit: in which operation, and while which test ran."""

    operation: str
    fault: str
    test: str = ""

    def __str__(self) -> str:
        during = f" (in {self.test})" if self.test else ""
        return f"{self.operation}: {self.fault}{during}"


@dataclass(slots=True)
class Ledger:
    """Counts by operation, and the violations in the order in which they were seen."""

    held: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    def note(self, operation: str, faults: list[str]) -> None:
        """Count one exchange or frame, and what was wrong with it."""
        self.held[operation] += 1
        test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        self.violations += [Violation(operation=operation, fault=fault, test=test) for fault in faults]

    def write(self, folder: Path) -> None:
        """Leave this process's file in the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"held": self.held, "violations": [asdict(each) for each in self.violations]})
        part = folder / f"{os.getpid()}.part"
        part.write_text(text, encoding="utf-8")
        part.replace(folder / f"{os.getpid()}.json")

    def table(self) -> str:
        """Return the table for people: operation, how often, violations."""
        wrong = Counter(each.operation for each in self.violations)
        width = max((len(name) for name in self.held), default=0)
        lines = [f"{name:<{width}}  {self.held[name]:>7}  {wrong[name]:>4}" for name in sorted(self.held)]
        head = f"{'operation':<{width}}  {'held':>7}  violations"
        total = f"{len(self.held)} operations, {self.held.total()} times, violations: {len(self.violations)}"
        return "\n".join([head, *lines, total])


def read(folder: Path) -> Ledger:
    """Add up what all processes left in the folder."""
    whole = Ledger()
    for file in sorted(folder.rglob("*.json")):
        part = json.loads(file.read_text(encoding="utf-8"))
        whole.held.update(part["held"])
        whole.violations += [Violation(**each) for each in part["violations"]]
    return whole
