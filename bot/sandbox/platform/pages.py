"""The storefront and the sign-in page: plain pages, one per person.

There are no passwords: whoever opens a person's page is that person, since nothing here is worth stealing.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from bot.sandbox.site import PERSON_COOKIE, Site, text

from .parts import Parts
from .records import Creator, Fan, Membership, Tier
from .sales import LIVING, POSSIBLE_FROM
from .state import RefusedError, UnknownError

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

ROLES = {"creator": Creator, "fan": Fan}
STEPS = {
    "renew": "Renew",
    "cancel": "Cancel",
    "resume": "Resume",
    "fail_payment": "Fail payment of",
    "recover": "Recover",
    "pause": "Pause",
    "refund": "Refund",
    "dispute": "Dispute",
    "expire": "Expire",
}
PERIODS = {
    "60": "1 minute",
    "120": "2 minutes",
    "30": "30 seconds",
    "300": "5 minutes",
    "3600": "1 hour",
    "2592000": "30 days",
}
MEANING = {
    "active": "paid, and renewed at the end unless something happens",
    "canceled": "will not be renewed; everything stays until the end of what is paid",
    "past_due": "the payment failed and is tried again",
    "paused": "paused: nothing is paid, nothing is given",
    "expired": "over",
    "refunded": "over, the money was given back",
    "disputed": "over, the payment was disputed",
}


class Pages:
    def __init__(self, parts: Parts) -> None:
        self.state = parts.state
        self.sales = parts.sales
        self.handover = parts.handover
        self.site = Site("platform", Path(__file__).parent / "templates")
        self.site.filters["price"] = price
        self.site.filters["distance"] = self._distance

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.explained(self.everybody)),
            web.get("/login", self.explained(self.login)),
            web.post("/login", self.explained(self.sign_in)),
            web.get("/people/{person}", self.explained(self.person)),
            web.post("/people/{fan}/buy", self.explained(self.buy)),
            web.post("/people/{fan}/memberships/{membership}/upgrade", self.explained(self.upgrade)),
            web.post("/people/{fan}/memberships/{membership}/{step}", self.explained(self.step)),
        ]

    def explained(self, handler: Handler) -> Handler:
        """What cannot be done is said on a page."""

        async def call(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except UnknownError as error:
                return self.site.page("refused.html", status=404, sentence=str(error))
            except RefusedError as error:
                return self.site.page("refused.html", status=409, sentence=str(error))

        return call

    async def everybody(self, _: web.Request) -> web.Response:
        return self.site.page("everybody.html", creators=self.state.all(Creator), fans=self.state.all(Fan))

    async def login(self, request: web.Request) -> web.Response:
        """Send whoever is signed in on to the bot; ask who it is if that is not known."""
        role = request.query.get("as", "fan")
        if role not in ROLES:
            raise RefusedError(f"nobody signs in as {role!r}")
        next_path = request.query.get("next", "")
        who = request.query.get("user") or request.cookies.get(PERSON_COOKIE, "")
        if isinstance(self.state.records.get(who), ROLES[role]):
            return self._hand_over(who, next_path or None)
        people = self.state.all(ROLES[role])
        return self.site.page("login.html", role=role, people=people, next_path=next_path)

    async def sign_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        return self._hand_over(text(form, "user"), text(form, "next") or None)

    async def person(self, request: web.Request) -> web.Response:
        match self.state.records.get(request.match_info["person"]):
            case Creator(deleted=False) as creator:
                tiers = [t for t in self.state.all(Tier) if t.creator_id == creator.id]
                sold = [m for m in self.state.all(Membership) if m.tier_id in {t.id for t in tiers}]
                answer = self.site.page(
                    "creator.html",
                    creator=creator,
                    tiers=tiers,
                    sold=[self.state.snapshot(each) for each in reversed(sold)],
                )
                return _signed_in(answer, creator.id)
            case Fan(deleted=False) as fan:
                return _signed_in(self._fan(fan), fan.id)
            case _:
                raise UnknownError("There is nobody with this name here.")

    async def buy(self, request: web.Request) -> web.Response:
        """Sell, then send the fan straight on to the confirmation page, as a real checkout does."""
        form = await request.post()
        period_s, fan = text(form, "period_s"), request.match_info["fan"]
        if not re.fullmatch(r"[1-9]\d{0,8}", period_s):
            raise RefusedError("a membership is sold for a whole number of seconds, at least one")
        bought = self.sales.buy(fan, text(form, "tier"), float(period_s))["id"]
        return self._hand_over(fan, f"/memberships/confirm?membership={bought}", bought)

    async def upgrade(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.sales.upgrade(request.match_info["membership"], text(form, "tier"))
        raise web.HTTPSeeOther(f"/people/{request.match_info['fan']}")

    async def step(self, request: web.Request) -> web.Response:
        step = request.match_info["step"]
        if step not in STEPS:
            raise RefusedError(f"no such step: {step!r}")
        getattr(self.sales, step)(request.match_info["membership"])
        raise web.HTTPSeeOther(f"/people/{request.match_info['fan']}")

    def name(self, person: str | None) -> str:
        """What somebody is called; who is not known, by their id."""
        found = self.state.records.get(person or "")
        return found.display_name if isinstance(found, Creator | Fan) else person or ""

    def _fan(self, fan: Fan) -> web.Response:
        bought = [m for m in self.state.all(Membership) if m.fan_id == fan.id]
        on_sale = [t for t in self.state.all(Tier) if t.active]
        return self.site.page(
            "fan.html",
            fan=fan,
            memberships=[self.state.snapshot(each) for each in reversed(bought)],
            steps={m.id: [s for s in STEPS if m.status in POSSIBLE_FROM[s]] for m in bought},
            upgrades={m.id: self._upgrades(m, on_sale) for m in bought},
            labels=STEPS,
            periods=PERIODS,
            meaning=MEANING,
            offers=[(tier, self.state.get(Creator, tier.creator_id)) for tier in on_sale],
        )

    def _upgrades(self, membership: Membership, on_sale: list[Tier]) -> list[Tier]:
        creator = self.state.get(Tier, membership.tier_id).creator_id
        others = [t for t in on_sale if t.creator_id == creator and t.id != membership.tier_id]
        return others if membership.status in LIVING else []

    def _hand_over(self, person: str, next_path: str | None, membership: str | None = None) -> web.Response:
        url = self.handover.launch_url(person, next_path=next_path, membership=membership)
        return _signed_in(web.Response(status=303, headers={"Location": url}), person)

    def _distance(self, moment: str) -> str:
        """How far away an instant of a snapshot is."""
        left = round((datetime.fromisoformat(moment) - self.state.now().astimezone(UTC)).total_seconds())
        far = f"{abs(left)} seconds" if abs(left) < 180 else f"{abs(left) // 60} minutes"
        if abs(left) >= 2 * 86_400:
            far = f"{abs(left) // 86_400} days"
        return f"in {far}" if left > 0 else f"{far} ago"


def price(tier: Tier) -> str:
    if not tier.price:
        return ""
    amount, interval = tier.price["amount"] / 100, tier.price["interval"]
    return f"{amount:.2f} {tier.price['currency']} {'' if interval == 'once' else f'a {interval}'}".strip()


def _signed_in(answer: web.Response, person: str) -> web.Response:
    answer.set_cookie(PERSON_COOKIE, person, httponly=True, samesite="Lax")
    return answer
