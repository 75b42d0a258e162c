"""The ladder and Refresh Roles, Add Membership, the roles of each, and detaching: as ``/passes setup`` and ``memberships``."""

from collections.abc import Iterable, Sequence
from functools import partial

from aiohttp import web

from bot.discord.permissions import Permission
from bot.ids import RoleId, TierId, read_id
from bot.integrations import words
from bot.integrations.actors import Refusal, Refused
from bot.integrations.attachments import AskAgain, Attached
from bot.integrations.refresh import Refreshed
from bot.web.hub.door import Acting, Door, Mine, after, sentence
from bot.web.pages import see_other
from models.integrations import EndPolicy


class Giving:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._rooms = door.rooms

    def routes(self) -> list[web.RouteDef]:
        at, acting = r"/hub/{id:\d{1,18}}", self._door.acting
        giving = partial(acting, needs=Permission.MANAGE_ROLES)
        return [
            web.get(f"{at}/roles", acting(self.ladder)),
            web.post(f"{at}/roles", acting(self.refresh)),
            web.get(f"{at}/memberships", self._door.mine(self.shelf)),
            web.post(f"{at}/memberships", acting(self.choose)),
            web.get(f"{at}/tier", giving(self.ask_roles)),
            web.post(f"{at}/tier", giving(self.give)),
            web.post(f"{at}/tier/yes", giving(self.confirm)),
            web.post(f"{at}/tier/skip", acting(self.skip)),
            web.get(f"{at}/detach", self._door.mine(self.ask_detach)),
            web.post(f"{at}/detach", acting(self.detach)),
        ]

    async def ladder(self, request: web.Request, acting: Acting) -> web.Response:
        return await self._ladder(request, acting, news=())

    async def refresh(self, request: web.Request, acting: Acting) -> web.Response:
        outcome = await self._rooms.refresh.refresh(by=acting.by)
        if not isinstance(outcome, Refreshed):
            return self._door.refused(outcome, ways=[acting.back])
        return await self._ladder(request, acting, news=words.news_of(outcome))

    async def _ladder(self, request: web.Request, acting: Acting, *, news: Sequence[str]) -> web.Response:
        given = await self._rooms.offers.given(acting.integration)
        wanted = [role_id for each in given for role_id in each.role_ids]
        integration = await self._rooms.integrations.get(acting.id)
        return self._door.show(
            acting.me,
            "roles.html",
            request=request,
            integration=integration,
            ladder=await self._rooms.guilds.ladder(acting.by.guild_id, role_ids=wanted),
            news=news,
        )

    async def shelf(self, request: web.Request, mine: Mine) -> web.Response:
        return await self._shelf(request, mine, problem=None)

    async def _shelf(self, request: web.Request, mine: Mine, *, problem: str | None) -> web.Response:
        return self._door.show(
            mine.me,
            "memberships.html",
            request=request,
            status=400 if problem else 200,
            integration=mine.integration,
            shelf=await self._rooms.offers.shelf(mine.integration),
            problem=problem,
        )

    async def choose(self, request: web.Request, acting: Acting) -> web.Response:
        chosen = [TierId(str(each)) for each in (await request.post()).getall("tier", [])]
        if not chosen:
            return await self._shelf(request, acting, problem="Tick at least one membership.")
        refused = await self._rooms.choices.choose(acting.id, chosen, by=acting.by)
        return self._door.refused(refused, ways=[acting.back]) if refused else await self._next(acting)

    async def ask_roles(self, request: web.Request, acting: Acting) -> web.Response:
        tier_id = TierId(request.query.get("tier", ""))
        return await self._ask(request, acting, tier_id, chosen=None, problem=None)

    async def give(self, request: web.Request, acting: Acting) -> web.Response:
        form = await request.post()
        tier_id, roles = TierId(str(form.get("tier", ""))), _role_ids(form.getall("role", []))
        if not roles and "only" not in form:
            problem = "Tick at least one role, or press Server only."
            return await self._ask(request, acting, tier_id, chosen=roles, problem=problem)
        given = await self._rooms.choices.give(
            acting.id, tier_id, () if "only" in form else roles, by=acting.by
        )
        return await self._after(request, acting, tier_id, roles, given)

    async def confirm(self, request: web.Request, acting: Acting) -> web.Response:
        """The second yes, to roles that can moderate."""
        tier_id = TierId(str((await request.post()).get("tier", "")))
        given = await self._rooms.choices.confirm(acting.id, tier_id, by=acting.by)
        return await self._after(request, acting, tier_id, [], given)

    async def skip(self, request: web.Request, acting: Acting) -> web.Response:
        tier_id = TierId(str((await request.post()).get("tier", "")))
        refused = await self._rooms.choices.forget(acting.id, tier_id, by=acting.by)
        return self._door.refused(refused, ways=[acting.back]) if refused else await self._next(acting)

    async def ask_detach(self, request: web.Request, mine: Mine) -> web.Response:
        given = await self._rooms.offers.one(mine.integration, TierId(request.query.get("tier", "")))
        if given is None:
            return self._door.refused(Refused(why=Refusal.NOT_ATTACHED), ways=[mine.back])
        holders = await self._rooms.catalogue.holders(given.tier_id)
        return self._door.show(
            mine.me, "detach.html", integration=mine.integration, given=given, holders=holders
        )

    async def detach(self, request: web.Request, acting: Acting) -> web.Response:
        tier_id = TierId(str((await request.post()).get("tier", "")))
        outcome = await self._rooms.attachments.detach(acting.id, tier_id, by=acting.by)
        if isinstance(outcome, Refused):
            return self._door.refused(outcome, ways=[acting.back])
        keeps = acting.integration.policy is EndPolicy.KEEP
        return after(acting.home, "detached_kept" if keeps else "detached")

    async def _after(
        self,
        request: web.Request,
        acting: Acting,
        tier_id: TierId,
        roles: Sequence[RoleId],
        given: Attached | AskAgain | Refused,
    ) -> web.Response:
        match given:
            case Attached():
                return await self._next(acting, said="attached")
            case Refused():
                return await self._ask(request, acting, tier_id, chosen=roles, problem=sentence(given))
            case AskAgain(roles=powerful):
                return self._door.show(
                    acting.me,
                    "powers.html",
                    integration=acting.integration,
                    tier=await self._rooms.offers.tier(acting.integration, tier_id),
                    roles=powerful,
                )

    async def _ask(
        self,
        request: web.Request,
        acting: Acting,
        tier_id: TierId,
        *,
        chosen: Sequence[RoleId] | None,
        problem: str | None,
    ) -> web.Response:
        tier = await self._rooms.offers.tier(acting.integration, tier_id)
        if tier is None:
            return self._door.refused(Refused(why=Refusal.TIER_UNKNOWN), ways=[acting.back])
        given = await self._rooms.offers.one(acting.integration, tier_id)
        return self._door.show(
            acting.me,
            "tier.html",
            request=request,
            status=409 if problem else 200,
            integration=acting.integration,
            tier=tier,
            could=await self._rooms.attachments.attachable(by=acting.by),
            chosen=chosen if chosen is not None else given.role_ids if given else (),
            attached=given is not None,
            problem=problem,
        )

    async def _next(self, acting: Acting, *, said: str | None = None) -> web.Response:
        """The next membership whose roles are to be asked; the summary when there is none."""
        tier_id = await self._rooms.choices.next(acting.id)
        if tier_id is None:
            return after(acting.home, said) if said else see_other(acting.home)
        return see_other(f"{acting.home}/tier?tier={tier_id}{f'&said={said}' if said else ''}")


def _role_ids(given: Iterable[object]) -> list[RoleId]:
    return [RoleId(role_id) for each in given if (role_id := read_id(each)) is not None]
