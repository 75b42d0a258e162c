"""``/passes setup``: from the proof of who the creator is to the summary of what was set up."""

from collections.abc import Awaitable, Callable

from bot.cogs.doorstep import Doorstep
from bot.cogs.passes import Passes
from bot.cogs.presses import Press, Presses
from bot.cogs.refusals import sentence
from bot.cogs.replies import Interaction, Reply, answer, ask, defer
from bot.cogs.setup.acts import Acts
from bot.discord.components import Field, Form
from bot.discord.permissions import Permission
from bot.integrations.accounts import CreatorAccounts
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.integrations import NAME_LENGTH

type Act = Callable[[Actor, Press], Awaitable[Reply]]


class SetupCommands:
    def __init__(self, *, doorstep: Doorstep, accounts: CreatorAccounts, acts: Acts) -> None:
        self._doorstep = doorstep
        self._accounts = accounts
        self._acts = acts

    def attach(self, passes: Passes, presses: Presses) -> None:
        passes.add("setup", "Creators: connect this server to your memberships.", self.setup)
        presses.on("setup:continue", self.go_on)
        presses.on("setup:name:", self.name)
        acts = self._acts
        for prefix, act in (
            ("setup:as:", acts.speak_for),
            ("setup:open:", acts.open),
            ("setup:named:", acts.named),
            ("setup:connect:", acts.connect),
            ("setup:refresh:", acts.refresh),
            ("setup:add:", acts.add),
            ("setup:tiers:", acts.tiers),
            ("setup:ask:", acts.ask),
            ("setup:roles:", acts.roles),
            ("setup:none:", acts.roles),
            ("setup:yes:", acts.yes),
            ("setup:skip:", acts.skip),
            ("setup:done:", acts.done),
        ):
            presses.on(prefix, self._pressed(act))

    async def setup(self, interaction: Interaction) -> None:
        await defer(interaction)
        await answer(interaction, await self._begin(interaction))

    async def go_on(self, interaction: Interaction, _press: Press) -> None:
        """I have confirmed: begin again, with the proof."""
        await defer(interaction)
        await answer(interaction, await self._begin(interaction))

    async def name(self, interaction: Interaction, press: Press) -> None:
        """A form has to be the first answer, so nothing is looked up before it; it is when it is sent in."""
        field = Field(
            custom_id="name", label="Name", placeholder="Private club", at_least=1, at_most=NAME_LENGTH
        )
        await ask(
            interaction,
            Form(custom_id=f"setup:named:{press.argument}", title="Name your integration", fields=(field,)),
        )

    def _pressed(self, act: Act) -> Callable[[Interaction, Press], Awaitable[None]]:
        async def handle(interaction: Interaction, press: Press) -> None:
            await defer(interaction)
            by = await self._doorstep.enter(interaction)
            await answer(interaction, by if isinstance(by, Reply) else await act(by, press))

        return handle

    async def _begin(self, interaction: Interaction) -> Reply:
        by = await self._doorstep.enter(interaction)
        if isinstance(by, Reply):
            return by
        if not by.may(Permission.MANAGE_GUILD):
            return Reply(text=sentence(Refused(why=Refusal.NO_MANAGE_SERVER)))
        creator_ids = await self._accounts.creators_of(by.account_id)
        if not creator_ids:
            return await self._doorstep.prove(interaction, by, again="setup:continue")
        return await self._acts.begin(creator_ids, by)
