"""The little world of the demo: a creator with a server, three tiers and three fans, and a bot that was just invited.

The bot's role is at the bottom, as Discord puts it there: that it has to be dragged up before it can give any role is
the first thing that goes wrong in every real server.
"""

from dataclasses import dataclass

from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.platform import PlatformDriver
from bot.sandbox.tour.stage import INVITATION

TIERS = {"Bronze": 300, "Silver": 900, "Gold": 2500}
FANS = ("Fay", "Gus", "Mia")
INSIDE = "Gus"
STAFF = int(Permission.MANAGE_ROLES | Permission.KICK_MEMBERS | Permission.BAN_MEMBERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """One person with an account on each side, which nothing but the bot will ever tie together."""

    name: str
    account: int
    at_platform: str
    is_creator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    guild: int
    people: tuple[Somebody, ...]
    tiers: dict[str, str]

    @property
    def creator(self) -> Somebody:
        return self.people[0]

    def find(self, name: str) -> Somebody | None:
        return next((each for each in self.people if each.name == name), None)


async def seed(discord: Driver, platform: PlatformDriver) -> World:
    """Make everybody and everything, over the wire."""
    creator = await platform.create_creator("Ana")
    ana = Somebody(
        name="Ana",
        account=await discord.create_user("ana", global_name="Ana"),
        at_platform=creator,
        is_creator=True,
    )
    fans = [await _fan(name, discord, platform) for name in FANS]
    guild = await discord.create_guild(ana.account, "Ana's Studio")
    for name in reversed(TIERS):
        await discord.create_role(guild, name)
    moderators = await discord.create_role(guild, "Moderators", permissions=STAFF)
    await discord.move_role(guild, moderators, above="Gold")
    await discord.add_bot(guild, ana.account, INVITATION)
    await discord.join(guild, next(each.account for each in fans if each.name == INSIDE))
    tiers = {name: await _tier(creator, name, cents, platform) for name, cents in TIERS.items()}
    return World(guild=guild, people=(ana, *fans), tiers=tiers)


async def _fan(name: str, discord: Driver, platform: PlatformDriver) -> Somebody:
    account = await discord.create_user(name.lower(), global_name=name)
    return Somebody(name=name, account=account, at_platform=await platform.create_fan(name))


async def _tier(creator: str, name: str, cents: int, platform: PlatformDriver) -> str:
    price = {"amount": cents, "currency": "USD", "interval": "month"}
    return await platform.create_tier(creator, name, price=price)
