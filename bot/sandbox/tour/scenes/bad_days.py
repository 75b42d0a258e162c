"""Bad days: Discord away, a server rearranged, the bot put out, killed, and told that everybody stopped paying."""

from collections.abc import Callable
from functools import partial

from bot.sandbox.tour import acts
from bot.sandbox.tour.scenes.script import JOIN_ROUTE, NOTHING
from bot.sandbox.tour.stage import INVITATION, Person, Stage

ADMINISTRATOR = 1 << 3
ALWAYS = 10**9
FLOOR = 10
"""Ends within the hour that the brake lets through in a small shop."""


async def discord_is_away(stage: Stage) -> None:
    """12 · Discord is away for a while"""
    tell = stage.tell
    mia, membership = await acts.buys_and_connects(stage, "Mia", "Silver", period_s=600)
    await tell.seen("Mia has Silver", partial(stage.roles, mia), {"Silver", "Lounge"})
    tell.asked("Discord answers 503 to every request; Mia upgrades to Gold")
    await stage.discord.fault(do="status", status=503, times=ALWAYS)
    await stage.platform.upgrade(membership, stage.tiers["Gold"])
    await tell.stays("Mia keeps Silver", partial(stage.roles, mia), {"Silver", "Lounge"}, for_s=2.0)
    tell.asked("Discord is back")
    await stage.discord.clear_faults()
    await tell.seen("Mia has Gold instead", partial(stage.roles, mia), {"Gold", "Lounge"}, within_s=30)


async def a_role_becomes_dangerous(stage: Stage) -> None:
    """13 · The bot's role is moved down, and a role that is sold becomes Administrator"""
    tell, discord, ana = stage.tell, stage.discord, stage.cast["Ana"]
    tell.asked("Ana drags Passes Bot below Gold; Noa buys Gold")
    await discord.move_role(stage.guild, "Passes Bot", above="Silver")
    await tell.seen_that(
        "Ana's setup says what to do", partial(_setup, stage), _says("not below Passes Bot"), "what to do"
    )
    noa, _ = await acts.buys_and_connects(stage, "Noa", "Gold", period_s=600)
    await tell.seen("Noa is in, with what is in reach", partial(stage.roles, noa), {"Lounge"})
    tell.asked("Ana drags it back, and makes Gold an Administrator")
    await discord.edit_role(stage.guild, "Gold", permissions=ADMINISTRATOR, by=ana.account)
    await acts.drag_bot_above(stage, "Platinum")
    await tell.seen_that(
        "Ana's setup says why Gold is not given", partial(_setup, stage), _says("can do more"), "why"
    )
    await tell.stays("Noa does not become Administrator", partial(stage.roles, noa), {"Lounge"}, for_s=1.5)
    tell.asked("Ana takes the permission away again")
    await discord.edit_role(stage.guild, "Gold", permissions=0, by=ana.account)
    await tell.seen("Noa has Gold", partial(stage.roles, noa), {"Gold", "Lounge"})


async def the_bot_is_put_out_and_invited_back(stage: Stage) -> None:
    """14 · The bot is kicked, and its creator invites it back"""
    tell, discord, ana = stage.tell, stage.discord, stage.cast["Ana"]
    oda, ended = await acts.buys_and_connects(stage, "Oda", "Silver", period_s=600)
    await tell.seen("Oda has Silver", partial(stage.roles, oda), {"Silver", "Lounge"})
    tell.asked("the bot is kicked; Oda's membership expires, Pia buys Silver")
    await discord.kick_bot(stage.guild, ana.account)
    await stage.platform.expire(ended)
    pia, _ = await acts.buys_and_connects(stage, "Pia", "Silver", period_s=600)
    await tell.stays(
        "nothing changes for Oda, who still has access",
        partial(stage.roles, oda),
        {"Silver", "Lounge"},
        for_s=1.5,
    )
    tell.asked("Ana invites the bot back and drags it up")
    await discord.add_bot(stage.guild, ana.account, INVITATION)
    await acts.drag_bot_above(stage, "Platinum")
    await tell.seen("Oda's roles go", partial(stage.roles, oda), NOTHING, within_s=30)
    await tell.seen("Pia is in", partial(stage.roles, pia), {"Silver", "Lounge"}, within_s=30)


async def killed_in_the_middle_of_a_join(stage: Stage) -> None:
    """15 · The bot is killed while Discord lets somebody in"""
    tell, discord = stage.tell, stage.discord
    held = await discord.fault(do="hold_after", route=JOIN_ROUTE)
    quin, membership = await acts.buys_and_connects(stage, "Quin", "Silver", period_s=600)
    await discord.held(held)
    tell.asked(
        "Discord has let Quin in; the bot is killed (SIGKILL) before it hears of it, and started again"
    )
    await stage.bot.kill()
    await discord.release(held)
    await discord.clear_faults()
    await stage.bot.start()
    await tell.seen("Quin is in, with Silver", partial(stage.roles, quin), {"Silver", "Lounge"})
    tell.asked("Quin's membership expires: it was the bot that brought Quin in, and it knows")
    await stage.platform.expire(membership)
    await tell.seen("Quin is put out", partial(stage.inside, quin), expected=False, within_s=30)


async def the_brake(stage: Stage) -> None:
    """16 · The platform says that everybody stopped paying: the brake, and what is done about it"""
    tell = stage.tell
    crowd = [await stage.fan(f"Rio{number}") for number in range(FLOOR + 4)]
    held_by = {fan.name: await _comes_by_itself(stage, fan) for fan in crowd}
    await tell.seen(
        f"{len(crowd)} fans have Lounge", partial(_with_lounge, stage, crowd), len(crowd), within_s=60
    )
    tell.asked("the platform says, wrongly, that all of them expired")
    for membership in held_by.values():
        await stage.platform.expire(membership)
    await stage.platform.settled()
    await tell.seen_that(
        "the brake holds some of the ends back",
        partial(_held, stage),
        lambda number: number >= 4,
        "4 or more",
    )
    lucky = [fan for fan in crowd if await stage.roles(fan)]
    payers, others = lucky[:2], lucky[2:]
    tell.asked(f"{len(payers)} of those held renew; then the operator releases the holds")
    for fan in payers:
        await stage.platform.recover(held_by[fan.name], period_s=600)
    await tell.seen("their holds are gone", partial(_held, stage), len(others))
    await stage.bot.command("holds", "release", "--all")
    await tell.seen("whoever did not pay lost access", partial(_with_lounge, stage, others), 0, within_s=60)
    await tell.stays(
        "nobody who pays was touched", partial(_with_lounge, stage, payers), len(payers), for_s=1.0
    )


async def _comes_by_itself(stage: Stage, fan: Person) -> str:
    await stage.discord.join(stage.guild, fan.account)
    membership = await stage.buys(fan, "Silver", period_s=600)
    await acts.link_from_discord(stage, fan)
    return membership


async def _with_lounge(stage: Stage, fans: list[Person]) -> int:
    return sum(["Lounge" in await stage.roles(fan) for fan in fans])


async def _held(stage: Stage) -> int:
    return len((await stage.bot.command("holds", "list")).splitlines()) - 1


async def _setup(stage: Stage) -> str:
    return (await stage.discord.command(stage.cast["Ana"].account, "passes setup", guild=stage.guild)).text


def _says(sentence: str) -> Callable[[str], bool]:
    return lambda text: sentence in text
