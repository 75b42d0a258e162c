"""Who comes into the Hub, and what they may do there.

*Seeing* takes the platform's word that it is the creator. *Changing* takes, at that moment, a Discord account that
the creator has proven and that manages the server: Discord is asked on every change (DESIGN §5.3). Handlers are wrapped
in what they need, so that none can forget to ask.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.discord.codes import Failure
from bot.discord.outcomes import RetryAfter
from bot.discord.permissions import Permission
from bot.identity.sessions import SignedIn
from bot.ids import CreatorId, IntegrationId
from bot.integrations import words
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.references import IntegrationRef
from bot.web.homes import HOMES
from bot.web.hub.rooms import HubRooms
from bot.web.pages import Again, Pages, Way, see_other
from bot.web.visitors import Visitors
from models.identity import PersonKind
from models.integrations import EndPolicy, IntegrationState

HUB = HOMES[PersonKind.CREATOR]
ACCOUNTS = Way(label="Your Discord accounts", href="/hub/accounts")

_HERE: Mapping[Refusal, str] = {
    Refusal.NOT_PROVEN: (
        "No Discord account is confirmed as yours yet. Confirm the one with which you manage the server, then try again."
    ),
    Refusal.NO_MANAGE_SERVER: (
        "None of the Discord accounts that you confirmed has the Manage Server permission there at the moment. Somebody "
        "who has it can give it to you in Server Settings → Roles."
    ),
    Refusal.NO_MANAGE_ROLES: (
        "None of the Discord accounts that you confirmed has both Manage Server and Manage Roles there at the moment: "
        "nobody gives a role through Passes Bot that they could not give by hand. Somebody who has it can give it to you "
        "in Server Settings → Roles."
    ),
    Refusal.NO_KICK: (
        "None of the Discord accounts that you confirmed has both Manage Server and Kick Members there at the moment, "
        "which an ending that removes people from the server needs. Somebody who has it can give it to you in Server "
        "Settings → Roles."
    ),
}

_SAID = {
    "attached": "Attached. Everybody who holds the membership is looked at now.",
    "detached": words.detached(EndPolicy.ROLES),
    "detached_kept": words.detached(EndPolicy.KEEP),
    "renamed": "Renamed.",
    "saved": "Saved.",
    "connected": "Connected.",
    "proven": "Confirmed.",
    "withdrawn": "That account may not act for you any more.",
    "released": "They are let end: each of them is looked at once more now. Whoever pays keeps everything.",
    "dropped": "They are checked again now. What is still to end may be held back once more.",
    "adopted": "Passes Bot takes care of these roles from now on.",
}
"""What was done, said once on the page that a press leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """A creator, and one of their integrations."""

    me: SignedIn
    integration: IntegrationRef

    @property
    def creator_id(self) -> CreatorId:
        return CreatorId(self.me.person.id)

    @property
    def id(self) -> IntegrationId:
        return self.integration.id

    @property
    def home(self) -> str:
        return f"/hub/{self.id}"

    @property
    def back(self) -> Way:
        return Way(label=f"Back to {self.integration.name}", href=self.home)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting(Mine):
    """The same, with what the creator may do in its server at this moment."""

    by: Actor


type Handler = Callable[[web.Request], Awaitable[web.Response]]


class Door:
    def __init__(self, visitors: Visitors, pages: Pages, rooms: HubRooms) -> None:
        self._visitors = visitors
        self._pages = pages
        self.rooms = rooms

    def creator(self, handle: Callable[[web.Request, SignedIn], Awaitable[web.Response]]) -> Handler:
        async def checked(request: web.Request) -> web.Response:
            me = await self._visitors.creator(request)
            return me if isinstance(me, web.Response) else await handle(request, me)

        return checked

    def mine(self, handle: Callable[[web.Request, Mine], Awaitable[web.Response]]) -> Handler:
        async def checked(request: web.Request) -> web.Response:
            mine = await self._find(request)
            return mine if isinstance(mine, web.Response) else await handle(request, mine)

        return checked

    def acting(
        self,
        handle: Callable[[web.Request, Acting], Awaitable[web.Response]],
        *,
        needs: Permission = Permission.MANAGE_GUILD,
    ) -> Handler:
        """``needs``: what the creator's account has to be able to do beside, where one of several can."""

        async def checked(request: web.Request) -> web.Response:
            mine = await self._find(request)
            if isinstance(mine, web.Response):
                return mine
            by = await self.actor(mine, needs=needs)
            if not isinstance(by, Actor):
                return self.refused(by, ways=[mine.back])
            return await handle(request, Acting(me=mine.me, integration=mine.integration, by=by))

        return checked

    async def actor(
        self, mine: Mine, *, needs: Permission = Permission.MANAGE_GUILD
    ) -> Actor | Refused | Failure:
        """What the creator may do in the integration's server, as Discord says now."""
        integration = mine.integration
        if integration.guild_id is None:
            return Refused(why=Refusal.OTHER_SERVER)
        if integration.state not in {IntegrationState.CONNECTED, IntegrationState.NEEDS_ATTENTION}:
            return Refused(why=Refusal.CLOSING)
        return await self.rooms.deputies.of(mine.creator_id, integration.guild_id, needs=needs)

    def show(
        self,
        me: SignedIn,
        template: str,
        *,
        request: web.Request | None = None,
        status: int = 200,
        again: Again | None = None,
        **values: object,
    ) -> web.Response:
        return self._pages.show(
            f"hub/{template}",
            status=status,
            again=again,
            me=me.person,
            csrf=self._visitors.csrf_token(me),
            said=_SAID.get(request.query.get("said", "")) if request else None,
            words=words,
            **values,
        )

    def refused(self, why: Refused | Failure, *, ways: Sequence[Way] = ()) -> web.Response:
        """Nothing was changed, and what to do about it."""
        if isinstance(why, Refused):
            if why.why is Refusal.NOT_PROVEN:
                ways = [ACCOUNTS, *ways]
            return self._pages.plain("Nothing was changed", sentence(why), status=409, ways=ways or [HUB])
        status = 503 if isinstance(why, RetryAfter) else 409
        return self._pages.plain("Nothing was changed", _failed(why), status=status, ways=ways or [HUB])

    def plain(self, title: str, *sentences: str, status: int = 400, ways: Sequence[Way] = ()) -> web.Response:
        return self._pages.plain(title, *sentences, status=status, ways=ways or [HUB])

    async def _find(self, request: web.Request) -> Mine | web.Response:
        me = await self._visitors.creator(request)
        if isinstance(me, web.Response):
            return me
        integration_id = IntegrationId(int(request.match_info["id"]))
        found = await self.rooms.integrations.of(CreatorId(me.person.id), integration_id)
        if found is None:
            return self.plain(
                "There is no such integration", "It was removed, or is not one of yours.", status=404
            )
        return Mine(me=me, integration=found)


def sentence(refused: Refused) -> str:
    return words.sentence(refused, here=_HERE)


def after(path: str, said: str) -> web.Response:
    """Go on to ``path``, where it is said what was done."""
    return see_other(f"{path}?said={said}")


def _failed(why: Failure) -> str:
    if isinstance(why, RetryAfter):
        return "Discord does not answer at the moment, so we could not make sure that you may do this. Try again in a minute."
    return (
        "Passes Bot is not in that server at the moment, so it can change nothing there. Add it again first: nothing is "
        "forgotten."
    )
