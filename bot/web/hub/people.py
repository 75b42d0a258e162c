"""Who has access through an integration and why, the ends that are held back, and roles that people hold already.

A server may be several creators'. Everything is narrowed to this one's integration: nobody sees another creator's
memberships or fans, nor decides a hold that is another creator's too.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

from aiohttp import web

from bot.access.adopt import Adopted, NumberChanged
from bot.access.held import HeldEnd
from bot.discord.permissions import Permission
from bot.ids import AccountId, Member
from bot.integrations.actors import Refused
from bot.web.hub import why
from bot.web.hub.door import Acting, Door, Mine, after
from bot.web.hub.narrow import narrowed
from bot.web.pages import small_number

PAGE = 25


class People:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._rooms = door.rooms

    def routes(self) -> list[web.RouteDef]:
        at, mine, acting = r"/hub/{id:\d{1,18}}", self._door.mine, self._door.acting
        adopting = partial(acting, needs=Permission.MANAGE_ROLES)
        return [
            web.get(f"{at}/people", mine(self.people)),
            web.get(at + r"/people/{account:\d{1,20}}", mine(self.person)),
            web.get(f"{at}/holds", mine(self.holds)),
            web.post(f"{at}/holds/release", acting(self.release)),
            web.post(f"{at}/holds/drop", acting(self.drop)),
            web.get(f"{at}/held", adopting(self.ask_adopt)),
            web.post(f"{at}/held", adopting(self.adopt)),
        ]

    async def people(self, request: web.Request, mine: Mine) -> web.Response:
        accounts = await self._reached(mine)
        pages = max(-(-len(accounts) // PAGE), 1)
        number = min(max(small_number(request.query.get("page")), 1), pages)
        part = accounts[(number - 1) * PAGE : number * PAGE]
        people = await self._rooms.reached.people(part)
        held = await self._held(mine)
        return self._door.show(
            mine.me,
            "people.html",
            integration=mine.integration,
            total=len(accounts),
            people=[(each, await self._why(mine, each.account_id, held)) for each in people],
            page=number,
            pages=pages,
        )

    async def person(self, request: web.Request, mine: Mine) -> web.Response:
        account_id = AccountId(int(request.match_info["account"]))
        if account_id not in await self._reached(mine):
            return self._door.plain(
                "Nobody of that name",
                "This person has nothing through this integration (any more).",
                status=404,
                ways=[mine.back],
            )
        person = (await self._rooms.reached.people([account_id]))[0]
        return self._door.show(
            mine.me,
            "person.html",
            integration=mine.integration,
            person=person,
            why=await self._why(mine, account_id, await self._held(mine)),
            statuses=why.STATUSES,
        )

    async def _why(self, mine: Mine, account_id: AccountId, held: Sequence[HeldEnd]) -> dict[str, Any]:
        """What of the explanation is about this integration."""
        found = narrowed(
            await self._rooms.explain.member(Member(mine.integration.server_id, account_id)), mine.id
        )
        return {
            "reasons": found.reasons,
            "live": [each for each in found.reasons if each.live],
            "roles": found.roles,
            "departure": why.departure(found),
            "held_since": next((each.since for each in held if each.account_id == account_id), None),
            "troubles": [why.obstacle(each) for each in found.obstacles],
            "history": [(each.at, why.event(each)) for each in found.history],
        }

    async def holds(self, request: web.Request, mine: Mine) -> web.Response:
        held = await self._held(mine)
        people = await self._rooms.reached.people([each.account_id for each in held])
        return self._door.show(
            mine.me,
            "holds.html",
            request=request,
            integration=mine.integration,
            holds=list(zip(held, people, strict=True)),
        )

    async def release(self, _request: web.Request, acting: Acting) -> web.Response:
        number = await self._rooms.holds.release(await self._theirs_alone(acting))
        return after(f"{acting.home}/holds", "released" if number else "")

    async def drop(self, _request: web.Request, acting: Acting) -> web.Response:
        number = await self._rooms.holds.drop(await self._theirs_alone(acting))
        return after(f"{acting.home}/holds", "dropped" if number else "")

    async def ask_adopt(self, _request: web.Request, acting: Acting) -> web.Response:
        return await self._ask_adopt(acting, changed=False)

    async def _ask_adopt(self, acting: Acting, *, changed: bool) -> web.Response:
        preview = await self._rooms.adoption.preview(acting.id, by=acting.by)
        if isinstance(preview, Refused):
            return self._door.refused(preview, ways=[acting.back])
        return self._door.show(
            acting.me, "held.html", integration=acting.integration, preview=preview, changed=changed
        )

    async def adopt(self, request: web.Request, acting: Acting) -> web.Response:
        number = small_number((await request.post()).get("number"))
        match await self._rooms.adoption.adopt(acting.id, number=number, by=acting.by):
            case Refused() as refused:
                return self._door.refused(refused, ways=[acting.back])
            case NumberChanged():
                return await self._ask_adopt(acting, changed=True)
            case Adopted():
                return after(acting.home, "adopted")

    async def _reached(self, mine: Mine) -> list[AccountId]:
        if mine.integration.guild_id is None:
            return []
        return await self._rooms.reached.accounts(mine.id, mine.integration.guild_id)

    async def _theirs_alone(self, mine: Mine) -> list[int]:
        return [each.hold_id for each in await self._held(mine) if not each.shared]

    async def _held(self, mine: Mine) -> list[HeldEnd]:
        if mine.integration.guild_id is None:
            return []
        return await self._rooms.held.through(mine.id, mine.integration.guild_id)
