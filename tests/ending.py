"""How a run ended, in pytest's own words: make turns every way of failing into one, and only one of them may be tried again."""

import pytest

NOT_TRIED_AGAIN = 6
"""A verdict on the whole run that no test's second try can change; pytest's own codes end at 5."""


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    left = session.config.rootpath / "build" / "ended"
    left.parent.mkdir(exist_ok=True)
    left.write_text(f"{int(session.exitstatus)}\n", encoding="utf-8")
