"""Disconnect an integration from Discord, after a preview that names how many people it reaches.

Manage Server alone is enough (DESIGN §5.3): it is the server's veto, so the way back is the list of what is connected
there, whoever's it is. Removing it for good is the Hub's.
"""

from collections.abc import Awaitable, Callable

from bot.access.reached import Reached
from bot.cogs.connected import LIST, ConnectedHere
from bot.cogs.doorstep import Doorstep
from bot.cogs.lines import name
from bot.cogs.presses import Press, Presses
from bot.cogs.refusals import sentence
from bot.cogs.replies import Interaction, Reply, answer, defer
from bot.discord.components import Button, Style
from bot.ids import IntegrationId
from bot.integrations import words
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.closing import Closing
from bot.integrations.integrations import Integrations
from models.integrations import IntegrationState


class Disconnecting:
    def __init__(
        self,
        *,
        doorstep: Doorstep,
        integrations: Integrations,
        closing: Closing,
        reached: Reached,
        here: ConnectedHere,
    ) -> None:
        self._doorstep = doorstep
        self._integrations = integrations
        self._closing = closing
        self._reached = reached
        self._here = here

    def attach(self, presses: Presses) -> None:
        presses.on(LIST, self._list)
        presses.on("end:ask:", self._pressed(self._ask))
        presses.on("end:now:", self._pressed(self._disconnect))
        presses.on("end:keep:", self._pressed(self._keep))
        presses.on("end:look:", self._pressed(self._progress))

    def _pressed(
        self, act: Callable[[Actor, IntegrationId], Awaitable[Reply]]
    ) -> Callable[[Interaction, Press], Awaitable[None]]:
        async def handle(interaction: Interaction, press: Press) -> None:
            await defer(interaction)
            by = await self._doorstep.enter(interaction)
            # From the custom id; from the menu where one of several is chosen.
            integration_id = IntegrationId(int(press.argument or press.values[0]))
            await answer(interaction, by if isinstance(by, Reply) else await act(by, integration_id))

        return handle

    async def _list(self, interaction: Interaction, press: Press) -> None:
        await defer(interaction)
        by = await self._doorstep.enter(interaction)
        if not isinstance(by, Reply):
            by = await self._here.reply(by, page=int(press.argument.removeprefix(":") or 0)) or _NOTHING
        await answer(interaction, by)

    async def _ask(self, by: Actor, integration_id: IntegrationId) -> Reply:
        integration = await self._integrations.on_this_server(integration_id, by=by)
        if isinstance(integration, Refused):
            return Reply(text=sentence(integration))
        people = await self._reached.accounts(integration_id, by.guild_id)
        lines = (
            f"**Disconnect {name(integration.name)} from this server?**",
            f"It reaches **{words.people(len(people))}**. What they have through something else as well, they keep.",
            words.policy(integration.policy),
        )
        buttons = (
            Button(label="Disconnect", custom_id=f"end:now:{integration_id}", style=Style.DANGER),
            Button(label="Disconnect, they keep what they have", custom_id=f"end:keep:{integration_id}"),
            Button(label="Back", custom_id=LIST),
        )
        return Reply(text="\n".join(lines), rows=(buttons,))

    async def _disconnect(self, by: Actor, integration_id: IntegrationId) -> Reply:
        refused = await self._closing.disconnect(integration_id, by=by)
        return Reply(text=sentence(refused)) if refused else await self._progress(by, integration_id)

    async def _keep(self, by: Actor, integration_id: IntegrationId) -> Reply:
        refused = await self._closing.disconnect(integration_id, by=by, keep=True)
        return Reply(text=sentence(refused)) if refused else await self._progress(by, integration_id)

    async def _progress(self, by: Actor, integration_id: IntegrationId) -> Reply:
        integration = await self._integrations.on_this_server(integration_id, by=by)
        if isinstance(integration, Refused) and integration.why is not Refusal.UNKNOWN:
            return Reply(text=sentence(integration))
        if isinstance(integration, Refused):
            return Reply(text="Disconnected. Passes Bot no longer changes anything through it.")
        if integration.state is IntegrationState.CLOSED:
            return Reply(text=f"Disconnected. {words.disconnected(integration)}")
        left = await self._reached.accounts(integration_id, by.guild_id)
        look = Button(label="Look again", custom_id=f"end:look:{integration_id}")
        text = f"**{name(integration.name)}** is being disconnected: {words.people(len(left))} left."
        return Reply(text=text, rows=((look,),))


_NOTHING = Reply(text="Nothing is connected to this server any more.")
