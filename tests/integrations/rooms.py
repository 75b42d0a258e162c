"""The rooms built by hand, and a server in which the bot stands between Boss and the roles it can give."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.access.remains import Remains
from bot.access.work import Work
from bot.config import load
from bot.discord.permissions import INVITATION, Permission
from bot.fans.seats import Seats
from bot.ids import AccountId, CreatorId, GuildId, IntegrationId, RoleId, TierId
from bot.integrations.accounts import CreatorAccounts, Proofs
from bot.integrations.actors import Actor, Refused
from bot.integrations.attachments import Attachments
from bot.integrations.authority import Authority
from bot.integrations.choices import Choices
from bot.integrations.closing import Closing
from bot.integrations.health import Health
from bot.integrations.integrations import Integrations
from bot.integrations.openings import Openings
from bot.memberships.announce import Announcements
from bot.memberships.catalogue import Catalogue
from bot.memberships.outbox import Outbox
from models import Creator, FanOut, Guild, GuildRole, Integration, Tier
from tests.clock import ManualClock

GUILD, ANA, ZOE = GuildId(100), AccountId(1), AccountId(2)
BOSS, GOLD, STAFF, ROOT, NITRO = RoleId(15), RoleId(12), RoleId(11), RoleId(10), RoleId(13)
TIER, HERS = TierId("gold"), TierId("hers")
"""Ana's tier and Zoe's."""

OWNER = Actor(account_id=ANA, guild_id=GUILD, permissions=0, top_position=0, is_owner=True)
ENVIRONMENT = {
    "DISCORD_TOKEN": "t",
    "DISCORD_CLIENT_ID": "1",
    "DISCORD_CLIENT_SECRET": "s",
    "PUBLIC_URL": "http://127.0.0.1",
    "SECRET_KEYS": "k" * 32,
    "WEBHOOK_SECRETS": "whsec_" + "A" * 32,
    "LAUNCH_SECRET": "l" * 32,
}


def helper(permissions: Permission, *, top: int) -> Actor:
    """Ana's account where she is not the owner."""
    return Actor(account_id=ANA, guild_id=GUILD, permissions=int(permissions), top_position=top)


class Rooms:
    def __init__(self) -> None:
        self.told: list[tuple[AccountId, CreatorId]] = []
        self.clock = ManualClock(datetime(2026, 11, 1, 12, tzinfo=UTC))
        self.work, self.health, self.catalogue = Work(self.clock), Health(), Catalogue()
        self.accounts, self.proofs = CreatorAccounts(), Proofs(self.clock, self)
        self.authority = Authority(self.accounts)
        self.integrations = Integrations(
            clock=self.clock,
            config=load(ENVIRONMENT),
            work=self.work,
            authority=self.authority,
            health=self.health,
        )
        self.attachments = Attachments(
            clock=self.clock,
            work=self.work,
            authority=self.authority,
            tiers=self.catalogue,
            health=self.health,
            announcements=Announcements(
                clock=self.clock, outbox=Outbox(clock=self.clock, delivery=None), openings=Openings()
            ),
        )
        self.choices = Choices(authority=self.authority, tiers=self.catalogue, attachments=self.attachments)
        self.closing = Closing(
            work=self.work,
            remains=Remains(self.clock),
            authority=self.authority,
            seats=Seats(self.clock, self.work),
        )

    async def proven(self, account_id: AccountId, creator_id: CreatorId, /) -> None:
        """As the notices."""
        self.told.append((account_id, creator_id))

    def later(self, **much: int) -> None:
        self.clock.move(timedelta(**much))

    async def furnish(self) -> None:
        for creator_id, account_id, tier_id in (("ana", ANA, TIER), ("zoe", ZOE, HERS)):
            await Creator.create(id=creator_id, display_name=creator_id.title())
            await self.proofs.prove(CreatorId(creator_id), account_id, creator_id)
            await Tier.create(id=tier_id, creator_id=creator_id, name=tier_id.title())
        await Guild.create(
            id=GUILD,
            name="Ana's",
            owner_id=ANA,
            bot_present=True,
            bot_permissions=int(INVITATION),
            bot_top_position=4,
            bot_top_role_id=14,
            seen_at=self.clock(),
        )
        for role_id, name, position, permissions, managed in (
            (int(GUILD), "@everyone", 0, Permission(0), False),
            (int(ROOT), "Root", 1, Permission.ADMINISTRATOR, False),
            (int(STAFF), "Staff", 2, Permission.KICK_MEMBERS, False),
            (int(GOLD), "Gold", 3, Permission(0), False),
            (int(NITRO), "Nitro", 3, Permission(0), True),
            (14, "Passes Bot", 4, INVITATION, True),
            (int(BOSS), "Boss", 5, Permission(0), False),
        ):
            await GuildRole.create(
                id=role_id,
                guild_id=GUILD,
                name=name,
                position=position,
                permissions=int(permissions),
                managed=managed,
            )

    async def club(self, *, by: Actor = OWNER) -> IntegrationId:
        """Ana's integration, connected to her server."""
        made = await self.integrations.create_here(CreatorId("ana"), "Club", by=by)
        assert not isinstance(made, Refused)
        return made.id

    async def status(self, integration_id: IntegrationId) -> tuple[str, str | None]:
        row = await Integration.get(id=integration_id)
        return row.state.value, row.attention

    async def fanned_out(self) -> set[tuple[str, str]]:
        """What is to be looked at again; asking forgets it."""
        found = {(row.kind, row.subject) for row in await FanOut.all()}
        await FanOut.all().delete()
        return found


ZOES_ACTOR = replace(OWNER, account_id=ZOE, is_owner=False, permissions=int(Permission.MANAGE_GUILD))
