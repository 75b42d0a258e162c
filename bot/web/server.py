"""The web server: every page, the platform's webhooks and ``/healthz``, behind one guard.

aiohttp has no time limit of its own for a request's header; but since 3.14 its keep-alive clock runs from the first
moment of a connection and stops only for a whole header, so a short one bounds both. A test drips a header.
"""

import errno
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.clock import Clock
from bot.config import Config
from bot.discord.oauth import OAuth
from bot.fans.connecting import Connecting
from bot.fans.links import Links
from bot.fans.notices import Notices
from bot.fans.ports import Views
from bot.fans.tokens import Tokens
from bot.identity.codes import Codes
from bot.identity.launch import Launch
from bot.identity.oauth_states import OAuthStates
from bot.identity.requests import Requests
from bot.identity.sessions import Sessions
from bot.memberships.purchases import Purchases
from bot.readers import Address
from bot.web.agreement import Agreement
from bot.web.codes import CodePages
from bot.web.connect import Connect
from bot.web.entrance import Entrance
from bot.web.guard import LARGEST_FORM, Guard
from bot.web.hub import Hub, HubRooms
from bot.web.memberships import MembershipPages
from bot.web.pages import FOLDER, Pages, see_other
from bot.web.ports import Proofs, Tiers
from bot.web.requests import RequestPages
from bot.web.tracing import trace
from bot.web.visitors import Visitors

LONGEST_ADDRESS = 16 * 1024
"""A hand-over token with a whole membership in it is long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """The rooms that the pages call."""

    clock: Clock
    config: Config
    launch: Launch
    sessions: Sessions
    codes: Codes
    states: OAuthStates
    requests: Requests
    oauth: OAuth
    links: Links
    tokens: Tokens
    notices: Notices
    connecting: Connecting
    purchases: Purchases
    views: Views
    proofs: Proofs
    hub: HubRooms
    tiers: Tiers


def build_app(rooms: Rooms, *, more: Iterable[web.RouteDef] = ()) -> web.Application:
    """All pages; ``more`` are routes of other doors, such as the webhooks."""
    pages = Pages(rooms.config)
    visitors = Visitors(rooms.config, rooms.sessions, pages)
    guard = Guard(rooms.config, pages, visitors, rooms.sessions)
    app = web.Application(middlewares=[trace, *guard.middlewares()], client_max_size=LARGEST_FORM)
    app.add_routes([*_routes(rooms, pages, visitors), *more])
    app.router.add_static("/static/", FOLDER / "static")
    return app


STOP_WITHIN_S = 3.0
"""How long a request under way may take to end; the whole process has fifteen seconds."""


class CannotListenError(Exception):
    """Nobody could reach us there; the message names the setting and says what to do."""


@asynccontextmanager
async def serve(
    app: web.Application, bind: Address, *, setting: str = "BIND", idle_s: float = 20
) -> AsyncIterator[int]:
    """Serve ``app`` until the context is left, then let requests finish; yields the port.

    Raises CannotListenError, which names ``setting``.
    """
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=STOP_WITHIN_S,
        keepalive_timeout=idle_s,
        max_line_size=LONGEST_ADDRESS,
    )
    await runner.setup()
    try:
        await _listen(web.TCPSite(runner, bind.host, bind.port), f"{setting}={bind}")
        port: int = runner.addresses[0][1]
        yield port
    finally:
        await runner.cleanup()


async def _listen(site: web.TCPSite, setting: str) -> None:
    try:
        await site.start()
    except socket.gaierror:
        raise CannotListenError(
            f"{setting}: nobody knows this host. Give an address of this machine."
        ) from None
    except OSError as error:
        what_to_do = _WHAT_TO_DO.get(error.errno or 0, f"it cannot be listened on ({error.strerror}).")
        raise CannotListenError(f"{setting}: {what_to_do}") from None


_WHAT_TO_DO = {
    errno.EADDRINUSE: "another program listens there already. Stop it, or choose another port.",
    errno.EADDRNOTAVAIL: "this is no address of this machine. 0.0.0.0 stands for all that it has.",
    errno.EACCES: "only the system's own programs may listen there. Choose a port above 1023.",
}


def _routes(rooms: Rooms, pages: Pages, visitors: Visitors) -> list[web.RouteDef]:
    agreement = Agreement(pages, visitors)
    entrance = Entrance(rooms.clock, rooms.config, rooms.launch, visitors, pages, tiers=rooms.tiers)
    memberships = MembershipPages(
        visitors=visitors,
        pages=pages,
        views=rooms.views,
        links=rooms.links,
        notices=rooms.notices,
        connecting=rooms.connecting,
        purchases=rooms.purchases,
    )
    hub = Hub(rooms.config, rooms.hub, visitors=visitors, pages=pages, states=rooms.states, oauth=rooms.oauth)
    connect = Connect(
        rooms.config,
        visitors=visitors,
        pages=pages,
        agreement=agreement,
        states=rooms.states,
        oauth=rooms.oauth,
        views=rooms.views,
        links=rooms.links,
        tokens=rooms.tokens,
        connecting=rooms.connecting,
        creators=hub.come_back,
    )
    requests = RequestPages(
        visitors=visitors,
        pages=pages,
        agreement=agreement,
        requests=rooms.requests,
        links=rooms.links,
        connecting=rooms.connecting,
        proofs=rooms.proofs,
    )
    codes = CodePages(
        visitors=visitors,
        pages=pages,
        agreement=agreement,
        codes=rooms.codes,
        links=rooms.links,
        connecting=rooms.connecting,
        proofs=rooms.proofs,
    )
    plain = [web.get("/healthz", _healthy), web.get("/", _home)]
    parts = (entrance, memberships, connect, requests, codes, hub)
    return [*plain, *(route for part in parts for route in part.routes())]


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok\n")


async def _home(_: web.Request) -> web.Response:
    return see_other("/memberships")
