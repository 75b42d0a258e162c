"""A fan gives up one server and keeps the others: from ``/passes mine``, after a question that names it.

Disconnecting the whole account would end all of them. The way back is the same Connect as before.
"""

from collections.abc import Sequence

from bot.access.views import IntegrationView
from bot.cogs.lines import LABEL
from bot.cogs.presses import Press, Presses
from bot.cogs.replies import Interaction, Reply, answer, defer
from bot.discord.components import Button, Link, Menu, Option, Row, Style
from bot.fans.connecting import Connecting
from bot.fans.links import Links
from bot.fans.ports import Views
from bot.fans.steps import can_decline, declined, declining
from bot.ids import AccountId, FanId

_ASK = "mine:decline"
_NOW = "mine:decline:now:"
_KEEP = "mine:decline:keep"
_MOST = 25
"""Of a menu: Discord's documentation, "Component Reference"."""


class Declining:
    def __init__(self, *, links: Links, views: Views, connecting: Connecting, page: Link) -> None:
        self._links = links
        self._views = views
        self._connecting = connecting
        self._page = page

    def attach(self, presses: Presses) -> None:
        presses.on(_ASK, self.ask)
        presses.on(_NOW, self.now)
        presses.on(_KEEP, self.keep)

    def menu(self, views: Sequence[IntegrationView]) -> tuple[Row, ...]:
        """What may be given up; those that a menu does not hold are on the Memberships page."""
        able = [view for view in views if can_decline(view)]
        if not able:
            return ()
        options = tuple(
            Option(
                label=view.guild_name[:LABEL],
                value=str(view.integration_id),
                description=f"{view.name}, by {view.creator_name}"[:LABEL],
            )
            for view in able[:_MOST]
        )
        more = " (more of them on your Memberships page)" if len(able) > _MOST else ""
        return (Menu(custom_id=_ASK, options=options, placeholder=f"Disconnect one server{more}"),)

    async def ask(self, interaction: Interaction, press: Press) -> None:
        await defer(interaction)
        found = await self._theirs(interaction, press.values[0])
        await answer(interaction, _question(found[1]) if found else self._gone())

    async def now(self, interaction: Interaction, press: Press) -> None:
        """A custom id is no permission: it has to be one of the presser's own."""
        await defer(interaction)
        found = await self._theirs(interaction, press.argument)
        if found is None:
            await answer(interaction, self._gone())
            return
        fan_id, view = found
        await self._connecting.decline(fan_id, view.integration_id)
        await answer(interaction, Reply(text=declined(view), rows=((self._page,),)))

    async def keep(self, interaction: Interaction, _: Press) -> None:
        await answer(interaction, Reply(text="Nothing was changed."))

    async def _theirs(self, interaction: Interaction, given: str) -> tuple[FanId, IntegrationView] | None:
        if interaction.user is None:
            raise LookupError("an interaction without a user")
        link = await self._links.of_account(AccountId(interaction.user.id))
        views = await self._views.of_fan(link.fan_id) if link else ()
        able = {str(view.integration_id): view for view in views if can_decline(view)}
        return (link.fan_id, able[given]) if link and given in able else None

    def _gone(self) -> Reply:
        text = "That server is not connected any more. Your Memberships page shows what is."
        return Reply(text=text, rows=((self._page,),))


def _question(view: IntegrationView) -> Reply:
    yes = Button(label="Disconnect", custom_id=f"{_NOW}{view.integration_id}", style=Style.DANGER)
    return Reply(text=declining(view), rows=((yes, Button(label="Keep it", custom_id=_KEEP)),))
