"""The Active Integrations table, Add Integration, and the page of one integration with its next step."""

from typing import Any

from aiohttp import web

from bot.identity.sessions import SignedIn
from bot.ids import CreatorId, GuildId
from bot.integrations import words
from bot.integrations.actors import Refused
from bot.integrations.integrations import NAME_LENGTH
from bot.integrations.references import IntegrationRef, Step, next_step
from bot.web.hub.door import Door, Mine, sentence
from bot.web.pages import look_again, see_other
from models.integrations import IntegrationState


class Overview:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._rooms = door.rooms

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/hub", self._door.creator(self.all)),
            web.get("/hub/add", self._door.creator(self.choose)),
            web.get("/hub/add/discord", self._door.creator(self.ask_name)),
            web.post("/hub/add/discord", self._door.creator(self.add)),
            web.get(r"/hub/{id:\d{1,18}}", self._door.mine(self.one)),
        ]

    async def all(self, request: web.Request, me: SignedIn) -> web.Response:
        creator_id = CreatorId(me.person.id)
        active = await self._rooms.integrations.of_creator(creator_id)
        return self._door.show(
            me,
            "list.html",
            request=request,
            active=[(each, await self._server(each)) for each in active],
            closed=await self._rooms.integrations.closed_of(creator_id),
            accounts=await self._rooms.accounts.of_creator(creator_id),
            again=look_again(request) if any(map(_is_closing, active)) else None,
        )

    async def choose(self, _request: web.Request, me: SignedIn) -> web.Response:
        return self._door.show(me, "add.html")

    async def ask_name(self, _request: web.Request, me: SignedIn) -> web.Response:
        return self._name(me, name="", problem=None)

    async def add(self, request: web.Request, me: SignedIn) -> web.Response:
        name = str((await request.post()).get("name", ""))
        made = await self._rooms.integrations.create(CreatorId(me.person.id), name)
        if isinstance(made, Refused):
            return self._name(me, name=name, problem=sentence(made))
        return see_other(f"/hub/{made.id}")

    async def one(self, request: web.Request, mine: Mine) -> web.Response:
        integration = mine.integration
        if integration.guild_id is None:
            return self._door.show(mine.me, "connect.html", request=request, integration=integration)
        guild_id = GuildId(integration.guild_id)
        people = await self._rooms.reached.accounts(integration.id, guild_id)
        values: dict[str, Any] = {
            "integration": integration,
            "people": len(people),
            "server": await self._server(integration),
        }
        if integration.state in {IntegrationState.CLOSING, IntegrationState.CLOSED}:
            present = await self._rooms.closing.reaches_a_server(integration.id)
            again = look_again(request) if _is_closing(integration) else None
            return self._door.show(
                mine.me, "closing.html", request=request, present=present, again=again, **values
            )
        return self._door.show(
            mine.me,
            "one.html",
            request=request,
            step=next_step(integration),
            steps=Step,
            given=await self._rooms.offers.given(integration),
            waiting=await self._rooms.choices.next(integration.id),
            attention=words.attention(integration),
            holds=len(await self._rooms.held.through(integration.id, guild_id)),
            **values,
        )

    async def _server(self, integration: IntegrationRef) -> str | None:
        if integration.guild_id is None:
            return None
        return await self._rooms.guilds.name(integration.guild_id)

    def _name(self, me: SignedIn, *, name: str, problem: str | None) -> web.Response:
        return self._door.show(
            me,
            "name.html",
            status=400 if problem else 200,
            name=name,
            problem=problem,
            longest=NAME_LENGTH,
        )


def _is_closing(integration: IntegrationRef) -> bool:
    return integration.state is IntegrationState.CLOSING
