"""Addresses for bots that are about to be started, which nobody takes before they listen there.

A port that the system chose and took back can be the port of anybody's next connection. So these lie below the range
from which it chooses, and each process has some to itself for as long as it lives: others who look find them theirs.
"""

import atexit
import socket
from collections.abc import Iterator
from functools import cache
from itertools import cycle

HOST = "127.0.0.1"
FIRST, LAST, EACH = 20_000, 32_000, 100
"""Linux chooses from 32768 on, others from 49152."""


class NoneFreeError(Exception):
    """Every port is taken."""


def free_address() -> str:
    """``127.0.0.1:PORT`` with a port nobody listens on, nor is told of by this soon."""
    _, ports = _own()
    for port in (next(ports) for _ in range(EACH)):
        with socket.socket() as probe:
            if _binds(probe, port):
                return f"{HOST}:{port}"
    raise NoneFreeError(f"all {EACH} ports of this process are taken")


@cache
def _own() -> tuple[socket.socket, Iterator[int]]:
    """The ports of this process, and the socket that says so: it keeps the first of them."""
    for first in range(FIRST, LAST, EACH):
        claim = socket.socket()
        if _binds(claim, first):
            atexit.register(claim.close)
            return claim, cycle(range(first + 1, first + EACH))
        claim.close()
    raise NoneFreeError(f"{FIRST} to {LAST} are other processes' own")


def _binds(probe: socket.socket, port: int) -> bool:
    try:
        probe.bind((HOST, port))
    except OSError:
        return False
    return True
