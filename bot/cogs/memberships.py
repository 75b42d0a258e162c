"""``/passes memberships``: what is attached here, to add to, change and detach. A creator sees only their own."""

from collections.abc import Awaitable, Callable

from bot.cogs.doorstep import Doorstep
from bot.cogs.lines import fit, label, name
from bot.cogs.passes import Passes
from bot.cogs.presses import Press, Presses
from bot.cogs.refusals import sentence
from bot.cogs.replies import Interaction, Reply, answer, defer
from bot.cogs.setup import words
from bot.cogs.setup.screens import PAGE, Screens
from bot.discord.components import Button, Menu, Option, Style
from bot.discord.permissions import Permission
from bot.ids import IntegrationId, TierId
from bot.integrations.accounts import CreatorAccounts
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.attachments import Attachments
from bot.integrations.integrations import Integrations
from bot.integrations.references import OPEN, IntegrationRef
from bot.memberships.catalogue import Catalogue

type Act = Callable[[Actor, Press], Awaitable[Reply]]


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
    ) -> None:
        self._doorstep = doorstep
        self._accounts = accounts
        self._integrations = integrations
        self._attachments = attachments
        self._catalogue = catalogue
        self._screens = screens

    def attach(self, passes: Passes, presses: Presses) -> None:
        passes.add("memberships", "Creators: which memberships give what in this server.", self.memberships)
        for prefix, act in (
            ("attached:list:", self._of_one),
            ("attached:open:", self._opened),
            ("attached:pick:", self._picked),
            ("attached:detach:", self._asked_to_detach),
            ("attached:gone:", self._detached),
        ):
            presses.on(prefix, self._pressed(act))

    async def memberships(self, interaction: Interaction) -> None:
        await defer(interaction)
        by = await self._doorstep.enter(interaction)
        await answer(interaction, by if isinstance(by, Reply) else await self._here(interaction, by))

    def _pressed(self, act: Act) -> Callable[[Interaction, Press], Awaitable[None]]:
        async def handle(interaction: Interaction, press: Press) -> None:
            await defer(interaction)
            by = await self._doorstep.enter(interaction)
            await answer(interaction, by if isinstance(by, Reply) else await act(by, press))

        return handle

    async def _here(self, interaction: Interaction, by: Actor) -> Reply:
        if not by.may(Permission.MANAGE_GUILD):
            return _refused(Refused(why=Refusal.NO_MANAGE_SERVER))
        creator_ids = await self._accounts.creators_of(by.account_id)
        if not creator_ids:
            return await self._doorstep.prove(interaction, by, again="setup:continue")
        found = [
            each
            for each in await self._integrations.on_guild(by.guild_id)
            if each.creator_id in creator_ids and each.state in OPEN
        ]
        if not found:
            return Reply(text="Nothing of yours is connected here yet. Type `/passes setup` to begin.")
        return await self._list(found[0]) if len(found) == 1 else _which(found)

    async def _opened(self, by: Actor, press: Press) -> Reply:
        integration = await self._integrations.shown(IntegrationId(int(press.values[0])), by=by)
        return _refused(integration) if isinstance(integration, Refused) else await self._list(integration)

    async def _of_one(self, by: Actor, press: Press) -> Reply:
        integration = await self._shown(press, by)
        return _refused(integration) if isinstance(integration, Refused) else await self._list(integration)

    async def _list(self, integration: IntegrationRef, *, news: str = "") -> Reply:
        """What is attached, and a menu to choose one of it."""
        attached = await self._attachments.of(integration.id)
        lines = await self._screens.attached(integration)
        add = Button(label="Add Membership", custom_id=f"setup:add:{integration.id}:0", style=Style.PRIMARY)
        text = fit(
            [
                *([news, ""] if news else []),
                f"**{name(integration.name)}**: {words.status(integration)}",
                *(line for _, line in lines),
                *([] if lines else ["No membership is attached yet."]),
            ]
        )
        if not attached:
            return Reply(text=text, rows=((add,),))
        options = tuple(
            Option(label=label(title), value=each.tier_id)
            for each, (title, _) in zip(attached, lines, strict=True)
        )
        menu = Menu(
            custom_id=f"attached:pick:{integration.id}",
            options=options[:PAGE],
            placeholder="Choose a membership to change",
        )
        return Reply(text=text, rows=(menu, (add,)))

    async def _picked(self, by: Actor, press: Press) -> Reply:
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        tier_id = TierId(press.values[0])
        lines = {
            each.tier_id: line
            for each, (_, line) in zip(
                await self._attachments.of(integration.id),
                await self._screens.attached(integration),
                strict=True,
            )
        }
        if tier_id not in lines:
            return await self._list(integration, news=sentence(Refused(why=Refusal.NOT_ATTACHED)))
        about = f"{integration.id}:{tier_id}"
        return Reply(
            text=lines[tier_id],
            rows=(
                (
                    Button(label="Change roles", custom_id=f"setup:ask:{about}", style=Style.PRIMARY),
                    Button(label="Detach", custom_id=f"attached:detach:{about}", style=Style.DANGER),
                    _back(integration),
                ),
            ),
        )

    async def _asked_to_detach(self, by: Actor, press: Press) -> Reply:
        """Ask for a yes that says how many people it reaches."""
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        tier_id = _tier_id(press)
        if tier_id not in {each.tier_id for each in await self._attachments.of(integration.id)}:
            return await self._list(integration, news=sentence(Refused(why=Refusal.NOT_ATTACHED)))
        tier = await self._catalogue.tier(tier_id)
        title = name(tier.name if tier else tier_id)
        yes = Button(
            label="Yes, detach", custom_id=f"attached:gone:{integration.id}:{tier_id}", style=Style.DANGER
        )
        return Reply(
            text=(
                f"**Detach {title} from {name(integration.name)}?**\n"
                f"{_people(await self._catalogue.holders(tier_id))} Who has access here only through it loses it.\n"
                f"{words.policy(integration)}"
            ),
            rows=((yes, _back(integration)),),
        )

    async def _detached(self, by: Actor, press: Press) -> Reply:
        outcome = await self._attachments.detach(_integration_id(press), _tier_id(press), by=by)
        if isinstance(outcome, Refused) and outcome.why is not Refusal.NOT_ATTACHED:
            return _refused(outcome)
        integration = await self._shown(press, by)
        if isinstance(integration, Refused):
            return _refused(integration)
        news = sentence(outcome) if isinstance(outcome, Refused) else "Detached. Access is being taken away."
        return await self._list(integration, news=news)

    async def _shown(self, press: Press, by: Actor) -> IntegrationRef | Refused:
        return await self._integrations.shown(_integration_id(press), by=by)


def _which(found: list[IntegrationRef]) -> Reply:
    options = tuple(Option(label=label(each.name), value=str(each.id)) for each in found[:PAGE])
    menu = Menu(custom_id="attached:open:", options=options, placeholder="Choose an integration")
    return Reply(text="**Several of your integrations are connected here.** Which one?", rows=(menu,))


def _back(integration: IntegrationRef) -> Button:
    return Button(label="Back", custom_id=f"attached:list:{integration.id}")


def _people(holders: int) -> str:
    match holders:
        case 0:
            return "Nobody holds this membership at the moment."
        case 1:
            return "**1 person** holds this membership at the moment."
        case _:
            return f"**{holders} people** hold this membership at the moment."


def _refused(refused: Refused) -> Reply:
    return Reply(text=sentence(refused))


def _integration_id(press: Press) -> IntegrationId:
    return IntegrationId(int(press.argument.partition(":")[0]))


def _tier_id(press: Press) -> TierId:
    return TierId(press.argument.partition(":")[2])
