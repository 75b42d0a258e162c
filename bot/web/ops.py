"""For those who run the bot: ``/readyz`` and ``/metrics``, on an address of their own that stays private.

What they say is read when they are asked. ``/readyz`` answers 200 while the bot can do its work, and 503 with the
names of what it lacks otherwise; ``attention`` is what waits for a person meanwhile. A platform's health check belongs on
``/healthz``, which is public and says nothing: restarting the bot mends neither Discord nor a parked webhook.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.web.vitals import Figure, Vitals


class Ops:
    """``keys``: fingerprints of the SECRET_KEYS that this process reads, so that an operator can tell which it has."""

    def __init__(self, vitals: Vitals, *, keys: Sequence[str]) -> None:
        self._vitals = vitals
        self._keys = keys

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/readyz", self.readyz), web.get("/metrics", self.metrics)])
        return app

    async def readyz(self, _: web.Request) -> web.Response:
        try:
            reading = await self._vitals.read()
        except Exception:  # noqa: BLE001 - whatever it is, the database does not answer
            return self._standing(
                ["database"], ["The database does not answer. Look at the log and the disk."]
            )
        return self._standing(reading.lacking, reading.attention)

    async def metrics(self, _: web.Request) -> web.Response:
        reading = await self._vitals.read()
        return web.Response(
            body=_exposition(reading.figures), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )

    def _standing(self, lacking: list[str], attention: list[str]) -> web.Response:
        standing = {
            "ready": not lacking,
            "lacking": lacking,
            "attention": attention,
            "keys": list(self._keys),
        }
        return web.json_response(standing, status=503 if lacking else 200)


def _exposition(figures: Iterable[Figure]) -> bytes:
    registry = CollectorRegistry()
    for name, same in groupby(
        sorted(figures, key=lambda figure: figure.name), key=lambda figure: figure.name
    ):
        found = list(same)
        gauge = Gauge(f"passes_{name}", found[0].meaning, tuple(found[0].labels), registry=registry)
        for figure in found:
            (gauge.labels(**figure.labels) if figure.labels else gauge).set(figure.value)
    return generate_latest(registry)
