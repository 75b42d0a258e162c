"""Connect your Discord: to Discord's page and back with a server's name, then the page that names both sides.

The creator's token says who they are and which server they chose, once; it is dropped before the page is shown. That the
account manages the server is seen by the bot itself, there and again at the press.
"""

from aiohttp import web

from bot.config import Config
from bot.discord.oauth import CREATOR_SCOPES, DiscordUser, GuildRef, OAuth, OAuthError, TokenPair
from bot.discord.outcomes import RetryAfter
from bot.discord.permissions import INVITATION, Permission
from bot.identity.oauth_states import OAuthStates
from bot.identity.sessions import SignedIn
from bot.ids import AccountId, CreatorId, GuildId, IntegrationId, read_id
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.references import OPEN
from bot.web.hub.door import ACCOUNTS, HUB, Door, Mine, after
from bot.web.pages import see_other

SERVER = "hub_connect"
SERVER_PRESS = "hub_connect_press"
ACCOUNT = "hub_account"
ACCOUNT_PRESS = "hub_account_press"
_IDENTIFY = ("identify",)


class Connecting:
    def __init__(self, config: Config, door: Door, *, states: OAuthStates, oauth: OAuth) -> None:
        self._redirect_uri = f"{config.public_url}/oauth/discord"
        self._door = door
        self._rooms = door.rooms
        self._states = states
        self._oauth = oauth

    def routes(self) -> list[web.RouteDef]:
        door = self._door
        return [
            web.post(r"/hub/{id:\d{1,18}}/connect", door.mine(self.begin)),
            web.post("/hub/connect/press", door.creator(self.press)),
            web.get("/hub/accounts", door.creator(self.accounts)),
            web.post("/hub/accounts/add", door.creator(self.add)),
            web.post("/hub/accounts/press", door.creator(self.press_account)),
            web.post("/hub/accounts/withdraw", door.creator(self.withdraw)),
        ]

    async def begin(self, _request: web.Request, mine: Mine) -> web.Response:
        """To Discord's page, where the server is chosen and the bot added."""
        state = await self._states.begin(mine.me.session, SERVER, {"integration": mine.id})
        return see_other(
            self._oauth.authorize_url(
                state=state,
                scopes=CREATOR_SCOPES,
                redirect_uri=self._redirect_uri,
                permissions=int(INVITATION),
                guild_id=mine.integration.guild_id,
            )
        )

    async def come_back(self, request: web.Request, me: SignedIn) -> web.Response:
        """From Discord's page, for either purpose; a state that is another session's, or used, is nothing."""
        given = request.query.get("state", "")
        for purpose in (SERVER, ACCOUNT):
            trip = await self._states.use(me.session, purpose, given)
            if trip:
                break
        else:
            return self._again("It was opened twice, is too old, or was begun in another browser.")
        if "error" in request.query:
            return self._again("You did not allow it at Discord.")
        seen = await self._seen(request.query.get("code", ""))
        if isinstance(seen, web.Response):
            return seen
        user, guild = seen
        if purpose == ACCOUNT:
            return await self._ask_account(me, user)
        return await self._ask_server(me, IntegrationId(trip.data["integration"]), user, guild)

    async def _seen(self, code: str) -> tuple[DiscordUser, GuildRef | None] | web.Response:
        pair = await self._oauth.exchange(code, self._redirect_uri)
        if not isinstance(pair, TokenPair):
            return self._not_accepted(pair)
        user = await self._oauth.identify(pair.access_token)
        if not isinstance(user, DiscordUser):
            return self._not_accepted(user)
        return user, pair.guild

    async def _ask_server(
        self, me: SignedIn, integration_id: IntegrationId, user: DiscordUser, guild: GuildRef | None
    ) -> web.Response:
        integration = await self._rooms.integrations.of(CreatorId(me.person.id), integration_id)
        if integration is None or guild is None:
            return self._again("Discord named no server. Choose one on its page.")
        if (
            integration.state not in OPEN
        ):  # nothing is connected: the bot was added again, and the end goes on
            return see_other(f"/hub/{integration_id}")
        by = await self._rooms.deputies.account(user.id, guild.id)
        if not isinstance(by, Actor):
            return self._door.refused(by)
        if not by.may(Permission.MANAGE_GUILD):
            return self._door.refused(Refused(why=Refusal.NO_MANAGE_SERVER))
        data = {
            "integration": integration_id,
            "account_id": str(user.id),
            "username": user.username,
            "guild_id": str(guild.id),
        }
        press = await self._states.begin(me.session, SERVER_PRESS, data)
        return self._door.show(
            me,
            "agree.html",
            integration=integration,
            username=user.username,
            server=guild.name,
            press_id=press,
        )

    async def press(self, request: web.Request, me: SignedIn) -> web.Response:
        """Both sides were named: the account is the creator's, and the server is connected."""
        trip = await self._states.use(me.session, SERVER_PRESS, str((await request.post()).get("press", "")))
        if trip is None:
            return self._again("It was pressed already, or is too old.")
        creator_id, account_id = CreatorId(me.person.id), AccountId(int(trip.data["account_id"]))
        by = await self._rooms.deputies.account(account_id, GuildId(int(trip.data["guild_id"])))
        if not isinstance(by, Actor):
            return self._door.refused(by)
        if not by.may(Permission.MANAGE_GUILD):
            return self._door.refused(Refused(why=Refusal.NO_MANAGE_SERVER))
        tied = await self._rooms.tying.tie(
            creator_id, IntegrationId(trip.data["integration"]), by=by, username=trip.data["username"]
        )
        if isinstance(tied, Refused):
            return self._door.refused(tied)
        return after(f"/hub/{tied.id}" if tied.roles_refreshed_at else f"/hub/{tied.id}/roles", "connected")

    async def accounts(self, request: web.Request, me: SignedIn) -> web.Response:
        proven = await self._rooms.accounts.of_creator(CreatorId(me.person.id))
        return self._door.show(me, "accounts.html", request=request, accounts=proven)

    async def add(self, _request: web.Request, me: SignedIn) -> web.Response:
        state = await self._states.begin(me.session, ACCOUNT, {})
        return see_other(
            self._oauth.authorize_url(
                state=state, scopes=_IDENTIFY, redirect_uri=self._redirect_uri, prompt="consent"
            )
        )

    async def _ask_account(self, me: SignedIn, user: DiscordUser) -> web.Response:
        data = {"account_id": str(user.id), "username": user.username}
        press = await self._states.begin(me.session, ACCOUNT_PRESS, data)
        return self._door.show(me, "prove.html", username=user.username, press_id=press)

    async def press_account(self, request: web.Request, me: SignedIn) -> web.Response:
        trip = await self._states.use(me.session, ACCOUNT_PRESS, str((await request.post()).get("press", "")))
        if trip is None:
            return self._again("It was pressed already, or is too old.")
        account_id = AccountId(int(trip.data["account_id"]))
        await self._rooms.proofs.prove(CreatorId(me.person.id), account_id, trip.data["username"])
        return after("/hub/accounts", "proven")

    async def withdraw(self, request: web.Request, me: SignedIn) -> web.Response:
        account_id = read_id((await request.post()).get("account"))
        if account_id is not None:
            await self._rooms.proofs.withdraw(CreatorId(me.person.id), AccountId(account_id))
        return after("/hub/accounts", "withdrawn")

    def _again(self, why: str) -> web.Response:
        return self._door.plain(
            "Not connected", why, "Nothing was changed. Start again.", ways=[HUB, ACCOUNTS]
        )

    def _not_accepted(self, why: OAuthError | RetryAfter) -> web.Response:
        if isinstance(why, RetryAfter):
            return self._door.plain(
                "Discord does not answer", "Nothing was changed. Try again in a moment.", status=503
            )
        return self._again("Discord did not accept it: it was used already, or is too old.")
