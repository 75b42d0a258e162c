"""Memberships change while their fans are in."""

from functools import partial

from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Stage


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
