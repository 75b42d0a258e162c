"""Connect: to Discord's consent page and back, ending on the page that names both sides.

The state belongs to the session that began and is used once, so that nobody can be made to finish what somebody else
began. What Discord said waits, sealed, in a second round trip until the press.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiohttp import web

from bot.access.views import IntegrationView
from bot.config import Config
from bot.discord.oauth import FAN_SCOPES, DiscordUser, OAuth, OAuthError, TokenPair
from bot.discord.outcomes import RetryAfter
from bot.fans.connecting import Connecting
from bot.fans.links import AlreadyLinked, Links, Preview
from bot.fans.ports import Views
from bot.fans.tokens import Tokens
from bot.identity.oauth_states import OAuthStates
from bot.identity.sessions import SignedIn
from bot.ids import AccountId, FanId, IntegrationId, read_id
from bot.web.agreement import BACK, Agreement
from bot.web.codes import CODE_WAYS
from bot.web.pages import Pages, see_other
from bot.web.visitors import Visitors
from models.identity import PersonKind

CONSENT = "connect"
PRESS = "connect_press"


type ComeBack = Callable[[web.Request, SignedIn], Awaitable[web.Response]]
"""Of creators, who come back to the same address; ``bot.web.hub``."""


class Connect:
    def __init__(  # noqa: PLR0913 - the way leads through each of these rooms
        self,
        config: Config,
        *,
        visitors: Visitors,
        pages: Pages,
        agreement: Agreement,
        states: OAuthStates,
        oauth: OAuth,
        views: Views,
        links: Links,
        tokens: Tokens,
        connecting: Connecting,
        creators: ComeBack,
    ) -> None:
        self._creators = creators
        self._redirect_uri = f"{config.public_url}/oauth/discord"
        self._visitors = visitors
        self._pages = pages
        self._agreement = agreement
        self._states = states
        self._oauth = oauth
        self._views = views
        self._links = links
        self._tokens = tokens
        self._connecting = connecting

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/connect", self.begin),
            web.get("/oauth/discord", self.come_back, allow_head=False),
            web.post("/connect/press", self.press),
        ]

    async def begin(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        form = await request.post()
        fan_id, asked = FanId(me.person.id), _ids(form.getall("integration", []))
        theirs = {view.integration_id for view in await self._views.of_fan(fan_id)}
        if asked is None or not theirs.issuperset(asked):
            return self._pages.plain(
                "There is no such integration", "It is not part of your memberships.", status=404, ways=[BACK]
            )
        change = "change" in form
        if asked and not change and await self._connecting.ask_again(fan_id, asked):
            return see_other("/memberships")
        state = await self._states.begin(me.session, CONSENT, {"integrations": asked})
        return see_other(
            self._oauth.authorize_url(
                state=state,
                scopes=FAN_SCOPES,
                redirect_uri=self._redirect_uri,
                prompt=await self._prompt(fan_id, change=change),
            )
        )

    async def _prompt(self, fan_id: FanId, *, change: bool) -> Any:
        """Ask at Discord so that the account can be changed there; silently where consent was given before."""
        if change:
            return "consent"
        return "none" if await self._links.of_fan(fan_id) else None

    async def come_back(self, request: web.Request) -> web.Response:
        me = await self._visitors.who(request)
        if me is None:
            return self._without_session()
        if me.person.kind is PersonKind.CREATOR:
            return await self._creators(request, me)
        trip = await self._states.use(me.session, CONSENT, request.query.get("state", ""))
        if trip is None:
            return self._start_again("It was opened twice, is too old, or was begun in another browser.")
        asked = [IntegrationId(each) for each in trip.data["integrations"]]
        seen = await self._seen_at_discord(request, me, asked)
        return seen if isinstance(seen, web.Response) else await self._ask(me, *seen, asked)

    async def _seen_at_discord(
        self, request: web.Request, me: SignedIn, asked: Sequence[IntegrationId]
    ) -> tuple[DiscordUser, TokenPair] | web.Response:
        if "error" in request.query:
            return self._denied(me, asked, request.query["error"])
        pair = await self._oauth.exchange(request.query.get("code", ""), self._redirect_uri)
        if not isinstance(pair, TokenPair):
            return self._not_accepted(pair)
        if not set(FAN_SCOPES) <= pair.scopes:
            return self._denied(me, asked, "access_denied")
        user = await self._oauth.identify(pair.access_token)
        return (user, pair) if isinstance(user, DiscordUser) else self._not_accepted(user)

    async def _ask(
        self, me: SignedIn, user: DiscordUser, pair: TokenPair, asked: Sequence[IntegrationId]
    ) -> web.Response:
        fan_id = FanId(me.person.id)
        foreseen = await self._links.preview(fan_id, user.id)
        if isinstance(foreseen, AlreadyLinked):
            # The press on Connect said it all: the account is the one that both sides named before.
            done = await self._connecting.connect(
                fan_id, user.id, user.username, pair=pair, integrations=asked
            )
            return self._agreement.answer(done)
        if not isinstance(foreseen, Preview):
            return self._agreement.answer(foreseen)
        data = {
            "account_id": str(user.id),
            "username": user.username,
            "pair": self._tokens.seal(pair),
            "integrations": list(asked),
            "agreed": foreseen.key,
        }
        press = await self._states.begin(me.session, PRESS, data)
        return self._agreement.ask(
            me,
            foreseen,
            username=user.username,
            action="/connect/press",
            fields={"press": press},
            servers=_names(await self._views.of_fan(fan_id), asked),
        )

    async def press(self, request: web.Request) -> web.Response:
        me = await self._visitors.fan(request)
        if isinstance(me, web.Response):
            return me
        form = await request.post()
        trip = await self._states.use(me.session, PRESS, str(form.get("press", "")))
        if trip is None:
            return self._start_again("It was pressed already, or is too old.")
        outcome = await self._connecting.connect(
            FanId(me.person.id),
            AccountId(int(trip.data["account_id"])),
            trip.data["username"],
            agreed=trip.data["agreed"],
            pair=self._tokens.unseal(trip.data["pair"]),
            integrations=[IntegrationId(each) for each in trip.data["integrations"]],
        )
        return self._agreement.answer(outcome)

    def _without_session(self) -> web.Response:
        return self._pages.plain(
            "This is another browser",
            "Discord sent you to a browser in which you are not signed in, so nothing was connected.",
            "Go back to the browser you came from, or connect with a code that you type in Discord.",
            status=401,
            ways=CODE_WAYS,
        )

    def _start_again(self, why: str) -> web.Response:
        return self._pages.plain(
            "This page cannot be used", why, "Nothing was changed. Start again.", ways=[BACK]
        )

    def _denied(self, me: SignedIn, asked: Sequence[IntegrationId], error: str) -> web.Response:
        sentence = (
            "You did not allow it at Discord, so nothing was connected."
            if error == "access_denied"
            else "Discord could not ask you, so nothing was connected."
        )
        return self._pages.show(
            "denied.html",
            me=me.person,
            csrf=self._visitors.csrf_token(me),
            sentence=sentence,
            integrations=asked,
        )

    def _not_accepted(self, why: OAuthError | RetryAfter) -> web.Response:
        if isinstance(why, RetryAfter):
            return self._pages.plain(
                "Discord does not answer",
                "Nothing was connected. Try again in a moment.",
                status=503,
                ways=[BACK],
            )
        return self._start_again("Discord did not accept it: it was used already, or is too old.")


def _ids(given: Sequence[Any]) -> list[IntegrationId] | None:
    """Integration ids from a form, in order and once each; None if they are none."""
    read = [read_id(each) for each in given]
    found = [IntegrationId(number) for number in dict.fromkeys(read) if number is not None]
    return None if None in read else found


def _names(views: Sequence[IntegrationView], asked: Sequence[IntegrationId]) -> list[str]:
    return [view.guild_name for view in views if view.integration_id in asked]
