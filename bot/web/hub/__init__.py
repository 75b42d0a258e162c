"""The Integrations Hub: everything a creator sets up, in a browser, with the functions and values of ``/passes setup``."""

from aiohttp import web

from bot.config import Config
from bot.discord.oauth import OAuth
from bot.identity.oauth_states import OAuthStates
from bot.identity.sessions import SignedIn
from bot.web.hub.connecting import Connecting
from bot.web.hub.door import Door
from bot.web.hub.ending import Ending
from bot.web.hub.giving import Giving
from bot.web.hub.overview import Overview
from bot.web.hub.people import People
from bot.web.hub.rooms import HubRooms
from bot.web.pages import Pages
from bot.web.visitors import Visitors

__all__ = ["Hub", "HubRooms"]


class Hub:
    def __init__(  # noqa: PLR0913 - the rooms of both sides
        self,
        config: Config,
        rooms: HubRooms,
        *,
        visitors: Visitors,
        pages: Pages,
        states: OAuthStates,
        oauth: OAuth,
    ) -> None:
        door = Door(visitors, pages, rooms)
        self._connecting = Connecting(config, door, states=states, oauth=oauth)
        self._parts = (Overview(door), self._connecting, Giving(door), Ending(door), People(door))

    def routes(self) -> list[web.RouteDef]:
        return [route for part in self._parts for route in part.routes()]

    async def come_back(self, request: web.Request, me: SignedIn) -> web.Response:
        """A creator comes back from Discord's page; the address is one for all, because each has to be registered."""
        return await self._connecting.come_back(request, me)
