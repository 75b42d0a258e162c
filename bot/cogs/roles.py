"""``/passes refresh-roles``: look at the server's roles, and at what is connected to it, now.

Manage Server is enough for both (DESIGN §5.3).
"""

from bot.cogs.connected import LIST, ConnectedHere
from bot.cogs.doorstep import Doorstep
from bot.cogs.lines import stack
from bot.cogs.passes import Passes
from bot.cogs.presses import Press, Presses
from bot.cogs.refusals import failure, sentence
from bot.cogs.replies import Interaction, Reply, answer, defer
from bot.cogs.setup.acts import news_of
from bot.discord.components import Button, Style
from bot.integrations.actors import Actor, Refused
from bot.integrations.guilds import Guilds
from bot.integrations.refresh import Refresh, Refreshed


class RolesCommands:
    def __init__(self, *, doorstep: Doorstep, refresh: Refresh, guilds: Guilds, here: ConnectedHere) -> None:
        self._doorstep = doorstep
        self._refresh = refresh
        self._guilds = guilds
        self._here = here

    def attach(self, passes: Passes, presses: Presses) -> None:
        passes.add("refresh-roles", "Look at this server's roles again.", self.refresh)
        presses.on("roles:refresh", self.again)

    async def refresh(self, interaction: Interaction) -> None:
        await defer(interaction)
        by = await self._doorstep.enter(interaction)
        await answer(interaction, by if isinstance(by, Reply) else await self._refreshed(by))

    async def again(self, interaction: Interaction, _press: Press) -> None:
        await self.refresh(interaction)

    async def _refreshed(self, by: Actor) -> Reply:
        outcome = await self._refresh.refresh(by=by)
        if isinstance(outcome, Refused):
            return Reply(text=sentence(outcome))
        again = Button(label="Refresh Roles", custom_id="roles:refresh", style=Style.PRIMARY)
        news = news_of(outcome) if isinstance(outcome, Refreshed) else failure(outcome)
        ladder = await self._guilds.ladder(by.guild_id)
        drawing = ladder.as_text() if ladder else ""
        connected = await self._here.lines(by)
        below = "\n".join([news, *(["**Connected to this server:**", *connected] if connected else [])])
        more = (Button(label="Disconnect …", custom_id=LIST),) if connected else ()
        return Reply(text=stack("", drawing, below), rows=((again, *more),))
