"""The creators' commands: the real rooms, the real client, and an engine that stands still."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.access.refusals import Refusals
from bot.access.work import Work
from bot.assembly import build
from bot.clock import system_clock
from bot.config import Config
from bot.discord.client import Client
from bot.discord.oauth import OAuth
from bot.identity.requests import PROVE, Requests
from bot.ids import AccountId, CreatorId, GuildId, RoleId, TierId
from bot.integrations.accounts import Proofs
from bot.sandbox.discord.driver import Answer, Driver
from models import Attachment, Creator, Integration, Tier
from models.integrations import IntegrationState


def doors(config: Config) -> Callable[[Client], None]:
    """What opens them in a client: the house as ``app`` builds it, in which nothing is started."""

    def install(client: Client) -> None:
        build(config, system_clock, OAuth(config, system_clock), client)

    return install


class _NobodyIsTold:
    async def proven(self, account_id: AccountId, creator_id: CreatorId, /) -> None:
        """Messages are not what these tests are about."""


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


async def set_aside(guild: int) -> None:
    """The server refused the bot, which leaves it alone since."""
    await Refusals(system_clock, Work(system_clock)).set_aside(GuildId(guild), 50013)


async def a_creator(creator_id: str, name: str) -> None:
    await Creator.create(id=creator_id, display_name=name)


async def opens_the_link(link: str, *, session: str = "browser") -> int | None:
    """Whose account the page at ``link`` would name."""
    asked = await Requests(system_clock).open(session, PROVE, link.partition("request=")[2])
    return asked.account_id if asked else None
