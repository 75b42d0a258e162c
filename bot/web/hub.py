"""``/hub``: where a creator lands; names their integrations and leads to ``/passes setup``."""

from aiohttp import web

from bot.ids import CreatorId
from bot.web.pages import Pages
from bot.web.ports import Setup
from bot.web.visitors import Visitors
from models.integrations import IntegrationState

_SENTENCES = {
    IntegrationState.NOT_CONNECTED: "No server is connected yet. Go on with /passes setup in your server.",
    IntegrationState.CONNECTED: "Connected.",
    IntegrationState.NEEDS_ATTENTION: "Needs your attention: type /passes setup in your server to see what it is.",
    IntegrationState.CLOSING: "Being disconnected: access that came through it is being taken away.",
    IntegrationState.CLOSED: "Disconnected.",
}


class Hub:
    def __init__(self, visitors: Visitors, pages: Pages, setup: Setup) -> None:
        self._visitors = visitors
        self._pages = pages
        self._setup = setup

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/hub", self.show)]

    async def show(self, request: web.Request) -> web.Response:
        me = await self._visitors.creator(request)
        if isinstance(me, web.Response):
            return me
        found = await self._setup.of_creator(CreatorId(me.person.id))
        return self._pages.show(
            "hub.html",
            me=me.person,
            csrf=self._visitors.csrf_token(me),
            integrations=[(integration, _SENTENCES[integration.state]) for integration in found],
        )
