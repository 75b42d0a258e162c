"""What is connected to a server, whoever's it is, for whoever manages it: its health, and the way to disconnect it.

Manage Server alone is the server's veto (DESIGN §5.3), so it needs a door of its own: a new owner has no integration to
begin at. Nothing of a creator's tiers and fans is shown here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.cogs.lines import fit, label, name
from bot.cogs.refusals import sentence
from bot.cogs.replies import Reply
from bot.cogs.setup.menus import Page, page_of
from bot.discord.components import Menu, Option, Row
from bot.discord.permissions import Permission
from bot.integrations import words
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.health import Attention
from bot.integrations.integrations import Integrations
from bot.integrations.references import OPEN, IntegrationRef
from bot.memberships.catalogue import Catalogue
from models.integrations import IntegrationState

LIST = "end:list"
"""The custom id that leads here; ``:2`` is a page."""

_HEALTH: Mapping[Attention, str] = {
    Attention.UNVOUCHED: "Its creator is not known to manage this server any more, so nothing new is given.",
    Attention.ROLES_DELETED: "All roles of a membership were deleted; its creator can choose others.",
    Attention.ROLE_GAINED_POWER: (
        "A role can do more than its creator said yes to, so it is not given. Take the permission away, or its creator "
        "says yes again."
    ),
}
"""Where what the creator would read is not for whoever else manages the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Connected:
    integration: IntegrationRef
    creator: str

    @property
    def line(self) -> str:
        mark = "✅" if self.integration.state is IntegrationState.CONNECTED else "⚠️"
        state, health = words.STATES[self.integration.state], _health(self.integration)
        begin = f"• **{name(self.integration.name)}** of {name(self.creator)}: {mark} {state}"
        return f"{begin}: {health}" if health else begin


class ConnectedHere:
    def __init__(self, *, integrations: Integrations, catalogue: Catalogue) -> None:
        self._integrations = integrations
        self._catalogue = catalogue

    async def lines(self, by: Actor) -> list[str]:
        """One for each integration; none for who does not manage the server."""
        return [each.line for each in await self._found(by)]

    async def reply(self, by: Actor, *, page: int = 0) -> Reply | None:
        """All of them, with a menu to disconnect one; None: nothing is connected here."""
        if not by.may(Permission.MANAGE_GUILD):
            return Reply(text=sentence(Refused(why=Refusal.NO_MANAGE_SERVER)))
        found = await self._found(by)
        return _draw(page_of(found, page, custom_id=LIST)) if found else None

    async def _found(self, by: Actor) -> list[_Connected]:
        if not by.may(Permission.MANAGE_GUILD):
            return []
        return [
            _Connected(integration=each, creator=await self._catalogue.creator_name(each.creator_id))
            for each in await self._integrations.on_guild(by.guild_id)
        ]


def _draw(part: Page[_Connected]) -> Reply:
    whose = (
        "Whoever manages the server may disconnect any of these. What they give is for their creators to change, with "
        "`/passes setup`."
    )
    lines = [f"**Connected to this server**{part.count}", *(each.line for each in part.shown), whose]
    return Reply(text=fit(lines), rows=(*_menu(part.shown), *((part.turns,) if part.turns else ())))


def _menu(shown: Sequence[_Connected]) -> tuple[Row, ...]:
    options = tuple(
        Option(
            label=label(each.integration.name),
            value=str(each.integration.id),
            description=label(f"of {each.creator}"),
        )
        for each in shown
        if each.integration.state in OPEN
    )
    return (Menu(custom_id="end:ask:", options=options, placeholder="Disconnect one"),) if options else ()


def _health(integration: IntegrationRef) -> str | None:
    if integration.attention is None or integration.state not in OPEN:
        return None
    attention = Attention(integration.attention)
    return _HEALTH.get(attention) or words.needs(attention)
