"""The story, scene by scene: each says what is asked, and looks at what came of it.

The scenes share one stage and build on each other: the server that the first sets up is the one the others play in.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person, Stage

type Scene = Callable[[Stage], Awaitable[None]]
type Roles = list[str] | None

ROLES = ("Vault", "Platinum", "Gold", "Silver", "Lounge", "Friend")
GIVES = {
    "Gold": ("Gold", "Lounge"),
    "Silver": ("Silver", "Lounge"),
    "Platinum": ("Platinum", "Lounge"),
}
NOTHING: set[str] = set()
ROLE_ROUTE = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"
JOIN_ROUTE = "PUT /guilds/{guild_id}/members/{user_id}"


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


async def one_of_two_memberships_ends(stage: Stage) -> None:
    """4 · Two memberships share a role; one of them ends"""
    tell = stage.tell
    dan, gold = await acts.buys_and_connects(stage, "Dan", "Gold", period_s=600)
    await stage.buys(dan, "Silver", period_s=600)
    await tell.seen("Dan has the roles of both", partial(stage.roles, dan), {"Gold", "Silver", "Lounge"})
    tell.asked("Dan's Gold is refunded")
    await stage.platform.refund(gold)
    await tell.seen(
        "Gold is gone; Lounge, which Silver gives too, is not",
        partial(stage.roles, dan),
        {"Silver", "Lounge"},
    )
    await tell.stays("and stays", partial(stage.roles, dan), {"Silver", "Lounge"}, for_s=1.0)


async def an_upgrade_in_place(stage: Stage) -> None:
    """5 · An upgrade, in place: never without a paid role"""
    tell = stage.tell
    eve, membership = await acts.buys_and_connects(stage, "Eve", "Silver", period_s=600)
    await tell.seen("Eve has Silver", partial(stage.roles, eve), {"Silver", "Lounge"})
    before = len(await stage.discord.journal())
    tell.asked("Eve upgrades to Platinum")
    await stage.platform.upgrade(membership, stage.tiers["Platinum"])
    await tell.seen("Eve has Platinum instead", partial(stage.roles, eve), {"Platinum", "Lounge"})
    calls = [
        entry["method"]
        for entry in await stage.discord.journal(before)
        if (entry["path"] or "").find(f"/members/{eve.account}/roles/") > 0
    ]
    tell.check("first the new role, then away with the old one", holds=calls == ["PUT", "DELETE"], saw=calls)


async def an_upgrade_out_of_reach(stage: Stage) -> None:
    """6 · The same upgrade, with the new role out of reach: the old one stays"""
    tell = stage.tell
    finn, membership = await acts.buys_and_connects(stage, "Finn", "Silver", period_s=600)
    await tell.seen("Finn has Silver", partial(stage.roles, finn), {"Silver", "Lounge"})
    tell.asked("Ana drags Platinum above the bot; then Finn upgrades to it")
    await acts.drag_above_bot(stage, "Platinum")
    await stage.platform.upgrade(membership, stage.tiers["Platinum"])
    await stage.platform.settled()
    await tell.stays(
        "Silver stays while Platinum cannot be given",
        partial(stage.roles, finn),
        {"Silver", "Lounge"},
        for_s=2.0,
    )
    ana = stage.cast["Ana"]
    hub = await stage.discord.command(ana.account, "passes setup", guild=stage.guild)
    tell.check(
        "Ana's setup says what needs her",
        holds="Platinum" in hub.text or "attention" in hub.text,
        saw=hub.text,
    )
    tell.asked("Ana drags the bot above Platinum again")
    await acts.drag_bot_above(stage, "Platinum")
    await tell.seen(
        "now Finn has Platinum, and Silver is gone", partial(stage.roles, finn), {"Platinum", "Lounge"}
    )


async def webhooks_repeated_reordered_forged(stage: Stage) -> None:
    """7 · Webhooks arrive twice, out of order, and forged"""
    tell, platform = stage.tell, stage.platform
    gil, membership = await acts.buys_and_connects(stage, "Gil", "Silver", period_s=600)
    await tell.seen("Gil has Silver", partial(stage.roles, gil), {"Silver", "Lounge"})
    again = await platform.repeat_last()
    tell.check("the same webhook once more: 200, nothing done", holds=again.status == 200, saw=again)
    tell.asked("Gil upgrades and goes back, and the platform sends the two the wrong way round")
    await platform.pause_webhooks()
    await platform.upgrade(membership, stage.tiers["Gold"])
    await platform.upgrade(membership, stage.tiers["Silver"])
    await platform.resume_webhooks(order="reversed")
    await platform.settled()
    await tell.stays(
        "Gil keeps Silver: the older word changes nothing",
        partial(stage.roles, gil),
        {"Silver", "Lounge"},
        for_s=1.0,
    )
    for how in ("secret", "body", "old"):
        reply = await platform.forge(how)
        tell.check(f"a forged webhook ({how}) is refused: 401", holds=reply.status == 401, saw=reply)


async def the_end_and_the_second_look(stage: Stage) -> None:
    """8 · Canceled: in until the end, then the roles go, then the seat; who pays twice stays"""
    tell, platform = stage.tell, stage.platform
    hal, leaving = await acts.buys_and_connects(stage, "Hal", "Gold", period_s=5)
    ida, ending = await acts.buys_and_connects(stage, "Ida", "Gold", period_s=5)
    await stage.buys(ida, "Silver", period_s=600)
    await tell.seen("Hal has Gold", partial(stage.roles, hal), {"Gold", "Lounge"})
    await tell.seen("Ida has Gold and Silver", partial(stage.roles, ida), {"Gold", "Silver", "Lounge"})
    tell.asked("both cancel Gold; Ida's Silver goes on")
    await platform.cancel(leaving)
    await platform.cancel(ending)
    await platform.settled()
    tell.check(
        "Hal has paid until the end, and keeps Gold", holds=await stage.roles(hal) == {"Gold", "Lounge"}
    )
    await tell.seen("at the end Hal's roles go at once", partial(stage.roles, hal), NOTHING, within_s=15)
    tell.check("Hal is still in the server: one look is not enough", holds=await stage.inside(hal))
    await tell.seen("after the second look Hal is out", partial(stage.inside, hal), expected=False)
    dms = [message["content"] for message in await stage.discord.dms(hal.account)]
    tell.check("a farewell told him before", holds="no longer gives you access" in dms[-1], saw=dms)
    await tell.seen(
        "Ida lost Gold and kept what Silver gives", partial(stage.roles, ida), {"Silver", "Lounge"}
    )


async def a_role_given_by_hand(stage: Stage) -> None:
    """9 · A role given by hand is not the bot's to take"""
    tell = stage.tell
    jo = await stage.fan("Jo")
    await stage.discord.join(stage.guild, jo.account)
    await stage.discord.give_role(stage.guild, jo.account, "Friend")
    await stage.discord.give_role(stage.guild, jo.account, "Gold")
    membership = await stage.buys(jo, "Gold", period_s=600)
    await acts.link_from_discord(stage, jo)
    await tell.seen(
        "Jo, a friend of Ana's, has Gold by hand and Lounge by membership",
        partial(stage.roles, jo),
        {"Friend", "Gold", "Lounge"},
    )
    tell.asked("Jo's membership expires")
    await stage.platform.expire(membership)
    await tell.seen("only what the bot gave is taken", partial(stage.roles, jo), {"Friend", "Gold"})
    await tell.stays(
        "Jo stays, with what was given by hand", partial(stage.roles, jo), {"Friend", "Gold"}, for_s=3.0
    )


async def a_late_payment(stage: Stage) -> None:
    """10 · Somebody who was put out pays after all, and is fetched back"""
    tell = stage.tell
    kim, membership = await acts.buys_and_connects(stage, "Kim", "Silver", period_s=600)
    await tell.seen("Kim is in", partial(stage.roles, kim), {"Silver", "Lounge"})
    tell.asked("Kim's membership expires")
    await stage.platform.expire(membership)
    await tell.seen("Kim is put out", partial(stage.inside, kim), expected=False)
    tell.asked("the payment arrives late")
    await stage.platform.recover(membership, period_s=600)
    await tell.seen(
        "Kim is back, with every role, without doing anything",
        partial(stage.roles, kim),
        {"Silver", "Lounge"},
    )


async def killed_between_effect_and_record(stage: Stage) -> None:
    """11 · The bot is killed after Discord did it and before the bot knew"""
    tell, discord = stage.tell, stage.discord
    lee, membership = await acts.buys_and_connects(stage, "Lee", "Silver", period_s=600)
    await tell.seen("Lee has Silver", partial(stage.roles, lee), {"Silver", "Lounge"})
    held = await discord.fault(do="hold_after", route=ROLE_ROUTE)
    tell.asked(
        "Lee upgrades; the answer to the bot's first request is held back, and the bot is killed (SIGKILL)"
    )
    await stage.platform.upgrade(membership, stage.tiers["Gold"])
    await discord.held(held)
    tell.check("Discord has given Gold", holds="Gold" in await stage.roles(lee), saw=await stage.roles(lee))
    await stage.bot.kill()
    await discord.release(held)
    await discord.clear_faults()
    tell.asked("the bot is started again")
    await stage.bot.start()
    await tell.seen("Lee has Gold and no longer Silver", partial(stage.roles, lee), {"Gold", "Lounge"})
    tell.asked("Lee's membership expires: Gold was the bot's, and it knows")
    await stage.platform.expire(membership)
    await tell.seen("Lee has nothing any more", partial(stage.roles, lee), NOTHING)


async def the_same_view(stage: Stage) -> None:
    """12 · What the bot believes is what Discord shows"""
    people = [person for person in stage.cast.values() if not person.at_platform.startswith("creator")]
    for person in people:
        await _agrees(stage, person)


async def _agrees(stage: Stage, person: Person) -> None:
    async def both() -> tuple[Roles, Roles]:
        """What the bot last saw, by `python -m bot why`, and what Discord shows; None: not in the server."""
        believed = await stage.bot.why(stage.guild, person.account)
        shown = await stage.discord.member(stage.guild, person.account)
        seen = sorted(role["name"] for role in believed["roles"] if role["seen"])
        return seen if believed["stay"] == "in" else None, shown["roles"] if shown else None

    await stage.tell.seen_that(
        f"{person.name}: the bot's own view equals the sandbox's",
        both,
        lambda views: views[0] == views[1],
        "the same on both sides",
    )


SCENES: tuple[Scene, ...] = (
    a_creator_sets_up,
    a_purchase_brings_a_fan_in,
    a_fan_who_is_inside_links,
    one_of_two_memberships_ends,
    an_upgrade_in_place,
    an_upgrade_out_of_reach,
    webhooks_repeated_reordered_forged,
    the_end_and_the_second_look,
    a_role_given_by_hand,
    a_late_payment,
    killed_between_effect_and_record,
    the_same_view,
)
