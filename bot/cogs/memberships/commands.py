"""``/passes memberships``: what is attached here, to add to, change and detach. A creator sees only their own.

Who manages the server and has nothing of their own in it sees what is connected there, to disconnect it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.access.adopt import Adopted, NumberChanged
from bot.cogs.connected import ConnectedHere
from bot.cogs.doorstep import Doorstep
from bot.cogs.memberships.adopting import adopted, draw_adoption
from bot.cogs.memberships.screens import draw_choice, draw_list, draw_one, draw_question, find
from bot.cogs.passes import Passes
from bot.cogs.presses import Press, Presses
from bot.cogs.refusals import sentence
from bot.cogs.replies import Interaction, Reply, answer, defer
from bot.cogs.setup.screens import Screens
from bot.discord.permissions import Permission
from bot.ids import IntegrationId, TierId
from bot.integrations.accounts import CreatorAccounts
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.adoption import Adoption
from bot.integrations.attachments import Attachments
from bot.integrations.integrations import Integrations
from bot.integrations.references import OPEN, IntegrationRef
from bot.integrations.words import detached
from bot.memberships.catalogue import Catalogue
from bot.memberships.offers import Offers

type Act = Callable[[Actor, IntegrationRef, Press], Awaitable[Reply]]

_NOTHING_OF_YOURS = "Nothing of yours is connected here yet. Type `/passes setup` to begin."
_WHOSE_ACCOUNT = (
    "Passes does not know yet whose account this is; if one of these is yours, type `/passes setup`."
)
_GONE = Refused(why=Refusal.NOT_ATTACHED)


class MembershipsCommands:
    def __init__(  # noqa: PLR0913  (the rooms it shows)
        self,
        *,
        doorstep: Doorstep,
        accounts: CreatorAccounts,
        integrations: Integrations,
        attachments: Attachments,
        catalogue: Catalogue,
        screens: Screens,
        offers: Offers,
        adoption: Adoption,
        here: ConnectedHere,
    ) -> None:
        self._doorstep = doorstep
        self._accounts = accounts
        self._integrations = integrations
        self._attachments = attachments
        self._catalogue = catalogue
        self._screens = screens
        self._offers = offers
        self._adoption = adoption
        self._connected = here

    def attach(self, passes: Passes, presses: Presses) -> None:
        passes.add("memberships", "Creators: which memberships give what in this server.", self.memberships)
        presses.on("attached:open:", self._pressed(self._turn))
        presses.on("attached:list:", self._pressed(self._turn))
        presses.on("attached:pick:", self._pressed(self._pick))
        presses.on("attached:detach:", self._pressed(self._ask_to_detach))
        presses.on("attached:gone:", self._pressed(self._detach))
        presses.on("attached:held:", self._pressed(self._ask_to_adopt))
        presses.on("attached:adopt:", self._pressed(self._adopt))

    async def memberships(self, interaction: Interaction) -> None:
        await defer(interaction)
        by = await self._doorstep.enter(interaction)
        await answer(interaction, by if isinstance(by, Reply) else await self._here(interaction, by))

    def _pressed(self, act: Act) -> Callable[[Interaction, Press], Awaitable[None]]:
        """Every press is about one integration, which has to be the person's to change at this moment."""

        async def handle(interaction: Interaction, press: Press) -> None:
            await defer(interaction)
            by = await self._doorstep.enter(interaction)
            await answer(interaction, by if isinstance(by, Reply) else await self._about(by, press, act))

        return handle

    async def _about(self, by: Actor, press: Press, act: Act) -> Reply:
        integration = await self._integrations.shown(_integration_id(press), by=by)
        return (
            _refused(integration) if isinstance(integration, Refused) else await act(by, integration, press)
        )

    async def _here(self, interaction: Interaction, by: Actor) -> Reply:
        if not by.may(Permission.MANAGE_GUILD):
            return _refused(Refused(why=Refusal.NO_MANAGE_SERVER))
        creator_ids = await self._accounts.creators_of(by.account_id)
        here = await self._integrations.on_guild(by.guild_id)
        found = [each for each in here if each.creator_id in creator_ids and each.state in OPEN]
        if found:
            return await self._list(found[0]) if len(found) == 1 else draw_choice(found)
        others = await self._connected.reply(by)
        if others:
            first = _NOTHING_OF_YOURS if creator_ids else _WHOSE_ACCOUNT
            return replace(others, text=f"{first}\n{others.text}")
        if not creator_ids:
            return await self._doorstep.prove(interaction, by, again="setup:continue")
        return Reply(text=_NOTHING_OF_YOURS)

    async def _list(self, integration: IntegrationRef, *, page: int = 0, news: str = "") -> Reply:
        return draw_list(integration, await self._offers.given(integration), page=page, news=news)

    async def _turn(self, _by: Actor, integration: IntegrationRef, press: Press) -> Reply:
        return await self._list(integration, page=int(_second(press) or 0))

    async def _pick(self, _by: Actor, integration: IntegrationRef, press: Press) -> Reply:
        given = find(await self._offers.given(integration), TierId(press.values[0]))
        return draw_one(integration, given) if given else await self._list(integration, news=sentence(_GONE))

    async def _ask_to_detach(self, _by: Actor, integration: IntegrationRef, press: Press) -> Reply:
        given = find(await self._offers.given(integration), TierId(_second(press)))
        if given is None:
            return await self._list(integration, news=sentence(_GONE))
        return draw_question(integration, given, holders=await self._catalogue.holders(given.tier_id))

    async def _detach(self, by: Actor, integration: IntegrationRef, press: Press) -> Reply:
        outcome = await self._attachments.detach(integration.id, TierId(_second(press)), by=by)
        if isinstance(outcome, Refused):
            return await self._list(integration, news=sentence(outcome))
        # Read again: an attachment less may have mended what needed attention.
        integration = await self._integrations.get(integration.id) or integration
        return await self._list(integration, news=detached(integration.policy))

    async def _ask_to_adopt(self, by: Actor, integration: IntegrationRef, _press: Press) -> Reply:
        preview = await self._adoption.preview(integration.id, by=by)
        return _refused(preview) if isinstance(preview, Refused) else draw_adoption(integration, preview)

    async def _adopt(self, by: Actor, integration: IntegrationRef, press: Press) -> Reply:
        outcome = await self._adoption.adopt(integration.id, number=int(_second(press)), by=by)
        match outcome:
            case Refused():
                return _refused(outcome)
            case NumberChanged(preview=preview):
                return draw_adoption(integration, preview, changed=True)
            case Adopted():
                return await self._list(integration, news=adopted(outcome))


def _refused(refused: Refused) -> Reply:
    return Reply(text=sentence(refused))


def _integration_id(press: Press) -> IntegrationId:
    """From the custom id; from the menu where there is a choice of integrations."""
    return IntegrationId(int(press.argument.partition(":")[0] or press.values[0]))


def _second(press: Press) -> str:
    return press.argument.partition(":")[2]
