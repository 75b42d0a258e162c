"""Name, end policy and grace of an integration; disconnecting and removing it, after a preview that names a number."""

from aiohttp import web

from bot.discord.permissions import Permission
from bot.identity.sessions import SignedIn
from bot.ids import CreatorId, GuildId, IntegrationId, read_id
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.integrations import LONGEST_GRACE, NAME_LENGTH
from bot.web.hub.door import Acting, Door, Mine, after
from bot.web.pages import see_other
from models.integrations import EndPolicy, IntegrationState


class Ending:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._rooms = door.rooms

    def routes(self) -> list[web.RouteDef]:
        at, mine, acting = r"/hub/{id:\d{1,18}}", self._door.mine, self._door.acting
        return [
            web.get(f"{at}/settings", mine(self.settings)),
            web.post(f"{at}/name", mine(self.rename)),
            web.post(f"{at}/policy", acting(self.policy, needs=Permission.KICK_MEMBERS)),
            web.post(f"{at}/grace", acting(self.grace)),
            web.get(f"{at}/disconnect", mine(self.ask_disconnect)),
            web.post(f"{at}/disconnect", mine(self.disconnect)),
            web.get(f"{at}/remove", mine(self.ask_remove)),
            web.post(f"{at}/remove", mine(self.remove)),
            web.post("/hub/again", self._door.creator(self.use_again)),
        ]

    async def settings(self, request: web.Request, mine: Mine) -> web.Response:
        return self._door.show(
            mine.me,
            "settings.html",
            request=request,
            integration=mine.integration,
            policies=list(EndPolicy),
            longest=NAME_LENGTH,
            longest_grace=LONGEST_GRACE,
        )

    async def rename(self, request: web.Request, mine: Mine) -> web.Response:
        name = str((await request.post()).get("name", ""))
        if mine.integration.guild_id is None:
            outcome = await self._rooms.integrations.rename_unconnected(mine.creator_id, mine.id, name)
            return self._saved(mine, outcome, "renamed")
        by = await self._door.actor(mine)
        if not isinstance(by, Actor):
            return self._door.refused(by, ways=[mine.back])
        return self._saved(mine, await self._rooms.integrations.rename(mine.id, name, by=by), "renamed")

    async def policy(self, request: web.Request, acting: Acting) -> web.Response:
        given = str((await request.post()).get("policy", ""))
        if given not in set(EndPolicy):
            return self._door.plain("Nothing was changed", "Choose one of the endings.", ways=[acting.back])
        outcome = await self._rooms.integrations.set_policy(acting.id, EndPolicy(given), by=acting.by)
        return self._saved(acting, outcome, "saved")

    async def grace(self, request: web.Request, acting: Acting) -> web.Response:
        given = str((await request.post()).get("days", ""))
        days = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else -1
        outcome = await self._rooms.integrations.set_grace(acting.id, days, by=acting.by)
        return self._saved(acting, outcome, "saved")

    def _saved(self, mine: Mine, outcome: object, said: str) -> web.Response:
        if isinstance(outcome, Refused):
            return self._door.refused(outcome, ways=[mine.back])
        return after(f"{mine.home}/settings", said)

    async def ask_disconnect(self, _request: web.Request, mine: Mine) -> web.Response:
        return await self._ask(mine, removes=False)

    async def ask_remove(self, _request: web.Request, mine: Mine) -> web.Response:
        return await self._ask(mine, removes=True)

    async def _ask(self, mine: Mine, *, removes: bool) -> web.Response:
        integration = mine.integration
        reached = (
            await self._rooms.reached.accounts(integration.id, GuildId(integration.guild_id))
            if integration.guild_id is not None
            else []
        )
        return self._door.show(
            mine.me,
            "end.html",
            integration=integration,
            removes=removes,
            people=len(reached),
            present=await self._rooms.closing.reaches_a_server(integration.id),
        )

    async def disconnect(self, request: web.Request, mine: Mine) -> web.Response:
        """Where something can still be taken, it takes what every change takes; elsewhere the creator's word."""
        keep = (await request.post()).get("keep") == "yes"
        if not await self._rooms.closing.reaches_a_server(mine.id):
            if _promised_an_end(mine, keep=keep):
                return await self._ask(mine, removes=False)
            refused = await self._rooms.closing.disconnect_where_nothing_is_reached(mine.creator_id, mine.id)
        else:
            by = await self._door.actor(mine)
            if not isinstance(by, Actor):
                return self._door.refused(by, ways=[mine.back])
            refused = await self._rooms.closing.disconnect(mine.id, by=by, keep=keep)
        return self._door.refused(refused, ways=[mine.back]) if refused else see_other(mine.home)

    async def remove(self, request: web.Request, mine: Mine) -> web.Response:
        """The same, for good."""
        keep = (await request.post()).get("keep") == "yes"
        if not await self._rooms.closing.reaches_a_server(mine.id):
            if _promised_an_end(mine, keep=keep):
                return await self._ask(mine, removes=True)
            refused = await self._rooms.closing.remove_where_nothing_is_reached(mine.creator_id, mine.id)
        else:
            by = await self._rooms.deputies.of(mine.creator_id, mine.integration.server_id)
            if not isinstance(by, Actor):
                return self._door.refused(by, ways=[mine.back])
            refused = await self._rooms.closing.remove(mine.id, by=by, keep=keep)
        if refused:
            return self._door.refused(refused, ways=[mine.back])
        await self._rooms.closing.finish()  # what nobody holds goes at once
        left = await self._rooms.integrations.get(mine.id)
        return see_other(mine.home if left else "/hub")

    async def use_again(self, request: web.Request, me: SignedIn) -> web.Response:
        number = read_id((await request.post()).get("integration"))
        if number is None:
            return self._door.refused(Refused(why=Refusal.UNKNOWN))
        integration_id = IntegrationId(number)
        refused = await self._rooms.closing.use_again(CreatorId(me.person.id), integration_id)
        return self._door.refused(refused) if refused else see_other(f"/hub/{integration_id}")


def _promised_an_end(mine: Mine, *, keep: bool) -> bool:
    """The page was shown while the bot was there to take something: it is shown again, as it is without the bot."""
    integration = mine.integration
    return not keep and integration.guild_id is not None and integration.state is not IntegrationState.CLOSED
