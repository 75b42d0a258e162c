"""A violation fails the test that caused it and no other; where that cannot be known it fails the run, and no second try forgives it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ending import NOT_TRIED_AGAIN
from tests.sandbox.description.small import document

ROOT = Path(__file__).parents[3]
SUITE = ROOT / ".ci" / "suite"
INNER = '''
import subprocess
import sys

import pytest

from bot.sandbox.discord import description

CHILD = """
from bot.sandbox.discord import description
input()
watch = description.watch()
watch.ledger.note("GET /child", ["answered: wrongly"])
watch.leave_ledger()
"""


def begin():
    return subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE, text=True)


def note():
    description.watch().ledger.note("GET /here", ["answered: wrongly"])


@pytest.fixture
def broken():
    yield
    note()
    raise RuntimeError("its end")


@pytest.fixture(scope="module")
def child():
    with begin() as child:
        yield child


def test_cause_of_its_own():
    note()


def test_cause_by_its_child():
    begin().communicate("go")


def test_cause_at_its_broken_end(broken):
    pass


def test_cause_of_nothing():
    pass


def test_late_beginning(child):
    pass


def test_late_bystander(child):
    child.communicate("go")
'''


def run(folder: Path, *options: str) -> tuple[int, dict[str, set[str]]]:
    """Return the exit code, and which tests got which words."""
    (folder / "openapi.json").write_text(json.dumps(document()), encoding="utf-8")
    (folder / "test_inner.py").write_text(INNER, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.openapi", "-p", "no:randomly", "-rA", *options],
        cwd=folder,
        env=ours | {"PYTHONPATH": str(ROOT), "DISCORD_OPENAPI": str(folder / "openapi.json")},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    words: dict[str, set[str]] = {}
    for word, test in re.findall(r"^(PASSED|FAILED|ERROR) test_inner\.py::(\w+)", done.stdout, re.MULTILINE):
        words.setdefault(word, set()).add(test)
    return done.returncode, words


def left_by_the_run(folder: Path) -> Path:
    return folder / "build" / "openapi" / "violations"


def test_a_violation_fails_the_test_that_caused_it(tmp_path: Path) -> None:
    code, words = run(tmp_path, "-k", "cause", "-n", "2")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert words["FAILED"] == {"test_cause_of_its_own", "test_cause_by_its_child"}
    assert words["ERROR"] == {"test_cause_at_its_broken_end"}
    assert "test_cause_of_nothing" in words["PASSED"]


@pytest.mark.parametrize("workers", [("-n", "0"), ("-n", "2", "--dist", "loadfile")])
def test_a_violation_that_is_seen_late_fails_the_run(tmp_path: Path, workers: tuple[str, ...]) -> None:
    code, words = run(tmp_path, "-k", "late", *workers)
    assert code == pytest.ExitCode.TESTS_FAILED
    assert words == {"PASSED": {"test_late_beginning", "test_late_bystander"}}
    said = "GET /child: answered: wrongly (in test_inner.py::test_late_beginning)\n"
    assert left_by_the_run(tmp_path).read_text(encoding="utf-8") == said


def test_a_run_without_violations_leaves_none(tmp_path: Path) -> None:
    left = left_by_the_run(tmp_path)
    left.parent.mkdir(parents=True)
    left.touch()
    assert run(tmp_path, "-k", "nothing") == (pytest.ExitCode.OK, {"PASSED": {"test_cause_of_nothing"}})
    assert not left.exists()


@pytest.mark.parametrize(
    ("ended", "violations", "second", "ends"),
    [
        (pytest.ExitCode.OK, "", 1, 0),
        (pytest.ExitCode.TESTS_FAILED, "", 0, 0),
        (pytest.ExitCode.TESTS_FAILED, "", 1, 1),
        (pytest.ExitCode.TESTS_FAILED, "GET /roles: answered 200: wrongly", 0, 1),
        (pytest.ExitCode.INTERRUPTED, "", 0, 1),
        (pytest.ExitCode.INTERNAL_ERROR, "", 0, 1),
        (NOT_TRIED_AGAIN, "", 0, 1),
    ],
)
def test_only_a_test_is_tried_again(
    tmp_path: Path, ended: int, violations: str, second: int, ends: int
) -> None:
    for name, script in {
        "make": f'mkdir -p build/openapi; printf "{violations}" > build/openapi/violations; '
        f"echo {int(ended)} > build/ended; exit {2 if ended else 0}",
        ".venv/bin/python": f"exit {second}",
    }.items():
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        [SUITE, "test", "sqlite"],
        cwd=tmp_path,
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ends
    assert violations in done.stderr
