"""The Memberships page, the page after a purchase, and the end of a link."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from bot.access.views import IntegrationView
from bot.fans.connecting import Connecting
from bot.fans.links import Links
from bot.fans.notices import Notices
from bot.fans.ports import Views
from bot.fans.steps import Step, can_ask, can_decline, declining, is_moving, next_step
from bot.identity.people import is_platform_id
from bot.identity.sessions import SignedIn
from bot.ids import FanId, MembershipId, read_id
from bot.memberships.purchases import Purchases
from bot.web.pages import LONG, Pages, look_again, looked, see_other
from bot.web.visitors import Visitors
from models.fans import SeatState


class MembershipPages:
    def __init__(  # noqa: PLR0913 - the page reads from each of these rooms
        self,
        *,
        visitors: Visitors,
        pages: Pages,
        views: Views,
        links: Links,
        notices: Notices,
        connecting: Connecting,
        purchases: Purchases,
    ) -> None:
        self._visitors = visitors
        self._pages = pages
        self._views = views
        self._links = links
        self._notices = notices
        self._connecting = connecting
        self._purchases = purchases

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/memberships", self.show),
            web.get("/memberships/confirm", self.confirm),
            web.get("/memberships/disconnect", self.ask_disconnect),
            web.post("/memberships/disconnect", self.disconnect),
            web.get("/memberships/decline", self.ask_decline),
            web.post("/memberships/decline", self.decline),
        ]

    async def show(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        fan_id = FanId(me.person.id)
        views = await self._views.of_fan(fan_id)
        return self._pages.show(
            "memberships.html",
            **self._common(me),
            again=look_again(request) if _is_moving(views) else None,
            views=_with_steps(views),
            connect_all=[view.integration_id for view in views if _connects_with_all(view)],
            link=await self._links.of_fan(fan_id),
            notices=await self._notices.for_page(fan_id),
            purchases=await self._purchases.of_fan(fan_id),
        )

    async def confirm(self, request: web.Request) -> web.Response:
        """After the checkout, often before the platform's webhook: wait, and say so."""
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        membership = request.query.get("membership", "")
        if not is_platform_id(membership):
            return see_other("/memberships")
        purchase = await self._purchases.one(FanId(me.person.id), MembershipId(membership))
        views = await self._views.of_fan(FanId(me.person.id)) if purchase else []
        again = look_again(request) if purchase is None or _is_moving(views) else None
        return self._pages.show(
            "confirm.html",
            **self._common(me),
            again=again,
            purchase=purchase,
            long=looked(request) >= LONG,
            views=_with_steps([view for view in views if purchase and purchase.tier_name in view.tiers]),
        )

    async def ask_disconnect(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        link = await self._links.of_fan(FanId(me.person.id))
        if link is None:
            return see_other("/memberships")
        views = await self._views.of_fan(FanId(me.person.id))
        return self._pages.show(
            "disconnect.html",
            **self._common(me),
            username=link.username,
            servers=sorted({view.guild_name for view in views if view.gives_access}),
        )

    async def disconnect(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        await self._connecting.disconnect(FanId(me.person.id))
        return see_other("/memberships")

    async def ask_decline(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        view = await self._to_decline(me, request.query.get("integration"))
        if view is None:
            return see_other("/memberships")
        return self._pages.show("decline.html", **self._common(me), view=view, sentence=declining(view))

    async def decline(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        view = await self._to_decline(me, (await request.post()).get("integration"))
        if view:
            await self._connecting.decline(FanId(me.person.id), view.integration_id)
        return see_other("/memberships")

    async def _to_decline(self, me: SignedIn, given: object) -> IntegrationView | None:
        integration_id = read_id(given)
        views = await self._views.of_fan(FanId(me.person.id))
        return next(
            (view for view in views if view.integration_id == integration_id and can_decline(view)), None
        )

    def _common(self, me: SignedIn) -> dict[str, Any]:
        return {"me": me.person, "csrf": self._visitors.csrf_token(me)}


def _with_steps(views: Sequence[IntegrationView]) -> list[tuple[IntegrationView, Step, bool]]:
    """Each with its next step, and whether it can be given up."""
    return [(view, next_step(view), can_decline(view)) for view in views]


def _connects_with_all(view: IntegrationView) -> bool:
    """What was given up is connected again by its own press only."""
    return view.gives_access and can_ask(view) and view.seat is not SeatState.DECLINED


def _is_moving(views: Sequence[IntegrationView]) -> bool:
    return any(is_moving(view) for view in views)
