"""The end of an integration: ``closing`` while its end policy is at work, ``closed`` when nobody is left.

Nothing is taken here: closing is a fact that the engine acts on, member by member.
"""

from bot.database import transaction
from bot.discord.permissions import Permission
from bot.ids import CreatorId, GuildId, IntegrationId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.ports import Remains, Work
from bot.integrations.references import OPEN
from models import ChosenTier, Integration
from models.integrations import EndPolicy, IntegrationState


class Closing:
    def __init__(self, *, work: Work, remains: Remains) -> None:
        self._work = work
        self._remains = remains

    async def disconnect(
        self, integration_id: IntegrationId, *, by: Actor, keep: bool = False
    ) -> Refused | None:
        """The server's veto: Manage Server alone is enough, whoever's integration it is. None: it closes."""
        row = await Integration.get_or_none(id=integration_id)
        if row is None or row.guild_id != by.guild_id:
            return Refused(why=Refusal.UNKNOWN)
        if not by.may(Permission.MANAGE_GUILD):
            return Refused(why=Refusal.NO_MANAGE_SERVER)
        await self.close(integration_id, keep=keep)
        return None

    async def close(self, integration_id: IntegrationId, *, keep: bool = False) -> None:
        """Begin to close: the end policy (or ``keep``) applies to everybody; again changes nothing."""
        async with transaction():
            row = await Integration.get(id=integration_id)
            begun = await Integration.filter(id=row.id, state__in=OPEN).update(
                state=IntegrationState.CLOSING, closing_policy=EndPolicy.KEEP if keep else row.policy
            )
            if begun:
                await ChosenTier.filter(integration_id=row.id).delete()
                await self._work.fan_out("integration", str(row.id))

    async def close_all(self, creator_id: CreatorId) -> None:
        """The creator is gone from the platform: every integration of theirs closes."""
        for row in await Integration.filter(creator_id=creator_id, state__in=OPEN):
            await self.close(IntegrationId(row.id))

    async def finish(self) -> None:
        """Close what has nobody left to take anything from; safe to run twice at once."""
        for row in await Integration.filter(state=IntegrationState.CLOSING):
            if row.guild_id is not None and await self._remains.anything_left(
                IntegrationId(row.id), GuildId(row.guild_id)
            ):
                continue
            await Integration.filter(id=row.id, state=IntegrationState.CLOSING).update(
                state=IntegrationState.CLOSED
            )
