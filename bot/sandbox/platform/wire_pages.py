"""What went over the wire between the platform and the bot, and what can be made to go wrong with it."""

from typing import Any

from aiohttp import web

from bot.sandbox.site import text

from .pages import Pages
from .parts import Parts
from .truth import MOODS

NEWEST = 60
MOOD_WORDS = {
    "normal": "answers as it should",
    "hang": "never answers",
    "unavailable": "answers 503 (not now)",
    "unknown": "knows nothing (404)",
    "garbage": "answers nonsense",
    "refused": "does not know the token (401)",
}


class WirePages:
    def __init__(self, parts: Parts, pages: Pages) -> None:
        self._webhooks, self._events, self._truth = parts.webhooks, parts.events, parts.truth
        self._pages = pages

    def routes(self) -> list[web.RouteDef]:
        explained = self._pages.explained
        return [
            web.get("/wire", explained(self.show)),
            web.post("/wire/repeat", explained(self.repeat)),
            web.post("/wire/hold", explained(self.hold)),
            web.post("/wire/mood", explained(self.mood)),
        ]

    async def show(self, _: web.Request) -> web.Response:
        deliveries = [each.shown() | {"about": _about(each.data)} for each in self._webhooks.log.values()]
        return self._pages.site.page(
            "wire.html",
            deliveries=list(reversed(deliveries))[:NEWEST],
            events=[self._told(each) for each in reversed(self._events.taken)][:NEWEST],
            paused=self._webhooks.paused,
            mood=self._truth.mood,
            moods={each: MOOD_WORDS[each] for each in MOODS},
        )

    async def repeat(self, request: web.Request) -> web.Response:
        """Send a webhook once more under its own id, which must change nothing."""
        await self._webhooks.repeat(text(await request.post(), "delivery"))
        raise web.HTTPSeeOther("/wire")

    async def hold(self, request: web.Request) -> web.Response:
        """Hold webhooks back, let them go in their order or the wrong way round, or lose them."""
        match text(await request.post(), "do"):
            case "pause":
                self._webhooks.pause()
            case "resume":
                self._webhooks.resume()
            case "reversed":
                self._webhooks.resume([each.id for each in reversed(self._webhooks.queued())])
            case "lose":
                self._webhooks.lose()
                self._webhooks.resume()
        raise web.HTTPSeeOther("/wire")

    async def mood(self, request: web.Request) -> web.Response:
        self._truth.set_mood(text(await request.post(), "mood"))
        raise web.HTTPSeeOther("/wire")

    def _told(self, event: dict[str, Any]) -> dict[str, Any]:
        """An event as words: what happened, to whom, where."""
        data = event["data"]
        where = (data.get("server") or {}).get("name") or (data.get("integration") or {}).get("name")
        return {
            "type": event["type"],
            "at": event["received_at"],
            "where": where,
            "roles": data.get("roles") or [],
            "reason": data.get("reason"),
            "fan": self._pages.name(data.get("fan_id")),
        }


def _about(data: Any) -> str:
    """What a snapshot is of, in words; a test may have sent anything at all."""
    match data:
        case {"fan": {"display_name": fan}, "tier": {"name": tier}, "status": str(status)}:
            return f"{fan}: {tier}, {status.replace('_', ' ')}"
        case {"display_name": str(name)} | {"name": str(name)}:
            return name
        case _:
            return ""
