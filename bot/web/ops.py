"""For those who run the bot: ``/readyz`` and ``/metrics``, on an address of their own that stays private.

What they say is read when they are asked. ``/readyz`` answers 200 while the bot can do its work, and 503 with the
names of what it lacks otherwise; a platform's health check belongs on ``/healthz``, which is public and says nothing.
"""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

type Checks = Mapping[str, Callable[[], bool]]
"""What has to hold for the bot to be ready, by name."""

type Figures = Callable[[], Awaitable[Mapping[str, float]]]
"""Names (with what each one is, as Prometheus' help) and values, read now."""


class Ops:
    def __init__(self, *, ready: Checks, figures: Figures) -> None:
        self._ready = ready
        self._figures = figures

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.get("/readyz", self.readyz), web.get("/metrics", self.metrics)])
        return app

    async def readyz(self, _: web.Request) -> web.Response:
        lacking = [name for name, holds in self._ready.items() if not holds()]
        try:
            await self._figures()
        except Exception:  # noqa: BLE001 - whatever it is, the database does not answer
            lacking.append("database")
        if lacking:
            return web.json_response({"ready": False, "lacking": lacking}, status=503)
        return web.json_response({"ready": True})

    async def metrics(self, _: web.Request) -> web.Response:
        registry = CollectorRegistry()
        for name, holds in self._ready.items():
            Gauge(f"passes_{name}_up", f"1 while the {name} is there", registry=registry).set(holds())
        for name, value in (await self._figures()).items():
            Gauge(f"passes_{name}", _MEANINGS[name], registry=registry).set(value)
        return web.Response(
            body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )


_MEANINGS = {
    "work_due": "Members whose Discord state may be out of date and whose time has come",
    "work_oldest_seconds": "How long the longest waiting of them has been due",
    "holds": "Members whose end of access the brake holds back",
    "webhooks_parked": "Webhooks that were verified but could not be applied",
    "events_to_tell": "Events for the platform that were not delivered yet",
}
