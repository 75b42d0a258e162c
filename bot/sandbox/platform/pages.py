"""The storefront and the sign-in page: plain pages, one per person.

There are no passwords: whoever opens a person's page is that person, since nothing here is worth stealing.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .parts import Parts
from .records import Creator, Fan, Json, Membership, Tier
from .sales import POSSIBLE_FROM
from .state import RefusedError

ROLES = {"creator": Creator, "fan": Fan}
COOKIE = "sandbox_platform_person"
STEPS = ("cancel", "resume", "fail_payment", "recover", "renew", "refund", "expire")


class Pages:
    def __init__(self, parts: Parts) -> None:
        self.state = parts.state
        self.sales = parts.sales
        self.handover = parts.handover
        self.templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.everybody),
            web.get("/login", self.login),
            web.post("/login", self.sign_in),
            web.get("/people/{person}", self.person),
            web.post("/people/{fan}/buy", self.buy),
            web.post("/people/{fan}/memberships/{membership}/{step}", self.step),
        ]

    async def everybody(self, _: web.Request) -> web.Response:
        return self._page("everybody.html", creators=self.state.all(Creator), fans=self.state.all(Fan))

    async def login(self, request: web.Request) -> web.Response:
        """Send whoever is signed in on to the bot; ask who it is if that is not known."""
        role = request.query.get("as", "fan")
        if role not in ROLES:
            raise RefusedError(f"nobody signs in as {role!r}")
        next_path = request.query.get("next", "")
        who = request.query.get("user") or request.cookies.get(COOKIE, "")
        if isinstance(self.state.records.get(who), ROLES[role]):
            return self._hand_over(who, next_path or None)
        people = self.state.all(ROLES[role])
        return self._page("login.html", role=role, people=people, next_path=next_path)

    async def sign_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        return self._hand_over(_text(form, "user"), _text(form, "next") or None)

    async def person(self, request: web.Request) -> web.Response:
        match self.state.records.get(request.match_info["person"]):
            case Creator(deleted=False) as creator:
                tiers = [t for t in self.state.all(Tier) if t.creator_id == creator.id]
                return self._page("creator.html", creator=creator, tiers=tiers)
            case Fan(deleted=False) as fan:
                return self._fan(fan)
            case _:
                raise web.HTTPNotFound(text="There is nobody with this name here.")

    async def buy(self, request: web.Request) -> web.Response:
        """Sell, then send the fan straight on to the confirmation page, as a real checkout does."""
        form = await request.post()
        period_s, fan = _text(form, "period_s"), request.match_info["fan"]
        if not re.fullmatch(r"[1-9]\d{0,8}", period_s):
            raise RefusedError("a membership is sold for a whole number of seconds, at least one")
        bought = self.sales.buy(fan, _text(form, "tier"), float(period_s))["id"]
        return self._hand_over(fan, f"/memberships/confirm?membership={bought}", bought)

    async def step(self, request: web.Request) -> web.Response:
        step = request.match_info["step"]
        if step not in STEPS:
            raise RefusedError(f"no such step: {step!r}")
        getattr(self.sales, step)(request.match_info["membership"])
        raise web.HTTPSeeOther(f"/people/{request.match_info['fan']}")

    def _fan(self, fan: Fan) -> web.Response:
        bought = [m for m in self.state.all(Membership) if m.fan_id == fan.id]
        on_sale = [t for t in self.state.all(Tier) if t.active]
        return self._page(
            "fan.html",
            fan=fan,
            memberships=[self.state.snapshot(each) for each in bought],
            steps={m.id: [s for s in STEPS if m.status in POSSIBLE_FROM[s]] for m in bought},
            offers=[(tier, self.state.get(Creator, tier.creator_id)) for tier in on_sale],
        )

    def _hand_over(self, person: str, next_path: str | None, membership: str | None = None) -> web.Response:
        answer = web.Response(status=303)
        answer.headers["Location"] = self.handover.launch_url(
            person, next_path=next_path, membership=membership
        )
        answer.set_cookie(COOKIE, person, httponly=True, samesite="Lax")
        return answer

    def _page(self, name: str, **values: Any) -> web.Response:
        text = self.templates.get_template(name).render(values)
        return web.Response(text=text, content_type="text/html")


def _text(form: Mapping[str, Any] | Json, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
