"""Everything stored that bears on a member, read as values: the one place that may read every table.

One read for up to a hundred members of a guild: what belongs to the guild is read once. Nothing here decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.access.desired import (
    AttachedRole,
    AttachmentFact,
    Because,
    DepartureFact,
    Facts,
    GrantFact,
    GuildFact,
    HoldFact,
    IntegrationFact,
    MembershipFact,
    RoleFact,
    StayFact,
)
from bot.clock import Clock
from bot.config import Config
from bot.ids import AccountId, CreatorId, FanId, GuildId, IntegrationId, Member, MembershipId, RoleId, TierId
from models import (
    Attachment,
    AttachmentRole,
    Departure,
    Grant,
    Guild,
    GuildRole,
    Hold,
    Integration,
    Link,
    Membership,
    Refusal,
    Seat,
    Stay,
)
from models.access import GrantState
from models.fans import SeatState

type Seats = Mapping[tuple[str, int], Seat]


class FactsReader:
    def __init__(self, clock: Clock, config: Config) -> None:
        self._clock = clock
        self._slack = config.slack
        self._asks_first = config.membership_api_url is not None

    async def about(self, member: Member) -> Facts:
        return (await self.about_many(member.guild_id, [member.account_id]))[0]

    async def about_many(self, guild_id: GuildId, accounts: Sequence[AccountId]) -> list[Facts]:
        """Facts about each of these accounts in one guild, in the same order."""
        now = self._clock()
        guild = await _guild(guild_id)
        refusal = await Refusal.filter(guild_id=guild_id, until__gt=now).first()
        integrations = await _integrations(guild_id)
        fans = {row.account_id: row.fan_id for row in await Link.filter(account_id__in=list(accounts))}
        memberships = await _memberships(list(fans.values()))
        seats = await _seats(list(fans.values()), [integration.id for integration in integrations])
        mine = {"guild_id": guild_id, "account_id__in": list(accounts)}
        grants = await Grant.filter(**mine)
        stays = {row.account_id: row for row in await Stay.filter(**mine)}
        departures = {row.account_id: row for row in await Departure.filter(**mine)}
        holds = {row.account_id: row for row in await Hold.filter(**mine)}
        return [
            Facts(
                now=now,
                member=Member(guild_id, account_id),
                guild=guild,
                slack=self._slack,
                asks_first=self._asks_first,
                fan_id=FanId(fans[account_id]) if account_id in fans else None,
                integrations=tuple(_seated(i, fans.get(account_id), seats) for i in integrations),
                memberships=tuple(memberships.get(fans.get(account_id, ""), ())),
                grants=tuple(grant_fact(row) for row in grants if row.account_id == account_id),
                stay=stay_fact(stays.get(account_id)),
                departure=departure_fact(departures.get(account_id)),
                hold=hold_fact(holds.get(account_id)),
                set_aside_until=refusal.until if refusal else None,
            )
            for account_id in accounts
        ]

    async def about_fan(self, fan_id: FanId, guild_id: GuildId) -> Facts:
        """Facts about a fan in a guild; about one without a linked account they name nobody (account 0)."""
        link = await Link.get_or_none(fan_id=fan_id)
        if link is not None:
            return await self.about(Member(guild_id, AccountId(link.account_id)))
        nobody = await self.about(Member(guild_id, AccountId(0)))
        seats = await _seats([fan_id], [integration.id for integration in nobody.integrations])
        return replace(
            nobody,
            fan_id=fan_id,
            memberships=tuple((await _memberships([fan_id])).get(fan_id, ())),
            integrations=tuple(_seat_of(i, seats.get((fan_id, i.id))) for i in nobody.integrations),
        )


async def refreshed(facts: Facts) -> Facts:
    """The same facts with what a sighting changes read again: grants, stay and departure."""
    mine = {"guild_id": facts.member.guild_id, "account_id": facts.member.account_id}
    return replace(
        facts,
        grants=tuple(grant_fact(row) for row in await Grant.filter(**mine)),
        stay=stay_fact(await Stay.filter(**mine).first()),
        departure=departure_fact(await Departure.filter(**mine).first()),
    )


def reasons_of(stored: list[dict[str, Any]]) -> frozenset[Because]:
    """The reasons as a grant or the audit keeps them."""
    return frozenset(
        Because(
            membership_id=MembershipId(item["membership_id"]),
            integration_id=IntegrationId(item["integration_id"]),
            tier_id=TierId(item["tier_id"]),
        )
        for item in stored
    )


def grant_fact(row: Grant) -> GrantFact:
    return GrantFact(
        role_id=RoleId(row.role_id),
        because=reasons_of(row.because),
        seen=row.state is GrantState.SEEN,
        kept=row.kept_at is not None,
    )


def stay_fact(row: Stay | None) -> StayFact:
    if row is None:
        return StayFact()
    last = row.last_integration_id
    return StayFact(
        state=row.state,
        roles=frozenset(RoleId(role_id) for role_id in row.seen_roles),
        boosting=row.boosting,
        begun_by_us=row.begun_by_us,
        left_at=row.left_at,
        put_out=row.put_out_at is not None,
        last_integration_id=IntegrationId(last) if last is not None else None,
        trouble=row.trouble,
        trouble_at=row.trouble_at,
    )


def departure_fact(row: Departure | None) -> DepartureFact | None:
    return DepartureFact(decide_at=row.decide_at, spared=row.spared) if row else None


def hold_fact(row: Hold | None) -> HoldFact | None:
    return HoldFact(since=row.created_at, released=row.released_at is not None) if row else None


async def _guild(guild_id: GuildId) -> GuildFact:
    """The guild as last seen; one never seen is one without the bot."""
    row = await Guild.get_or_none(id=guild_id)
    if row is None:
        return GuildFact(id=guild_id, name="", owner_id=AccountId(0), roles={}, bot_present=False)
    columns = ("id", "name", "position", "permissions", "managed")
    roles: list[tuple[Any, ...]] = await GuildRole.filter(guild_id=guild_id).values_list(*columns)
    return GuildFact(
        id=guild_id,
        name=row.name,
        owner_id=AccountId(row.owner_id),
        roles={
            RoleId(role_id): RoleFact(
                id=RoleId(role_id), name=name, position=position, permissions=permissions, managed=managed
            )
            for role_id, name, position, permissions, managed in roles
        },
        bot_present=row.bot_present,
        bot_permissions=row.bot_permissions,
        bot_top_position=row.bot_top_position,
        joins_paused=row.joins_paused,
    )


async def _integrations(guild_id: GuildId) -> list[IntegrationFact]:
    rows = await Integration.filter(guild_id=guild_id).order_by("id")
    if not rows:
        return []
    attachments = await Attachment.filter(integration_id__in=[row.id for row in rows])
    roles = await AttachmentRole.filter(attachment_id__in=[attachment.id for attachment in attachments])
    return [
        IntegrationFact(
            id=IntegrationId(row.id),
            creator_id=CreatorId(row.creator_id),
            name=row.name,
            state=row.state,
            policy=row.closing_policy or row.policy,
            grace=timedelta(days=row.grace_days),
            waits=row.vouch_at is not None,
            attachments=tuple(
                _attachment(attachment, [role for role in roles if role.attachment_id == attachment.id])
                for attachment in attachments
                if attachment.integration_id == row.id
            ),
        )
        for row in rows
    ]


def _attachment(attachment: Attachment, roles: list[AttachmentRole]) -> AttachmentFact:
    return AttachmentFact(
        tier_id=TierId(attachment.tier_id),
        roles=tuple(
            AttachedRole(role_id=RoleId(role.role_id), confirmed_powers=role.confirmed_powers)
            for role in roles
        ),
    )


async def _memberships(fan_ids: list[str]) -> dict[str, list[MembershipFact]]:
    found: dict[str, list[MembershipFact]] = {}
    for row in await Membership.filter(fan_id__in=fan_ids) if fan_ids else ():
        found.setdefault(row.fan_id, []).append(membership_fact(row))
    return found


def membership_fact(row: Membership) -> MembershipFact:
    return MembershipFact(
        id=MembershipId(row.id),
        tier_id=TierId(row.tier_id),
        status=row.status,
        paid_until=row.paid_until,
        updated_at=row.updated_at,
        unpaid_at=row.unpaid_at,
    )


async def _seats(fan_ids: list[str], integration_ids: list[IntegrationId]) -> dict[tuple[str, int], Seat]:
    if not fan_ids or not integration_ids:
        return {}
    rows = await Seat.filter(fan_id__in=fan_ids, integration_id__in=list(integration_ids))
    return {(row.fan_id, row.integration_id): row for row in rows}


def _seated(integration: IntegrationFact, fan_id: str | None, seats: Seats) -> IntegrationFact:
    return _seat_of(integration, seats.get((fan_id, integration.id))) if fan_id else integration


def _seat_of(integration: IntegrationFact, seat: Seat | None) -> IntegrationFact:
    state = seat.state if seat else SeatState.NOT_YET
    return replace(integration, seat=state, seat_changed_at=seat.changed_at if seat else None)
