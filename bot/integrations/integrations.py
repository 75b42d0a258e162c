"""A creator's named connections to servers.

``not connected`` → ``connected`` ⇄ ``needs attention`` → ``closing`` → ``closed``: the first steps are taken here, the
middle is ``health``'s, the end is ``closing``'s. Both doors (the command in Discord and the Hub) call these functions
and show the values they return.
"""

from tortoise.expressions import Q

from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.discord.permissions import Permission
from bot.ids import CreatorId, GuildId, IntegrationId
from bot.integrations.actors import Actor, Refusal, Refused
from bot.integrations.authority import Authority
from bot.integrations.health import Health
from bot.integrations.ports import Work
from bot.integrations.references import OPEN, IntegrationRef, reference
from models import Integration
from models.integrations import EndPolicy, IntegrationState

NAME_LENGTH = 80
LONGEST_GRACE = 30


class Integrations:
    def __init__(
        self, *, clock: Clock, config: Config, work: Work, authority: Authority, health: Health
    ) -> None:
        self._clock = clock
        self._config = config
        self._work = work
        self._authority = authority
        self._health = health

    async def create(self, creator_id: CreatorId, name: str) -> IntegrationRef | Refused:
        """Add an integration, not connected yet; the caller knows by the platform's word that it is the creator.

        ``name`` is for the creator's eyes and for fans' pages.
        """
        name = _tidy(name)
        if not 0 < len(name) <= NAME_LENGTH:
            return Refused(why=Refusal.NAME_BAD)
        row = await Integration.create(
            creator_id=creator_id,
            name=name,
            state=IntegrationState.NOT_CONNECTED,
            policy=self._config.end_policy,
            grace_days=self._config.grace_days,
            created_at=self._clock(),
        )
        return await reference(row)

    async def create_here(self, creator_id: CreatorId, name: str, *, by: Actor) -> IntegrationRef | Refused:
        """Add an integration and tie it to the server its creator is acting in."""
        refused = await self._authority.refuses(creator_id, by)
        if refused:
            return refused
        async with transaction():
            created = await self.create(creator_id, name)
            if isinstance(created, Refused):
                return created
            return await self.connect(created.id, by=by)

    async def rename(
        self, integration_id: IntegrationId, name: str, *, by: Actor
    ) -> IntegrationRef | Refused:
        name = _tidy(name)
        if not 0 < len(name) <= NAME_LENGTH:
            return Refused(why=Refusal.NAME_BAD)
        row = await self._authority.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        await Integration.filter(id=row.id).update(name=name)
        return await _again(row)

    async def rename_unconnected(
        self, creator_id: CreatorId, integration_id: IntegrationId, name: str
    ) -> IntegrationRef | Refused:
        """The same by the creator's word alone: it is in no server yet."""
        name = _tidy(name)
        if not 0 < len(name) <= NAME_LENGTH:
            return Refused(why=Refusal.NAME_BAD)
        row = await Integration.get_or_none(id=integration_id, creator_id=creator_id)
        if row is None:
            return Refused(why=Refusal.UNKNOWN)
        if not await Integration.filter(id=row.id, guild_id=None).update(name=name):
            return Refused(why=Refusal.IN_USE)
        return await _again(row)

    async def connect(self, integration_id: IntegrationId, *, by: Actor) -> IntegrationRef | Refused:
        """Tie the integration to the server its creator is acting in; again is the same as once.

        Whoever could not put people out by hand gets the policy that does not.
        """
        row = await self._authority.theirs(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        if row.state not in OPEN:
            return Refused(why=Refusal.CLOSING)
        policy = row.policy
        if policy is EndPolicy.ADDED and not by.may(Permission.KICK_MEMBERS):
            policy = EndPolicy.ROLES
        async with transaction():
            tied = await Integration.filter(
                id=row.id, guild_id=None, state=IntegrationState.NOT_CONNECTED
            ).update(
                guild_id=by.guild_id,
                connected_by=by.account_id,
                state=IntegrationState.CONNECTED,
                policy=policy,
            )
            vouched = await Integration.filter(
                id=row.id, guild_id=by.guild_id, vouch_at__isnull=False
            ).update(vouch_at=None)
            if tied or vouched:
                await self._work.fan_out("integration", str(row.id))
        await self._health.review(by.guild_id)
        found = await _again(row)
        return found if found.guild_id == by.guild_id else Refused(why=Refusal.ALREADY_CONNECTED)

    async def set_policy(
        self, integration_id: IntegrationId, policy: EndPolicy, *, by: Actor
    ) -> IntegrationRef | Refused:
        row = await self._authority.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        if policy is EndPolicy.ADDED and not by.may(Permission.KICK_MEMBERS):
            return Refused(why=Refusal.NO_KICK)
        async with transaction():
            await Integration.filter(id=row.id).update(policy=policy)
            await self._work.fan_out("integration", str(row.id))
        await self._health.review(by.guild_id)
        return await _again(row)

    async def set_grace(
        self, integration_id: IntegrationId, days: int, *, by: Actor
    ) -> IntegrationRef | Refused:
        """How many days a failed payment is forgiven."""
        row = await self._authority.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        if not 0 <= days <= LONGEST_GRACE:
            return Refused(why=Refusal.GRACE_BAD)
        async with transaction():
            await Integration.filter(id=row.id).update(grace_days=days)
            await self._work.fan_out("integration", str(row.id))
        return await _again(row)

    async def note_roles_refreshed(self, guild_id: GuildId) -> None:
        """Somebody pressed Refresh Roles in this server."""
        await Integration.filter(guild_id=guild_id, state__in=OPEN).update(roles_refreshed_at=self._clock())

    async def vouch(self, *, by: Actor) -> None:
        """Whoever manages this server is here: what works for creators whom they may act for goes on."""
        for row in await Integration.filter(guild_id=by.guild_id, vouch_at__isnull=False):
            if await self._authority.refuses(CreatorId(row.creator_id), by) is None:
                async with transaction():
                    await Integration.filter(id=row.id).update(vouch_at=None)
                    await self._work.fan_out("guild", str(by.guild_id))
        await self._health.review(by.guild_id)

    async def shown(self, integration_id: IntegrationId, *, by: Actor) -> IntegrationRef | Refused:
        """The integration, for somebody who may change it."""
        row = await self._authority.changeable(integration_id, by=by)
        return row if isinstance(row, Refused) else await reference(row)

    async def on_this_server(self, integration_id: IntegrationId, *, by: Actor) -> IntegrationRef | Refused:
        """Anybody's integration, for whoever manages the server that it is connected to."""
        row = await Integration.get_or_none(id=integration_id, guild_id=by.guild_id)
        if row is None:
            return Refused(why=Refusal.UNKNOWN)
        if not by.may(Permission.MANAGE_GUILD):
            return Refused(why=Refusal.NO_MANAGE_SERVER)
        return await reference(row)

    async def opened(self, integration_id: IntegrationId, *, by: Actor) -> IntegrationRef | Refused:
        """The same, where it may not be connected yet."""
        row = await self._authority.theirs(integration_id, by=by)
        if isinstance(row, Refused) or row.guild_id is None:
            return row if isinstance(row, Refused) else await reference(row)
        return await self.shown(integration_id, by=by)

    async def to_set_up(self, creator_id: CreatorId, *, by: Actor) -> list[IntegrationRef] | Refused:
        """The creator's integrations that are connected to this server, or to none yet, oldest first."""
        refused = await self._authority.refuses(creator_id, by)
        if refused:
            return refused
        here_or_nowhere = Q(guild_id=by.guild_id) | Q(guild_id__isnull=True)
        rows = Integration.filter(here_or_nowhere, creator_id=creator_id, state__in=OPEN)
        return [await reference(row) for row in await rows.order_by("id")]

    async def of(self, creator_id: CreatorId, integration_id: IntegrationId) -> IntegrationRef | None:
        """One of the creator's, whatever its state."""
        row = await Integration.get_or_none(id=integration_id, creator_id=creator_id)
        return await reference(row) if row else None

    async def get(self, integration_id: IntegrationId) -> IntegrationRef | None:
        row = await Integration.get_or_none(id=integration_id)
        return await reference(row) if row else None

    async def of_creator(self, creator_id: CreatorId) -> list[IntegrationRef]:
        """A creator's integrations that are not closed, oldest first."""
        rows = Integration.filter(creator_id=creator_id).exclude(state=IntegrationState.CLOSED)
        return [await reference(row) for row in await rows.order_by("id")]

    async def closed_of(self, creator_id: CreatorId) -> list[IntegrationRef]:
        """Those that were disconnected and not removed, oldest first."""
        rows = Integration.filter(creator_id=creator_id, state=IntegrationState.CLOSED)
        return [await reference(row) for row in await rows.order_by("id")]

    async def on_guild(self, guild_id: GuildId) -> list[IntegrationRef]:
        """Every creator's integrations on a server that are not closed, oldest first."""
        rows = Integration.filter(guild_id=guild_id).exclude(state=IntegrationState.CLOSED)
        return [await reference(row) for row in await rows.order_by("id")]


def _tidy(name: str) -> str:
    return " ".join(name.split())


async def _again(row: Integration) -> IntegrationRef:
    return await reference(await Integration.get(id=row.id))
