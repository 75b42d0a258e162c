"""A creator's way through the Integrations Hub in a real browser, in every manner."""

import pytest

from bot.discord.permissions import Permission
from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person
from models import Hold, Membership
from models.memberships import MembershipStatus
from tests.browser.visitor import DESK, KEYS, PHONE, Enter, Manner, Visitor, played
from tests.browser.ways import is_at_discord, signs_in
from tests.system.story import Story

pytestmark = pytest.mark.asyncio(loop_scope="session")
ROLES = ("Boss", "Gold", "Silver", "Friend")


async def given_ana(story: Story) -> Person:
    """A creator with two tiers, and a server of which the bot knows nothing yet."""
    ana = await story.owner("Ana")
    story.guild = await story.discord.create_guild(ana.account, "Ana's Studio")
    for role in ROLES:
        await story.discord.create_role(story.guild, role)
    await acts.sell(story, "Gold", "Silver")
    return ana


async def adds_an_integration(visitor: Visitor, story: Story, ana: Person) -> None:
    """Add Integration → Discord → its name → Discord's page → the page that names both sides."""
    await signs_in(visitor, story, ana, "/hub")
    await visitor.follow("Add Integration")
    await visitor.follow("Choose Discord")
    await visitor.fill("Name", "VIP rooms")
    await visitor.press("Next: connect your Discord")
    await visitor.press("Connect your Discord")
    await is_at_discord(visitor, ana)
    await visitor.press("Authorize")
    await visitor.sees("which the Discord account @ana manages")
    await visitor.press("Yes, connect Ana's Studio")


@played(DESK, PHONE, KEYS)
async def test_from_add_integration_to_a_fan_inside(story: Story, enter: Enter, manner: Manner) -> None:
    ana, visitor = await given_ana(story), await enter(manner)
    await adds_an_integration(visitor, story, ana)
    await story.discord.move_role(story.guild, "Passes Bot", above="Gold")
    await visitor.press("Refresh Roles")
    await visitor.follow("Add Membership")
    await visitor.tick("Gold")
    await visitor.tick("Silver")
    await visitor.press("Next: roles for each")
    for tier in ("Gold", "Silver"):
        await visitor.sees(f"Which roles does {tier} give?")
        await visitor.tick(tier)
        await visitor.press("Give these roles")
    await visitor.sees("Connected")
    fay, _ = await acts.buys_and_connects(story, "Fay", "Gold")
    await story.sees(fay, {"Gold"})


@played(PHONE, KEYS)
async def test_renaming_and_disconnecting(story: Story, enter: Enter, manner: Manner) -> None:
    ana, visitor = await story.given_a_server(), await enter(manner)
    fay, _ = await story.given_a_fan_inside("Fay", "Gold")
    await signs_in(visitor, story, ana, "/hub")
    await visitor.follow("VIP rooms")
    await visitor.follow("Change name, ending and days")
    await visitor.fill("Name", "Studio")
    await visitor.press("Rename")
    await visitor.sees("Studio")
    await visitor.open(f"{story.bot_url}/hub")
    await visitor.follow("Studio")
    await visitor.follow("Disconnect")
    await visitor.sees("It reaches 1 person.")
    await visitor.press("Disconnect")
    await visitor.sees("1 person still has something through it.")
    await story.sees(fay, set())
    await story.everything_settles()
    await story.later(hours=2)
    await story.sees_gone(fay)
    await story.settles(fay)
    await visitor.sees("Nobody has anything through it any more. You can connect it anew")
    await visitor.open(f"{story.bot_url}/hub")
    await visitor.press("Use again")
    await visitor.sees("Connect your Discord")


@played(DESK, PHONE)
async def test_every_other_page_of_the_hub(story: Story, enter: Enter, manner: Manner) -> None:
    ana, visitor = await story.given_a_server(), await enter(manner)
    await story.given_a_fan_inside("Fay", "Gold")
    await signs_in(visitor, story, ana, "/hub")
    seen = await visitor.walk(f"{story.bot_url}/hub", within=f"{story.bot_url}/hub")
    assert len(seen) > 15


@played(PHONE)
async def test_what_is_held_back_a_role_that_moderates_and_removing(
    story: Story, enter: Enter, manner: Manner
) -> None:
    ana, visitor = await story.given_a_server(), await enter(manner)
    fay, _ = await story.given_a_fan_inside("Fay", "Gold")
    await Membership.all().update(status=MembershipStatus.EXPIRED)
    await Hold.create(guild_id=story.guild, account_id=fay.account, cause="stated", created_at=story.clock())
    await story.discord.edit_role(story.guild, "Friend", permissions=int(Permission.KICK_MEMBERS))

    await signs_in(visitor, story, ana, "/hub")
    await visitor.follow("VIP rooms")
    await visitor.follow("1 ending is held back")
    await visitor.sees("Fay since")
    await visitor.press("Check again")
    await visitor.sees("Nothing to decide.")
    await story.sees(fay, set())

    await visitor.follow("Back to VIP rooms")
    await visitor.follow("Roles Silver")
    await visitor.tick("Friend")
    await visitor.press("Give these roles")
    await visitor.sees("Friend: Kick Members")
    await visitor.press("Yes, give Friend")
    await visitor.sees("Silver, Lounge and Friend")

    await visitor.follow("Remove")
    await visitor.press("Remove")
    await story.everything_settles()
    await story.later(hours=2)
    await story.sees_gone(fay)
    await story.settles(fay)
    await visitor.open(f"{story.bot_url}/hub")
    await visitor.sees("You have none yet.")
