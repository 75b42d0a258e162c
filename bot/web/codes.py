"""``/code``: a one-time code, for when a browser is in the way; and the press, once it was typed in Discord."""

from typing import Any

from aiohttp import web

from bot.fans.connecting import Connecting
from bot.fans.links import Links, Preview
from bot.identity.codes import Codes, Shown, Typed
from bot.identity.requests import LINK, PROVE
from bot.identity.sessions import SignedIn
from bot.ids import AccountId, CreatorId, FanId, read_id
from bot.web.agreement import Agreement
from bot.web.homes import code_page, whose
from bot.web.pages import Pages, Way
from bot.web.ports import Proofs
from bot.web.visitors import Visitors
from models.identity import PersonKind

CODE_WAYS = (
    Way(label="A code for what you bought", href=code_page(PersonKind.FAN)),
    Way(label="A code for what you sell", href=code_page(PersonKind.CREATOR)),
)


class CodePages:
    def __init__(  # noqa: PLR0913 - the rooms of both sides
        self,
        *,
        visitors: Visitors,
        pages: Pages,
        agreement: Agreement,
        codes: Codes,
        links: Links,
        connecting: Connecting,
        proofs: Proofs,
    ) -> None:
        self._visitors = visitors
        self._pages = pages
        self._agreement = agreement
        self._codes = codes
        self._links = links
        self._connecting = connecting
        self._proofs = proofs

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/code", self.show),
            web.post("/code", self.make),
            web.post("/code/press", self.press),
        ]

    async def show(self, request: web.Request) -> web.Response:
        me = await self._reader(request)
        if isinstance(me, web.Response):
            return me
        match await self._codes.state(me.person, _purpose(me)):
            case Typed() as typed:
                return await self._ask(me, typed)
            case Shown():
                return self._page(me, waiting=True)
            case None:
                return self._page(me)

    async def _reader(self, request: web.Request) -> SignedIn | web.Response:
        match whose(request):
            case PersonKind.CREATOR:
                return await self._visitors.creator(request)
            case PersonKind.FAN:
                return await self._visitors.fan(request)
            case None:
                return await self._visitors.who(request) or self._pages.plain(
                    "Connect with a code",
                    "Sign in, and we show you a code that you type in Discord.",
                    status=401,
                    ways=CODE_WAYS,
                )

    async def make(self, request: web.Request) -> web.Response:
        # The code stands only in the answer to this press: what is stored is its hash.
        me = await self._visitors.who(request)
        if me is None:
            return self._visitors.signed_out(request)
        return self._page(me, code=await self._codes.show(me.person, _purpose(me)))

    async def press(self, request: web.Request) -> web.Response:
        me = await self._visitors.who(request)
        if me is None:
            return self._visitors.signed_out(request)
        form = await request.post()
        account_id = AccountId(read_id(form.get("account")) or 0)
        typed = await self._codes.use(me.person, _purpose(me), account_id)
        if typed is None:
            return self._pages.plain(
                "This code is used or too old",
                "Nothing was changed. Ask for a new one.",
                status=410,
                ways=[Way(label="A new code", href=code_page(me.person.kind))],
            )
        return await self._carry_out(me, typed, str(form.get("agreed", "")))

    async def _carry_out(self, me: SignedIn, typed: Typed, agreed: str) -> web.Response:
        if me.person.kind is PersonKind.CREATOR:
            await self._proofs.prove(CreatorId(me.person.id), typed.account_id, typed.username)
            return self._pages.show("proven.html", **self._common(me), username=typed.username)
        outcome = await self._connecting.connect(
            FanId(me.person.id), typed.account_id, typed.username, agreed=agreed
        )
        return self._agreement.answer(outcome)

    async def _ask(self, me: SignedIn, typed: Typed) -> web.Response:
        fields = {"account": str(typed.account_id)}
        if me.person.kind is PersonKind.CREATOR:
            return self._pages.show(
                "prove.html",
                **self._common(me),
                username=typed.username,
                server=None,
                action=f"/code/press?as={me.person.kind.value}",
                fields=fields,
            )
        foreseen = await self._links.preview(FanId(me.person.id), typed.account_id)
        if not isinstance(foreseen, Preview):
            await self._codes.discard(me.person, _purpose(me))
            return self._agreement.answer(foreseen)
        fields["agreed"] = foreseen.key
        return self._agreement.ask(
            me,
            foreseen,
            username=typed.username,
            action=f"/code/press?as={me.person.kind.value}",
            fields=fields,
        )

    def _page(self, me: SignedIn, *, code: str | None = None, waiting: bool = False) -> web.Response:
        return self._pages.show("code.html", **self._common(me), code=code, waiting=waiting)

    def _common(self, me: SignedIn) -> dict[str, Any]:
        return {"me": me.person, "csrf": self._visitors.csrf_token(me)}


def _purpose(me: SignedIn) -> str:
    return PROVE if me.person.kind is PersonKind.CREATOR else LINK
