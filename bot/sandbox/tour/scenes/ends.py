"""Memberships end, and one goes on after all."""

from functools import partial

from bot.sandbox.tour import acts
from bot.sandbox.tour.scenes.script import NOTHING, ROLE_ROUTE
from bot.sandbox.tour.stage import Stage


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
