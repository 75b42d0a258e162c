"""``/launch`` and ``/signout``: how people come in from the platform, and leave.

A hand-over token is spent when it arrives. Where somebody else is signed in, what it said waits in a signed field
until they press Continue; that field is worth nothing in another session, nor after ten minutes.
"""

from datetime import datetime

from aiohttp import web

from bot.clock import Clock
from bot.config import Config
from bot.identity.launch import LONGEST, Handover, Launch, Why
from bot.identity.people import Person
from bot.identity.secrets import Keys
from bot.identity.sessions import SignedIn
from bot.ids import CreatorId
from bot.web.homes import HOMES, onward
from bot.web.pages import Pages
from bot.web.ports import Tiers
from bot.web.visitors import Visitors
from models.identity import PersonKind

_PURPOSE = "continue"
_AGAIN = "Go back to Passes and open it from there again."
_SENTENCES = {
    Why.NOT_GENUINE: "We could not make sure that it comes from Passes.",
    Why.MISSHAPEN: "We could not make sure that it comes from Passes.",
    Why.BAD_NEXT: "It leads away from this site.",
    Why.OUT_OF_TIME: "It is too old.",
    Why.SPENT: "It was used already.",
    Why.DELETED: "This account was deleted.",
}


class Entrance:
    def __init__(  # noqa: PLR0913 - what it takes to come in
        self,
        clock: Clock,
        config: Config,
        launch: Launch,
        visitors: Visitors,
        pages: Pages,
        *,
        tiers: Tiers,
    ) -> None:
        self._clock = clock
        self._launch = launch
        self._visitors = visitors
        self._pages = pages
        self._tiers = tiers
        self._keys = Keys(config.secret_keys)

    def routes(self) -> list[web.RouteDef]:
        return [
            # Without HEAD: looking ahead must not spend the token.
            web.get("/launch", self.arrive, allow_head=False),
            web.post("/launch/continue", self.go_on),
            web.post("/signout", self.leave),
        ]

    async def arrive(self, request: web.Request) -> web.Response:
        handover = await self._launch.accept(request.query.get("token", ""))
        if not isinstance(handover, Handover):
            sentence, ways = _SENTENCES[handover.why], await self._visitors.onward(request)
            return self._pages.plain("This link does not work", sentence, _AGAIN, ways=ways)
        if handover.person.kind is PersonKind.CREATOR:
            await self._tiers.greet(CreatorId(handover.person.id))
        signed_in = await self._visitors.who(request)
        if signed_in and not signed_in.person.is_same_as(handover.person):
            return self._ask(signed_in, handover)
        return await self._visitors.sign_in(request, handover.person, _next(handover))

    async def go_on(self, request: web.Request) -> web.Response:
        signed_in = await self._visitors.who(request)
        form = await request.post()
        said = self._keys.read(_PURPOSE, str(form.get("handover", "")))
        if signed_in is None or said is None or said["session"] != signed_in.session or self._is_late(said):
            return self._pages.plain("This page is too old", _AGAIN, ways=onward(request, signed_in))
        person = Person(kind=PersonKind(said["kind"]), id=said["id"], name=said["name"])
        return await self._visitors.sign_in(request, person, said["next"])

    async def leave(self, request: web.Request) -> web.Response:
        return await self._visitors.sign_out(request)

    def _ask(self, signed_in: SignedIn, handover: Handover) -> web.Response:
        other = handover.person
        said = {
            "session": signed_in.session,
            "kind": other.kind.value,
            "id": other.id,
            "name": other.name,
            "next": _next(handover),
            "until": (self._clock() + LONGEST).isoformat(),
        }
        return self._pages.show(
            "continue.html",
            me=signed_in.person,
            csrf=self._visitors.csrf_token(signed_in),
            other=other,
            handover=self._keys.sign(_PURPOSE, said),
            home=HOMES[signed_in.person.kind].href,
        )

    def _is_late(self, said: dict[str, str]) -> bool:
        return self._clock() >= datetime.fromisoformat(said["until"])


def _next(handover: Handover) -> str:
    return handover.next or HOMES[handover.person.kind].href
