"""A creator's named connections to servers, and their life.

``not connected`` → ``connected`` ⇄ ``needs attention`` → ``closing`` → ``closed``. Both doors (the command in Discord
and the Hub) call these functions and show the values they return; :func:`next_step` is why a way begun in one door is
ended in the other.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.clock import Clock
from bot.config import Config
from bot.database import transaction
from bot.discord.permissions import Permission
from bot.ids import CreatorId, GuildId, IntegrationId
from bot.integrations.accounts import CreatorAccounts
from bot.integrations.actors import Actor, Refusal, Refused
from models import Attachment, Grant, Integration
from models.integrations import EndPolicy, IntegrationState

OPEN = (IntegrationState.NOT_CONNECTED, IntegrationState.CONNECTED, IntegrationState.NEEDS_ATTENTION)
NAME_LENGTH = 80


class Work(Protocol):
    async def fan_out(self, kind: str, subject: str) -> None: ...


class Step(StrEnum):
    """The first unfinished step of a setup."""

    CONNECT = "connect"
    REFRESH_ROLES = "refresh_roles"
    ADD_MEMBERSHIP = "add_membership"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationRef:
    """An integration as doors show it."""

    id: IntegrationId
    creator_id: CreatorId
    name: str
    state: IntegrationState
    attention: str | None
    guild_id: GuildId | None
    policy: EndPolicy
    grace_days: int
    roles_refreshed_at: datetime | None
    attachments: int


def next_step(integration: IntegrationRef) -> Step:
    """Where setup goes on; derived from what is stored, so that no wizard has to be remembered."""
    if integration.guild_id is None:
        return Step.CONNECT
    if integration.roles_refreshed_at is None:
        return Step.REFRESH_ROLES
    return Step.DONE if integration.attachments else Step.ADD_MEMBERSHIP


class Integrations:
    def __init__(self, *, clock: Clock, config: Config, work: Work, accounts: CreatorAccounts) -> None:
        self._clock = clock
        self._config = config
        self._work = work
        self._accounts = accounts

    async def create(self, creator_id: CreatorId, name: str) -> IntegrationRef | Refused:
        """Add an integration, not connected yet; ``name`` is for the creator's eyes and fans' pages."""
        name = " ".join(name.split())
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
        return await _ref(row)

    async def rename(
        self, integration_id: IntegrationId, name: str, *, by: Actor
    ) -> IntegrationRef | Refused:
        name = " ".join(name.split())
        if not 0 < len(name) <= NAME_LENGTH:
            return Refused(why=Refusal.NAME_BAD)
        row = await self.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        await Integration.filter(id=row.id).update(name=name)
        return await self._again(row.id)

    async def connect(self, integration_id: IntegrationId, *, by: Actor) -> IntegrationRef | Refused:
        """Tie the integration to the server its creator is acting in."""
        row = await Integration.get_or_none(id=integration_id)
        if row is None:
            return Refused(why=Refusal.UNKNOWN)
        refused = await self._authority(row, by)
        if refused:
            return refused
        async with transaction():
            tied = await Integration.filter(
                id=row.id, guild_id=None, state=IntegrationState.NOT_CONNECTED
            ).update(guild_id=by.guild_id, connected_by=by.account_id, state=IntegrationState.CONNECTED)
            await self._work.fan_out("integration", str(row.id))
        if not tied and row.guild_id != by.guild_id:
            return Refused(why=Refusal.ALREADY_CONNECTED)
        return await self._again(row.id)

    async def note_roles_refreshed(self, guild_id: GuildId) -> None:
        """Somebody pressed Refresh Roles in this server."""
        await Integration.filter(guild_id=guild_id, state__in=OPEN).update(roles_refreshed_at=self._clock())

    async def set_policy(
        self, integration_id: IntegrationId, policy: EndPolicy, *, by: Actor
    ) -> IntegrationRef | Refused:
        row = await self.changeable(integration_id, by=by)
        if isinstance(row, Refused):
            return row
        if policy is EndPolicy.ADDED and not by.may(Permission.KICK_MEMBERS):
            return Refused(why=Refusal.NO_KICK)
        async with transaction():
            await Integration.filter(id=row.id).update(policy=policy)
            await self._work.fan_out("integration", str(row.id))
        return await self._again(row.id)

    async def changeable(self, integration_id: IntegrationId, *, by: Actor) -> Integration | Refused:
        """The integration, if this actor may change it now (DESIGN §5.3)."""
        row = await Integration.get_or_none(id=integration_id)
        if row is None:
            return Refused(why=Refusal.UNKNOWN)
        refused = await self._authority(row, by)
        if refused:
            return refused
        if row.guild_id != by.guild_id:
            return Refused(why=Refusal.OTHER_SERVER)
        if row.state not in OPEN:
            return Refused(why=Refusal.CLOSING)
        return row

    async def _authority(self, row: Integration, by: Actor) -> Refused | None:
        if not await self._accounts.is_proven(CreatorId(row.creator_id), by.account_id):
            proven_for_others = await self._accounts.creators_of(by.account_id)
            return Refused(why=Refusal.UNKNOWN if proven_for_others else Refusal.NOT_PROVEN)
        if not by.may(Permission.MANAGE_GUILD):
            return Refused(why=Refusal.NO_MANAGE_SERVER)
        return None

    async def close(self, integration_id: IntegrationId, *, keep: bool = False) -> None:
        """Begin to close: the end policy (or ``keep``) applies to everybody; the row goes after its grants."""
        async with transaction():
            row = await Integration.get(id=integration_id)
            await Integration.filter(id=row.id, state__in=OPEN).update(
                state=IntegrationState.CLOSING, closing_policy=EndPolicy.KEEP if keep else row.policy
            )
            await self._work.fan_out("integration", str(row.id))

    async def close_all(self, creator_id: CreatorId) -> None:
        """The creator is gone from the platform: every integration of theirs closes."""
        for row in await Integration.filter(creator_id=creator_id, state__in=OPEN):
            await self.close(IntegrationId(row.id))

    async def finish_closing(self) -> None:
        """Close what has nobody left to take anything from; safe to run twice at once."""
        for row in await Integration.filter(state=IntegrationState.CLOSING):
            if row.guild_id is None or not await _answers_for_somebody(row):
                await Integration.filter(id=row.id, state=IntegrationState.CLOSING).update(
                    state=IntegrationState.CLOSED
                )

    async def get(self, integration_id: IntegrationId) -> IntegrationRef | None:
        row = await Integration.get_or_none(id=integration_id)
        return await _ref(row) if row else None

    async def of_creator(self, creator_id: CreatorId) -> list[IntegrationRef]:
        """A creator's integrations that are not closed, oldest first."""
        rows = (
            await Integration.filter(creator_id=creator_id)
            .exclude(state=IntegrationState.CLOSED)
            .order_by("id")
        )
        return [await _ref(row) for row in rows]

    async def on_guild(self, guild_id: GuildId) -> list[IntegrationRef]:
        """Every creator's integrations on a server that are not closed, oldest first."""
        rows = (
            await Integration.filter(guild_id=guild_id).exclude(state=IntegrationState.CLOSED).order_by("id")
        )
        return [await _ref(row) for row in rows]

    async def _again(self, integration_id: int) -> IntegrationRef:
        return await _ref(await Integration.get(id=integration_id))


async def _answers_for_somebody(row: Integration) -> bool:
    """Some grant was made because of this integration and is neither taken nor kept."""
    grants = await Grant.filter(guild_id=row.guild_id, kept_at=None)
    return any(reason["integration_id"] == row.id for grant in grants for reason in grant.because)


async def _ref(row: Integration) -> IntegrationRef:
    return IntegrationRef(
        id=IntegrationId(row.id),
        creator_id=CreatorId(row.creator_id),
        name=row.name,
        state=row.state,
        attention=row.attention,
        guild_id=GuildId(row.guild_id) if row.guild_id is not None else None,
        policy=row.policy,
        grace_days=row.grace_days,
        roles_refreshed_at=row.roles_refreshed_at,
        attachments=await Attachment.filter(integration_id=row.id).count(),
    )
