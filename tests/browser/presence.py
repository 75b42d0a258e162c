"""Whether there is a Chromium to test with, and saying so when there is none.

Without one the tests of ``tests/browser`` are left out, which is said at the end of the run, so that nobody takes
them for passed. With ``PASSES_BROWSER=required``, as continuous integration sets it, a run that should hold them fails
instead: without a Chromium at once, and otherwise if none of them ran.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.ending import NOT_TRIED_AGAIN

NAMES = ("chromium", "chromium-browser", "google-chrome")
FOLDER = Path(__file__).parent


def chromium() -> str | None:
    """The program, if it is installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def is_required() -> bool:
    value = os.environ.get("PASSES_BROWSER", "")
    if value not in {"", "required"}:
        raise pytest.UsageError(f"PASSES_BROWSER is {value!r}; it must be 'required' or nothing")
    return value == "required"


class Presence:
    """Leaves the browser's tests out where they cannot run, and says what became of them."""

    def __init__(self, *, found: str | None, required: bool) -> None:
        self._found = found
        self._required = required
        self._ran = 0

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self._found:
            return
        ours = [item for item in items if item.path.is_relative_to(FOLDER)]
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.nodeid.startswith("tests/browser/"):
            self._ran += 1

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._required and not self._ran and not hasattr(session.config, "workerinput"):
            session.exitstatus = NOT_TRIED_AGAIN

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._required and not self._ran:
            terminalreporter.section("No test in a browser ran", sep="!", red=True, bold=True)
            terminalreporter.line("PASSES_BROWSER=required, so this run fails.")
        elif not self._found:
            terminalreporter.section("The tests in a browser were left out", sep="!", yellow=True, bold=True)
            terminalreporter.line("There is no Chromium here (Debian, Ubuntu: apt-get install chromium).")


def pytest_configure(config: pytest.Config) -> None:
    found, required = chromium(), is_required()
    if required and not found:
        raise pytest.UsageError(
            "PASSES_BROWSER=required, but there is no Chromium here: apt-get install chromium"
        )
    config.pluginmanager.register(Presence(found=found, required=required), "passes-browser-presence")
