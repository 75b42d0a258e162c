"""The end of an integration: ``closing`` while its end policy is at work, ``closed`` when nobody is left.

Nothing is taken here: closing is a fact that the engine acts on, member by member. What is to be *removed* goes with
everything that was set up in it, after the last grant.
"""

from bot.database import transaction
from bot.discord.permissions import Permission
from bot.ids import CreatorId, GuildId, IntegrationId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.authority import Authority
from bot.integrations.ports import Remains, Seats, Work
from bot.integrations.references import OPEN
from models import Attachment, AttachmentRole, ChosenTier, Creator, Guild, Integration
from models.integrations import EndPolicy, IntegrationState


class Closing:
    def __init__(self, *, work: Work, remains: Remains, authority: Authority, seats: Seats) -> None:
        self._work = work
        self._remains = remains
        self._authority = authority
        self._seats = seats

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

    async def remove(self, integration_id: IntegrationId, *, by: Actor, keep: bool = False) -> Refused | None:
        """Its creator has no use for it any more: it closes, and then it is gone. None: it does."""
        row = await self._authority.theirs(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        if row.guild_id != by.guild_id:
            return Refused(why=Refusal.OTHER_SERVER)
        await self._remove(row, keep=keep)
        return None

    async def disconnect_where_nothing_is_reached(
        self, creator_id: CreatorId, integration_id: IntegrationId
    ) -> Refused | None:
        """By the creator's word alone: the bot is not in the server and can take nothing, so people keep what they have."""
        row = await self._out_of_reach(creator_id, integration_id)
        if isinstance(row, Refused):
            return row
        await self.close(integration_id, keep=True)
        return None

    async def remove_where_nothing_is_reached(
        self, creator_id: CreatorId, integration_id: IntegrationId
    ) -> Refused | None:
        """The same for what is in no server too: it closes, and then it is gone."""
        row = await self._out_of_reach(creator_id, integration_id)
        if isinstance(row, Refused):
            return row
        await self._remove(row, keep=True)
        return None

    async def reaches_a_server(self, integration_id: IntegrationId) -> bool:
        """Whether something could still be given or taken because of it."""
        row = await Integration.get(id=integration_id)
        if row.guild_id is None or row.state is IntegrationState.CLOSED:
            return False
        return await Guild.exists(id=row.guild_id, bot_present=True)

    async def close(self, integration_id: IntegrationId, *, keep: bool = False) -> None:
        """Begin to close: the end policy (or ``keep``) applies to everybody; again only ``keep`` changes something."""
        async with transaction():
            row = await Integration.get(id=integration_id)
            closing = Integration.filter(
                id=row.id, state__in=[*OPEN, IntegrationState.CLOSING] if keep else OPEN
            )
            begun = await closing.update(
                state=IntegrationState.CLOSING, closing_policy=EndPolicy.KEEP if keep else row.policy
            )
            if begun:
                await ChosenTier.filter(integration_id=row.id).delete()
                await self._work.fan_out("integration", str(row.id))

    async def close_all(self, creator_id: CreatorId) -> None:
        """The creator is gone from the platform: every integration of theirs closes."""
        for row in await Integration.filter(creator_id=creator_id, state__in=OPEN):
            await self.close(IntegrationId(row.id))

    async def use_again(self, creator_id: CreatorId, integration_id: IntegrationId) -> Refused | None:
        """Make one that is closed fit to be connected anew, with the memberships it had; their roles are asked again."""
        async with transaction():
            opened = await Integration.filter(
                id=integration_id, creator_id=creator_id, state=IntegrationState.CLOSED
            ).update(
                state=IntegrationState.NOT_CONNECTED,
                attention=None,
                guild_id=None,
                connected_by=None,
                closing_policy=None,
                remove_when_closed=False,
                roles_refreshed_at=None,
                vouch_at=None,
            )
            if not opened:
                return Refused(why=Refusal.IN_USE)
            tiers = [
                row.tier_id for row in await Attachment.filter(integration_id=integration_id).order_by("id")
            ]
            await _forget_setup(integration_id)
            await ChosenTier.bulk_create(
                ChosenTier(integration_id=integration_id, tier_id=tier_id) for tier_id in tiers
            )
        return None

    async def finish(self) -> None:
        """Close what has nobody left to take anything from, and remove what is to be; safe to run twice at once."""
        for row in await Integration.filter(state=IntegrationState.CLOSING):
            if await self._holds_something(row):
                continue
            await Integration.filter(id=row.id, state=IntegrationState.CLOSING).update(
                state=IntegrationState.CLOSED
            )
        for row in await Integration.filter(state=IntegrationState.CLOSED, remove_when_closed=True):
            async with transaction():
                await _forget_setup(IntegrationId(row.id))
                await self._seats.forget(IntegrationId(row.id))
                await Integration.filter(id=row.id, state=IntegrationState.CLOSED).delete()

    async def _out_of_reach(
        self, creator_id: CreatorId, integration_id: IntegrationId
    ) -> Integration | Refused:
        row = await Integration.get_or_none(id=integration_id, creator_id=creator_id)
        if row is None:
            return Refused(why=Refusal.UNKNOWN)
        return Refused(why=Refusal.IN_USE) if await self.reaches_a_server(integration_id) else row

    async def _remove(self, row: Integration, *, keep: bool) -> None:
        async with transaction():
            await Integration.filter(id=row.id).update(remove_when_closed=True)
            await self.close(IntegrationId(row.id), keep=keep)

    async def _holds_something(self, row: Integration) -> bool:
        if row.guild_id is None:
            return False
        integration_id, guild_id = IntegrationId(row.id), GuildId(row.guild_id)
        if not await Guild.exists(id=guild_id, bot_present=True):
            if row.closing_policy is EndPolicy.KEEP:
                # Nobody is looked at where the bot is not; but nothing is to be taken there either.
                await self._remains.let_go(integration_id, guild_id)
            elif await Creator.exists(id=row.creator_id, deleted_at__isnull=False):
                return False  # Nobody is left to add the bot again; if somebody does, the end policy still applies.
        return await self._remains.anything_left(integration_id, guild_id)


async def _forget_setup(integration_id: IntegrationId) -> None:
    attachments = await Attachment.filter(integration_id=integration_id)
    await AttachmentRole.filter(attachment_id__in=[row.id for row in attachments]).delete()
    await Attachment.filter(integration_id=integration_id).delete()
    await ChosenTier.filter(integration_id=integration_id).delete()
