"""Fails the test that causes what does not fit Discord's own description, and prints at the end what was held against it.

Every sandbox Discord of every process writes into one folder; the table is their sum. What is seen too late to fail its test fails no
other one but the run. What does not fit is left in a file, so that trying the failed tests once more cannot forgive it. Without
``DISCORD_OPENAPI`` the run says that nothing was held against anything, so that nobody takes it for passed.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.discord import description
from bot.sandbox.discord.description.ledger import LEDGER, Violation, read

FOLDER = Path(__file__).parent / "sandbox" / "described"


class Held:
    """The verdict on each test; `folder` is where this process writes, and those that its tests start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._told: set[Violation] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        result = yield
        self._fail_on_new(item)
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        result = yield
        self._fail_on_new(item)
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        watch = description.watch()
        if watch and watch.ledger.held:
            watch.leave_ledger()

    def _fail_on_new(self, item: pytest.Item) -> None:
        seen = dict.fromkeys(each for each in self._violations() if each.test == item.nodeid)
        fresh = [each for each in seen if each not in self._told]
        self._told.update(fresh)
        if fresh:
            lines = "\n".join(f"{each.operation}: {each.fault}" for each in fresh)
            pytest.fail(f"does not fit Discord's description:\n{lines}", pytrace=False)

    def _violations(self) -> list[Violation]:
        watch = description.watch()
        return [*(watch.ledger.violations if watch else []), *read(self._folder).violations]


class Gathered:
    """The verdict on all tests, from what every process left in `folder`; what does not fit is also left in `found`."""

    def __init__(self, folder: Path, found: Path) -> None:
        self._folder = folder
        self._found = found

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self._found.unlink(missing_ok=True)
        violations = dict.fromkeys(read(self._folder).violations)
        if violations:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self._found.write_text("".join(f"{each}\n" for each in violations), encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        whole = read(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)
        terminalreporter.section("Held against Discord's own description")
        terminalreporter.line(whole.table())
        for violation in dict.fromkeys(whole.violations):
            terminalreporter.line(str(violation), red=True)


class LeftOut:
    """Leaves out what needs the description, and says that nothing was held."""

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        ours = [item for item in items if item.path.is_relative_to(FOLDER)]
        items[:] = [item for item in items if item not in ours]
        config.hook.pytest_deselected(items=ours)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if hasattr(terminalreporter.config, "workerinput"):
            return
        terminalreporter.section("Nothing was held against Discord's own description", yellow=True, bold=True)
        terminalreporter.line("Set DISCORD_OPENAPI to the path of Discord's openapi.json to do it.")


def pytest_configure(config: pytest.Config) -> None:
    try:
        watch = description.watch()
    except description.NoDescriptionError as error:
        raise pytest.UsageError(str(error)) from None
    if watch is None:
        config.pluginmanager.register(LeftOut(), "passes-openapi")
        return
    worker: dict[str, str] | None = getattr(config, "workerinput", None)
    if worker is None:
        folder = config.rootpath / "build" / "openapi" / str(os.getpid())
        config.pluginmanager.register(Gathered(folder, folder.parent / "violations"), "passes-openapi-sum")
    else:
        folder = Path(os.environ[LEDGER]) / worker["workerid"]
    os.environ[LEDGER] = str(folder)
    # the last to be registered is the first to be called: it writes what the other reads
    config.pluginmanager.register(Held(folder), "passes-openapi")
