"""Which ports the demo is served at: always the same ones, so that an open tab stays right, unless they are taken."""

import socket
from dataclasses import dataclass
from typing import Self

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    start: int = 8100
    discord: int = 8101
    platform: int = 8102
    bot: int = 8103

    @classmethod
    def free(cls, *, wanted: Self | None = None) -> Self:
        """The usual ports, or another for each that somebody else listens on."""
        usual = wanted or cls()
        return cls(
            start=_free(usual.start),
            discord=_free(usual.discord),
            platform=_free(usual.platform),
            bot=_free(usual.bot),
        )

    def url(self, port: int) -> str:
        return f"http://{HOST}:{port}"


def _free(port: int) -> int:
    """This port, or one of the system's choice if it cannot be listened on."""
    with socket.socket() as probe:
        # As servers do it: a port whose last connections are only fading away is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            probe.bind((HOST, 0))
        found: int = probe.getsockname()[1]
        return found
