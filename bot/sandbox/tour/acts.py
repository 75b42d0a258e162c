"""What people do, in the words and buttons they see; used by the tour's scenes and by the system tests.

Each act is only a person's doing. What came of it is for the scene to look at.
"""

import asyncio
from collections.abc import Mapping, Sequence

from bot.sandbox.browser import Page
from bot.sandbox.discord.answers import Answer
from bot.sandbox.tour.stage import INVITATION, Person, Stage

LOOKS = 50
"""How often a page that waits is looked at: five seconds."""


async def open_server(stage: Stage, owner: Person, name: str, roles: Sequence[str]) -> int:
    """The owner makes a server with these roles (the first stands highest) and invites the bot."""
    stage.guild = await stage.discord.create_guild(owner.account, name)
    for role in roles:  # a new role stands below all others
        await stage.discord.create_role(stage.guild, role)
    await stage.discord.add_bot(stage.guild, owner.account, INVITATION)
    return stage.guild


async def drag_bot_above(stage: Stage, role: str) -> None:
    await stage.discord.move_role(stage.guild, "Passes Bot", above=role)


async def drag_above_bot(stage: Stage, role: str) -> None:
    await stage.discord.move_role(stage.guild, role, above="Passes Bot")


async def sell(stage: Stage, *tiers: str) -> None:
    """The creator puts tiers on sale at the platform."""
    for tier in tiers:
        stage.tiers[tier] = await stage.platform.create_tier(stage.creator, tier)
    await stage.platform.settled()


async def prove(stage: Stage, owner: Person) -> Answer:
    """Type /passes setup, confirm on the page who one is, and go on; returns what setup shows then."""
    asked = await stage.discord.command(owner.account, "passes setup", guild=stage.guild)
    return await confirm(stage, owner, asked)


async def confirm(stage: Stage, owner: Person, asked: Answer) -> Answer:
    """Follow the link of setup, say yes on the page, and go on; returns what setup shows then."""
    link = asked.link("Confirm on Passes")
    await stage.hand_over(owner, link.removeprefix(stage.bot_url))
    await owner.browser.submit("Yes, ")
    return await stage.discord.press(owner.account, asked, label="I have confirmed – continue")  # noqa: RUF001 - as it stands on the button


async def name_integration(stage: Stage, owner: Person, hub: Answer, name: str) -> Answer:
    """Press Add Integration and fill in the form; returns the screen with the ladder of roles."""
    form = await stage.discord.press(owner.account, hub, label="Add Integration")
    return await stage.discord.fill(owner.account, form, {"Name": name})


async def refresh_roles(stage: Stage, owner: Person, ladder: Answer) -> Answer:
    return await stage.discord.press(owner.account, ladder, label="Refresh Roles")


async def add_memberships(
    stage: Stage, owner: Person, ladder: Answer, gives: Mapping[str, Sequence[str]]
) -> Answer:
    """Press Add Membership, choose tiers and then the roles of each; returns the summary."""
    screen = await stage.discord.press(owner.account, ladder, label="Add Membership")
    screen = await stage.discord.choose(owner.account, screen, list(gives))
    while screen.selects:
        tier = next(tier for tier in gives if f"roles does {tier} give" in screen.content)
        if gives[tier]:
            screen = await stage.discord.choose(owner.account, screen, list(gives[tier]))
        else:
            screen = await stage.discord.press(owner.account, screen, label="Server only")
    return screen


async def set_up(stage: Stage, owner: Person, name: str, gives: Mapping[str, Sequence[str]]) -> Answer:
    """The whole way, with every role in reach: from the proof to the summary."""
    wanted = {role for given in gives.values() for role in given}
    ladder_now = (await stage.discord.guild(stage.guild))["ladder"]
    await drag_bot_above(stage, next(role["name"] for role in ladder_now if role["name"] in wanted))
    ladder = await name_integration(stage, owner, await prove(stage, owner), name)
    return await add_memberships(stage, owner, await refresh_roles(stage, owner, ladder), gives)


async def connect(stage: Stage, fan: Person, membership: str) -> Page:
    """From the platform's checkout: the confirmation page, Connect, Discord's consent, and the deliberate press."""
    page = await stage.hand_over(fan, f"/memberships/confirm?membership={membership}")
    for _ in range(LOOKS):
        if "Connect" in page.buttons:
            break
        await asyncio.sleep(0.1)  # the page says that it waits for the platform, and looks again by itself
        page = await fan.browser.open(page.url)
    await fan.browser.submit("Connect")
    return await fan.browser.submit("Yes, connect")


async def link_from_discord(stage: Stage, fan: Person) -> Page:
    """Type /passes link, open its page signed in, and press; no consent at Discord is asked for."""
    answer = await stage.discord.command(fan.account, "passes link", guild=stage.guild)
    link = answer.buttons[0].url or ""
    await stage.hand_over(fan, link.removeprefix(stage.bot_url))
    return await fan.browser.submit("Yes, ")


async def buys_and_connects(
    stage: Stage, name: str, tier: str, *, period_s: float | None = None
) -> tuple[Person, str]:
    """A new fan buys, connects and is on the way in."""
    fan = await stage.fan(name)
    membership = await stage.buys(fan, tier, period_s=period_s)
    await connect(stage, fan, membership)
    return fan, membership
