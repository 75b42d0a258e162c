"""Fails the test in which something does not fit Discord's own description, and prints at the end what was held against it.

Every sandbox Discord of every process writes into one folder; the table is their sum. Without ``DISCORD_OPENAPI`` the run says
that nothing was held against anything, so that nobody takes it for passed.
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
    """The verdict on each test, and on all of them."""

    def __init__(self, folder: Path, *, gathers: bool) -> None:
        self._folder = folder
        self._gathers = gathers
        self._told = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        result = yield
        self._fail_on_new()
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self) -> Iterator[None]:
        result = yield
        self._fail_on_new()
        return result

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        watch = description.watch()
        if watch and watch.ledger.held:
            watch.leave_ledger()
        if self._gathers and read(self._folder).violations:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self._gathers:
            return
        whole = read(self._folder)
        shutil.rmtree(self._folder, ignore_errors=True)
        terminalreporter.section("Held against Discord's own description")
        terminalreporter.line(whole.table())
        for violation in dict.fromkeys(whole.violations):
            terminalreporter.line(str(violation), red=True)

    def _fail_on_new(self) -> None:
        fresh = self._violations()[self._told :]
        self._told += len(fresh)
        if fresh:
            lines = "\n".join(dict.fromkeys(f"{each.operation}: {each.fault}" for each in fresh))
            pytest.fail(f"does not fit Discord's description:\n{lines}", pytrace=False)

    def _violations(self) -> list[Violation]:
        watch = description.watch()
        return watch.ledger.violations if watch else []


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
    gathers = not hasattr(config, "workerinput")
    if watch is None:
        config.pluginmanager.register(LeftOut(), "passes-openapi")
        return
    if gathers:
        os.environ[LEDGER] = str(config.rootpath / "build" / "openapi" / str(os.getpid()))
    config.pluginmanager.register(Held(Path(os.environ[LEDGER]), gathers=gathers), "passes-openapi")
