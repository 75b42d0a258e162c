"""The creators' commands wired by hand: the real rooms, the real client, and no engine behind them."""

from dataclasses import dataclass

from bot.access.adopt import Adopt
from bot.access.audit import Audit
from bot.access.facts import FactsReader
from bot.access.work import Work
from bot.clock import system_clock
from bot.cogs.doorstep import Doorstep
from bot.cogs.listeners import Listeners
from bot.cogs.memberships import MembershipsCommands
from bot.cogs.passes import Passes
from bot.cogs.presses import Presses
from bot.cogs.roles import RolesCommands
from bot.cogs.setup import Acts, Screens, SetupCommands
from bot.config import Config
from bot.discord.client import Client
from bot.discord.guild_reader import GuildReader
from bot.discord.observed import Observed
from bot.identity.requests import PROVE, Requests
from bot.ids import AccountId, CreatorId, GuildId, Member, RoleId, TierId
from bot.integrations.accounts import CreatorAccounts, Proofs
from bot.integrations.adoption import Adoption
from bot.integrations.attachments import Attachments
from bot.integrations.authority import Authority
from bot.integrations.choices import Choices
from bot.integrations.guilds import Guilds
from bot.integrations.health import Health
from bot.integrations.integrations import Integrations
from bot.integrations.openings import Openings
from bot.integrations.refresh import Refresh
from bot.memberships.announce import Announcements
from bot.memberships.catalogue import Catalogue
from bot.memberships.offers import Offers
from bot.memberships.outbox import Outbox
from bot.sandbox.discord.driver import Answer, Driver
from models import Attachment, Creator, Integration, Tier
from models.integrations import IntegrationState


class Wiring:
    """What ``app`` does for these commands."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.tried_again: list[GuildId] = []

    def install(self, client: Client) -> None:
        clock, work, health = system_clock, Work(system_clock), Health()
        accounts, catalogue = CreatorAccounts(), Catalogue()
        authority, reader = Authority(accounts), GuildReader(client)
        guilds = Guilds(clock=clock, work=work, health=health)
        integrations = Integrations(
            clock=clock, config=self._config, work=work, authority=authority, health=health
        )
        facts, audit = FactsReader(clock, self._config), Audit(clock)
        adopt = Adopt(clock=clock, facts=facts, audit=audit, work=work)
        outbox = Outbox(clock=clock, delivery=None)
        attachments = Attachments(
            clock=clock,
            work=work,
            authority=authority,
            tiers=catalogue,
            health=health,
            announcements=Announcements(clock=clock, outbox=outbox, openings=Openings()),
        )
        choices = Choices(authority=authority, tiers=catalogue, attachments=attachments)
        refresh = Refresh(reader=reader, guilds=guilds, integrations=integrations, try_again=self._try_again)
        doorstep = Doorstep(config=self._config, requests=Requests(clock), refresh=refresh)
        offers = Offers(attachments=attachments, catalogue=catalogue)
        screens = Screens(
            attachments=attachments, choices=choices, catalogue=catalogue, guilds=guilds, offers=offers
        )
        acts = Acts(integrations=integrations, choices=choices, refresh=refresh, screens=screens)
        passes, presses = Passes(), Presses()
        SetupCommands(doorstep=doorstep, accounts=accounts, acts=acts).attach(passes, presses)
        RolesCommands(doorstep=doorstep, refresh=refresh, guilds=guilds).attach(passes, presses)
        MembershipsCommands(
            doorstep=doorstep,
            accounts=accounts,
            integrations=integrations,
            attachments=attachments,
            catalogue=catalogue,
            screens=screens,
            offers=offers,
            adoption=Adoption(authority=authority, adopt=adopt),
        ).attach(passes, presses)
        passes.install(client)
        presses.install(client)
        Listeners(guilds=guilds, reader=reader, seen=_Nobody()).install(client)

    async def _try_again(self, guild_id: GuildId) -> None:
        self.tried_again.append(guild_id)


class _Nobody:
    async def note(self, member: Member, observed: Observed, /) -> None:
        """Members are not what these tests are about."""


class _NobodyIsTold:
    async def proven(self, account_id: AccountId, creator_id: CreatorId, /) -> None:
        """Nor are messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ana:
    """A creator in her own server. Its ladder, top to bottom: Boss, Passes Bot, Gold, Silver, Staff."""

    driver: Driver
    account: int
    guild: int

    async def types(self, command: str) -> Answer:
        return await self.driver.command(self.account, f"passes {command}", guild=self.guild)

    async def presses(self, where: Answer, label: str) -> Answer:
        return await self.driver.press(self.account, where, label=label)

    async def chooses(self, where: Answer, *values: str) -> Answer:
        return await self.driver.choose(self.account, where, list(values))

    async def fills_in(self, where: Answer, name: str) -> Answer:
        return await self.driver.fill(self.account, where, {"Name": name})

    async def sells(self, *names: str, creator: str = "ana") -> None:
        for name in names:
            await Tier.create(id=f"tier-{name.lower()}", creator_id=creator, name=name)

    async def proves(self, creator: str = "ana", account: int | None = None) -> None:
        """What the page does after the press that names both sides."""
        proofs = Proofs(system_clock, _NobodyIsTold())
        await proofs.prove(CreatorId(creator), AccountId(account or self.account), "ana")

    async def has_an_integration(self, name: str = "Club") -> Answer:
        """Named, connected, roles refreshed; what is shown is Add Membership."""
        await self.proves()
        form = await self.presses(await self.types("setup"), "Add Integration")
        ladder = await self.fills_in(form, name)
        return await self.presses(await self.presses(ladder, "Refresh Roles"), "Add Membership")

    async def role(self, name: str) -> RoleId:
        guild = await self.driver.guild(self.guild)
        return next(RoleId(int(role["id"])) for role in guild["ladder"] if role["name"] == name)


async def attached() -> dict[TierId, set[int]]:
    """What is attached, in the database: the roles of each tier."""
    rows = await Attachment.all().prefetch_related("roles")
    return {TierId(row.tier_id): {role.role_id for role in row.roles} for row in rows}


async def an_integration(ana: "Ana", name: str, *, connected: bool) -> None:
    """Made in another door."""
    await Integration.create(
        creator_id="ana",
        name=name,
        state=IntegrationState.CONNECTED if connected else IntegrationState.NOT_CONNECTED,
        guild_id=ana.guild if connected else None,
        created_at=system_clock(),
    )


async def the_integration() -> Integration:
    return await Integration.get()


async def a_creator(creator_id: str, name: str) -> None:
    await Creator.create(id=creator_id, display_name=name)


async def opens_the_link(link: str, *, session: str = "browser") -> int | None:
    """Whose account the page at ``link`` would name."""
    asked = await Requests(system_clock).open(session, PROVE, link.partition("request=")[2])
    return asked.account_id if asked else None
