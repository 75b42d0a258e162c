"""One guild, one creator, and the engine on a real database file: the words in which engine tests are told."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.access.explain import Explanation
from bot.access.ports import Members
from bot.access.views import IntegrationView
from bot.access.work import Work
from bot.config import Config, load
from bot.discord.permissions import INVITATION
from bot.ids import AccountId, FanId, GuildId, Member, RoleId
from models import (
    Attachment,
    AttachmentRole,
    Audit,
    Creator,
    Fan,
    Grant,
    Guild,
    GuildRole,
    Integration,
    Link,
    Membership,
    Seat,
    Stay,
    Tier,
)
from models.access import GrantState
from models.fans import SeatState
from models.integrations import EndPolicy, IntegrationState
from models.memberships import MembershipStatus
from tests.access.assembly import Access, assemble
from tests.access.memory import Above, Memory
from tests.clock import ManualClock

GUILD = GuildId(1000)
OWNER = AccountId(1)
BOT_TOP = 50
NOON = datetime(2030, 6, 1, 12, tzinfo=UTC)

SETTINGS = {
    "DISCORD_TOKEN": "token",
    "DISCORD_CLIENT_ID": "1",
    "DISCORD_CLIENT_SECRET": "secret",
    "PUBLIC_URL": "http://127.0.0.1:1",
    "SECRET_KEYS": "k" * 32,
    "WEBHOOK_SECRETS": "whsec_" + "A" * 32,
    "LAUNCH_SECRET": "l" * 32,
    "CONFIRM_AFTER": "30s",
}


class House:
    """Facts are written as the rooms above write them: the fact and the mark."""

    guild_id = GUILD

    def __init__(self, members: Members | None = None, **settings: str) -> None:
        self.clock = ManualClock(NOON)
        self.members = members
        """A Discord over the wire, in place of the one in memory."""
        self.config: Config = load(SETTINGS | settings)
        self.discord, self.above = Memory(), Above()
        self.work = Work(self.clock)
        self.access = self.start()

    def start(self) -> Access:
        """Build the engine, as a process does that starts (again)."""
        return assemble(
            clock=self.clock,
            config=self.config,
            work=self.work,
            discord=self.members or self.discord,
            tokens=self.above,
            notices=self.above,
            tell=self.above,
        )

    # --- given -----------------------------------------------------------------------------------

    async def open(self, **guild: Any) -> None:
        await Guild.create(
            id=self.guild_id,
            name="Garden",
            owner_id=OWNER,
            bot_present=True,
            bot_permissions=guild.pop("bot_permissions", int(INVITATION)),
            bot_top_position=BOT_TOP,
            seen_at=self.clock(),
        )
        await Creator.create(id="ana", display_name="Ana")

    async def role(self, role_id: int, *, position: int = 10, permissions: int = 0) -> RoleId:
        await GuildRole.create(
            id=role_id,
            guild_id=self.guild_id,
            name=f"role {role_id}",
            position=position,
            permissions=permissions,
            managed=False,
        )
        return RoleId(role_id)

    async def integration(
        self, tiers: dict[str, Iterable[int]], *, policy: EndPolicy = EndPolicy.ADDED
    ) -> int:
        """An integration that attaches each tier to its roles."""
        integration = await Integration.create(
            creator_id="ana",
            name="Club",
            state=IntegrationState.CONNECTED,
            guild_id=self.guild_id,
            policy=policy,
            created_at=self.clock(),
        )
        for tier_id, role_ids in tiers.items():
            await self.attach(integration.id, tier_id, *role_ids)
        integration_id: int = integration.id
        return integration_id

    async def fan(
        self, fan_id: str, account: int, *, wants: Iterable[int] = (), token: bool = True
    ) -> Member:
        """A fan whose account is linked, and who pressed Connect for ``wants``."""
        await Fan.create(id=fan_id, display_name=fan_id)
        await Link.create(fan_id=fan_id, account_id=account, username=fan_id, linked_at=self.clock())
        for integration_id in wants:
            await self.presses(fan_id, integration_id)
        if token:
            self.above.tokens[AccountId(account)] = "token"
        return Member(self.guild_id, AccountId(account))

    async def attach(self, integration_id: int, tier_id: str, *role_ids: int) -> None:
        await Tier.get_or_create(defaults={"creator_id": "ana", "name": tier_id.title()}, id=tier_id)
        attachment = await Attachment.create(
            integration_id=integration_id, tier_id=tier_id, created_at=self.clock()
        )
        for role_id in role_ids:
            await AttachmentRole.create(attachment_id=attachment.id, role_id=role_id)

    async def detach(self, integration_id: int, tier_id: str) -> None:
        attachment = await Attachment.get(integration_id=integration_id, tier_id=tier_id)
        await AttachmentRole.filter(attachment_id=attachment.id).delete()
        await attachment.delete()

    async def inside(self, member: Member, *roles: int) -> None:
        """They are in the guild, by their own doing, with roles given by hand."""
        self.discord.roles[member] = {RoleId(role_id) for role_id in roles}

    # --- when ------------------------------------------------------------------------------------

    async def presses(self, fan_id: str, integration_id: int, state: SeatState = SeatState.WANTED) -> None:
        await Seat.update_or_create(
            defaults={"state": state, "changed_at": self.clock()},
            fan_id=fan_id,
            integration_id=integration_id,
        )
        await self.work.mark_fan(FanId(fan_id), urgent=True)

    async def pays(self, fan_id: str, tier_id: str, *, membership: str | None = None, days: int = 30) -> str:
        return await self.has(
            fan_id,
            tier_id,
            MembershipStatus.ACTIVE,
            membership=membership,
            until=self.clock() + timedelta(days=days),
        )

    async def has(
        self,
        fan_id: str,
        tier_id: str,
        status: MembershipStatus,
        *,
        membership: str | None = None,
        until: datetime | None = None,
    ) -> str:
        """The platform says: this membership, this status."""
        membership_id = membership or f"{fan_id}-{tier_id}"
        values = {
            "fan_id": fan_id,
            "creator_id": "ana",
            "tier_id": tier_id,
            "status": status,
            "paid_until": until,
            "updated_at": self.clock(),
            "version": 1,
        }
        await Membership.update_or_create(defaults=values, id=membership_id)
        await self.work.mark_fan(FanId(fan_id))
        return membership_id

    async def ends(
        self, fan_id: str, tier_id: str, status: MembershipStatus = MembershipStatus.EXPIRED
    ) -> None:
        await self.has(fan_id, tier_id, status, until=self.clock())

    async def closes(self, integration_id: int, *, keep: bool = False) -> None:
        """Its creator has no use for it any more, or the server wants it gone."""
        policy = EndPolicy.KEEP if keep else (await Integration.get(id=integration_id)).policy
        closing = Integration.filter(id=integration_id)
        await closing.update(state=IntegrationState.CLOSING, closing_policy=policy)
        await self.work.fan_out("integration", str(integration_id))

    async def unlinks(self, fan_id: str) -> None:
        link = await Link.get(fan_id=fan_id)
        account_id = AccountId(link.account_id)
        await link.delete()
        await self.work.mark_account(account_id)

    async def runs(self) -> None:
        """The engine does everything that is due now."""
        await self.access.worker.drain()

    async def later(self, **delta: float) -> None:
        """Time passes; what became due is swept and done."""
        self.clock.move(timedelta(**delta))
        await self.access.sweep.often()
        await self.runs()

    async def restarts(self) -> None:
        """After a kill: a new process on the same tables."""
        await self.work.release_all()
        self.access = self.start()
        await self.runs()

    # --- then ------------------------------------------------------------------------------------

    def roles_of(self, member: Member) -> set[int]:
        return {int(role_id) for role_id in self.discord.roles.get(member, set())}

    def is_in(self, member: Member) -> bool:
        return member in self.discord.roles

    async def grants_of(self, member: Member) -> dict[int, GrantState]:
        return {row.role_id: row.state for row in await Grant.filter(account_id=member.account_id)}

    async def stay_of(self, member: Member) -> Stay:
        return await Stay.get(guild_id=member.guild_id, account_id=member.account_id)

    async def history_of(self, member: Member) -> list[str]:
        rows = await Audit.filter(account_id=member.account_id).order_by("id")
        return [row.action for row in rows]

    async def why(self, member: Member) -> Explanation:
        return await self.access.explain.member(member)

    async def page_of(self, fan_id: str) -> list[IntegrationView]:
        return await self.access.views.of_fan(FanId(fan_id))

    def events(self) -> list[str]:
        return [event for event, _ in self.above.events]
