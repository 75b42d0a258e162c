"""A creator sets up a server, and the first fans come in."""

from functools import partial

from bot.sandbox.tour import acts
from bot.sandbox.tour.scenes.script import GIVES, JOIN_ROUTE, ROLES
from bot.sandbox.tour.stage import Stage


async def a_creator_sets_up(stage: Stage) -> None:
    """1 · A creator sets up a server: roles out of reach, dragged, refreshed, attached"""
    tell, discord = stage.tell, stage.discord
    ana = await stage.owner("Ana")
    await acts.open_server(stage, ana, "Ana's Studio", ROLES)
    await acts.sell(stage, *GIVES)
    tell.asked("Ana types /passes setup, confirms on a page that she is Ana, and names the integration")
    ladder = await acts.name_integration(stage, ana, await acts.prove(stage, ana), "VIP rooms")
    tell.check("Gold is drawn as out of reach", holds="✗ Gold" in ladder.content, saw=ladder.content)
    tell.asked("Ana drags Passes Bot above Platinum and presses Refresh Roles")
    await acts.drag_bot_above(stage, "Platinum")
    ladder = await acts.refresh_roles(stage, ana, ladder)
    tell.check(
        "Gold is drawn as in reach, Vault is not",
        holds="✓ Gold" in ladder.content and "✗ Vault" in ladder.content,
        saw=ladder.content,
    )
    tell.asked("Ana presses Add Membership and chooses roles for Gold, Silver and Platinum")
    summary = await acts.add_memberships(stage, ana, ladder, GIVES)
    tell.check("the summary says Connected", holds="Connected" in summary.content, saw=summary.content)
    again = await discord.command(ana.account, "passes setup", guild=stage.guild)
    tell.check(
        "/passes setup again shows the same integration", holds="VIP rooms" in again.text, saw=again.text
    )


async def a_purchase_brings_a_fan_in(stage: Stage) -> None:
    """2 · A fan buys, connects Discord, and is in with their roles"""
    tell = stage.tell
    before = len(await stage.discord.journal())
    bea = await stage.fan("Bea")
    membership = await stage.buys(bea, "Gold", period_s=600)
    tell.asked("Bea buys Gold and is sent to the confirmation page")
    page = await stage.hand_over(bea, f"/memberships/confirm?membership={membership}")
    tell.check("the page thanks her and offers Connect", holds="Connect" in page.buttons, saw=page.text)
    tell.asked("Bea presses Connect and agrees on Discord's page")
    page = await bea.browser.submit("Connect")
    tell.check(
        "a page names both sides and asks", holds="Bea" in page.text and "@bea" in page.text, saw=page.text
    )
    await bea.browser.submit("Yes, connect")
    await tell.seen("Bea is in, with Gold and Lounge", partial(stage.roles, bea), {"Gold", "Lounge"})
    joins = [entry for entry in await stage.discord.journal(before, JOIN_ROUTE) if entry["status"] == 201]
    tell.check("she came in by one request, roles included (201)", holds=len(joins) == 1, saw=joins)
    await tell.seen_that(
        "her Memberships page says so",
        partial(stage.memberships_page, bea),
        lambda text: "You are in" in text,
        "You are in",
    )
    await tell.seen_that(
        "a direct message welcomes her",
        partial(stage.discord.dms, bea.account),
        lambda dms: any("Welcome" in message["content"] for message in dms),
        "a welcome",
    )


async def a_fan_who_is_inside_links(stage: Stage) -> None:
    """3 · A fan who is in the server already types /passes link"""
    tell = stage.tell
    cleo = await stage.fan("Cleo")
    await stage.discord.join(stage.guild, cleo.account)
    await stage.buys(cleo, "Silver", period_s=600)
    before = len(await stage.discord.journal())
    tell.asked("Cleo bought Silver, is in the server, types /passes link and confirms on the page")
    await acts.link_from_discord(stage, cleo)
    await tell.seen("Cleo has Silver and Lounge", partial(stage.roles, cleo), {"Silver", "Lounge"})
    entries = await stage.discord.journal(before)
    consents = [entry for entry in entries if "oauth2" in entry["route"]]
    tell.check("without any consent at Discord", holds=not consents, saw=consents)
