"""The address that a bot is given is still free when it begins to listen there."""

import socket
import subprocess
import sys
from pathlib import Path

from bot.sandbox.tour.addresses import EACH, free_address

_SYSTEM_CHOOSES_FROM = Path("/proc/sys/net/ipv4/ip_local_port_range")
_ANOTHERS = "from bot.sandbox.tour.addresses import *; print(*(free_address() for _ in range(3)))"


def test_no_connection_of_anybodys_can_take_it() -> None:
    lowest = int(_SYSTEM_CHOOSES_FROM.read_text().split()[0]) if _SYSTEM_CHOOSES_FROM.exists() else 49152

    assert _port(free_address()) < lowest


def test_no_two_who_look_at_once_are_given_the_same() -> None:
    mine = [free_address() for _ in range(EACH // 2)]
    others = subprocess.run((sys.executable, "-c", _ANOTHERS), capture_output=True, text=True, check=True)

    assert len(set(mine)) == len(mine)
    assert not set(mine) & set(others.stdout.split())


def test_where_somebody_listens_already_is_left_out() -> None:
    taken = _port(free_address())
    with socket.create_server(("127.0.0.1", taken)):
        assert taken not in {_port(free_address()) for _ in range(EACH)}


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])
