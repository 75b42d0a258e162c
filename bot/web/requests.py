"""``/link`` and ``/prove``: a link that left Discord meets somebody who is signed in here.

Discord's side was proven by where the link was asked for, ours by the session: no consent page in between, only the
press that names both.
"""

from aiohttp import web

from bot.fans.connecting import Connecting
from bot.fans.links import Links, Preview
from bot.identity.requests import LINK, PROVE, Asked, Requests
from bot.identity.sessions import SignedIn
from bot.ids import CreatorId, FanId
from bot.web.agreement import Agreement
from bot.web.homes import HOMES
from bot.web.pages import Pages
from bot.web.ports import Proofs
from bot.web.visitors import Visitors


class RequestPages:
    def __init__(  # noqa: PLR0913 - the rooms of both sides
        self,
        *,
        visitors: Visitors,
        pages: Pages,
        agreement: Agreement,
        requests: Requests,
        links: Links,
        connecting: Connecting,
        proofs: Proofs,
    ) -> None:
        self._visitors = visitors
        self._pages = pages
        self._agreement = agreement
        self._requests = requests
        self._links = links
        self._connecting = connecting
        self._proofs = proofs

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/link", self.ask_link, allow_head=False),
            web.post("/link", self.link),
            web.get("/prove", self.ask_prove, allow_head=False),
            web.post("/prove", self.prove),
        ]

    async def ask_link(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        request_id = request.query.get("request", "")
        asked = await self._requests.open(me.session, LINK, request_id)
        if asked is None:
            return self._dead("/passes link", me)
        foreseen = await self._links.preview(FanId(me.person.id), asked.account_id)
        if not isinstance(foreseen, Preview):
            return self._agreement.answer(foreseen)
        fields = {"request": request_id, "agreed": foreseen.key}
        return self._agreement.ask(me, foreseen, username=asked.username, action="/link", fields=fields)

    async def link(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        form = await request.post()
        asked = await self._requests.use(me.session, LINK, str(form.get("request", "")))
        if asked is None:
            return self._dead("/passes link", me)
        outcome = await self._connecting.connect(
            FanId(me.person.id), asked.account_id, asked.username, agreed=str(form.get("agreed", ""))
        )
        return self._agreement.answer(outcome)

    async def ask_prove(self, request: web.Request) -> web.Response:
        me = await self._visitors.creator(request)
        if isinstance(me, web.Response):
            return me
        request_id = request.query.get("request", "")
        asked = await self._requests.open(me.session, PROVE, request_id)
        if asked is None:
            return self._dead("/passes setup", me)
        return self._ask_prove(me, asked, request_id)

    async def prove(self, request: web.Request) -> web.Response:
        me = await self._visitors.creator(request)
        if isinstance(me, web.Response):
            return me
        form = await request.post()
        asked = await self._requests.use(me.session, PROVE, str(form.get("request", "")))
        if asked is None:
            return self._dead("/passes setup", me)
        await self._proofs.prove(CreatorId(me.person.id), asked.account_id, asked.username)
        return self._pages.show(
            "proven.html", me=me.person, csrf=self._visitors.csrf_token(me), username=asked.username
        )

    def _ask_prove(self, me: SignedIn, asked: Asked, request_id: str) -> web.Response:
        return self._pages.show(
            "prove.html",
            me=me.person,
            csrf=self._visitors.csrf_token(me),
            username=asked.username,
            server=asked.data.get("guild_name"),
            action="/prove",
            fields={"request": request_id},
        )

    def _dead(self, command: str, me: SignedIn) -> web.Response:
        return self._pages.plain(
            "This link does not work any more",
            "It works once, for ten minutes, in the browser that opened it first. Nothing was changed.",
            f"Type {command} in Discord again for a new one.",
            status=410,
            ways=[HOMES[me.person.kind]],
        )
