"""Prints at the end how much the tests that count have counted: what a test records with `record_property`, summed up."""

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counted: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        counted.update({name: value for name, value in report.user_properties if isinstance(value, int)})
    if counted:
        terminalreporter.section("Rules of nature")
        for name, many in counted.items():
            terminalreporter.line(f"{name}: {many}")
