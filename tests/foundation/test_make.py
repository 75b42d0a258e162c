"""make finds a Python by running it: what is only called Python does not count."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_THERE = "#!/bin/sh\necho 'pyenv: command not found' >&2\nexit 127\n"
TOO_OLD = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder that is the entire PATH: a shell, and what the test puts there."""
    for program in ("sh", "make"):
        found = shutil.which(program)
        assert found, f"{program} is needed"
        (tmp_path / program).symlink_to(found)
    return tmp_path


def put(path: Path, name: str, script: str) -> None:
    (path / name).write_text(script)
    (path / name).chmod(0o755)


def make_python(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [path / "make", "-s", "python"],
        cwd=ROOT,
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_shim_that_does_not_run_is_passed_over(path: Path) -> None:
    put(path, "python3.13", NOT_THERE)
    put(path, "python3.12", TOO_OLD)
    put(path, "python3", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    assert make_python(path).stdout == "python3\n"


def test_uv_is_asked_where_no_python_is_on_the_path(path: Path) -> None:
    put(path, "uv", f'#!/bin/sh\necho "{sys.executable}"\n')
    assert make_python(path).stdout == f"{sys.executable}\n"


def test_where_there_is_none_it_says_what_to_do(path: Path) -> None:
    put(path, "python3", TOO_OLD)
    put(path, "uv", NOT_THERE)
    ended = make_python(path)
    assert ended.returncode != 0
    assert "There is no Python 3.12 or newer here" in ended.stderr
    assert "apt-get install python3 python3-venv" in ended.stderr
