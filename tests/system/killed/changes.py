"""Scenes in which something changes for fans who are in, killed at as in ``scenes``.

Looks and messages are spared where they are those of a scene told there: killed at them, the bot stands where it
stands there. What is given and taken is not, because it is what each of these scenes is about.
"""

from dataclasses import replace
from functools import partial

from bot.integrations.health import Attention
from bot.sandbox.tour import acts
from tests.system.killed import patient
from tests.system.killed.ground import GIVES, Ground
from tests.system.killed.scenes import ROLE, Scene, Subject, a_member, is_look, is_telling
from tests.system.killed.server import knows

BOTH = ("Gold", "Silver", "Lounge")


async def _a_member_twice(ground: Ground, name: str) -> Subject:
    """In through Silver and Gold; the subject's membership is Gold."""
    subject = await a_member(ground, name)
    gold = await ground.buys(subject.fan, "Gold", period_s=86400)
    await ground.until(partial(ground.has, subject.fan, BOTH), "the roles of both")
    await ground.has_settled(subject.fan)
    return replace(subject, membership=gold)


async def _one_ends(ground: Ground, subject: Subject) -> None:
    await ground.platform.refund(subject.membership)
    await ground.until(partial(ground.has, subject.fan, GIVES["Silver"]), "what Silver gives, and no Gold")


async def _upgrades_out_of_reach(ground: Ground, subject: Subject) -> None:
    await acts.drag_above_bot(ground, "Gold")
    await knows(ground, Attention.ROLE_OUT_OF_REACH)
    await ground.until(ground.is_idle, "everybody looked at")
    await ground.platform.upgrade(subject.membership, ground.tiers["Gold"])
    await ground.until(partial(ground.is_decided, subject.fan, "Gold"), "the upgrade decided")
    assert await ground.has(subject.fan, GIVES["Silver"])
    await acts.drag_bot_above(ground, "Gold")
    await ground.until(partial(ground.has, subject.fan, GIVES["Gold"]), "Gold instead of Silver")


async def _is_told_wrongly(ground: Ground, subject: Subject) -> None:
    """Up, back and up again, told the wrong way round; then told once more, and lied about."""
    platform = ground.platform
    await platform.pause_webhooks()
    for tier in ("Gold", "Silver", "Gold"):
        await platform.upgrade(subject.membership, ground.tiers[tier])
    await platform.resume_webhooks(order="reversed")
    await ground.until(partial(ground.has, subject.fan, GIVES["Gold"]), "Gold instead of Silver")
    await ground.until(partial(_takes_it_once_more, ground), "the repeated webhook taken")
    for how in ("secret", "body", "old"):
        await ground.until(partial(_refuses_a_refund, ground, how), f"a forged webhook ({how}) refused")
    assert await ground.has(subject.fan, GIVES["Gold"])


async def _takes_it_once_more(ground: Ground) -> bool:
    return (await ground.platform.repeat_last()).status == 200


async def _refuses_a_refund(ground: Ground, how: str) -> bool:
    return (await ground.platform.forge(how, status="refunded")).status == 401


async def _a_friend_with_gold(ground: Ground, name: str) -> Subject:
    """Inside, with Gold by the creator's hand, and linked; bought nothing yet."""
    fan = await ground.fan(name)
    await ground.discord.join(ground.guild, fan.account)
    await ground.discord.give_role(ground.guild, fan.account, "Gold")
    await patient.link_from_discord(ground, fan)
    await ground.has_settled(fan)
    return Subject(fan=fan, membership="")


async def _pays_for_a_while(ground: Ground, subject: Subject) -> None:
    membership = await ground.buys(subject.fan, "Gold", period_s=86400)
    await ground.until(partial(ground.has, subject.fan, GIVES["Gold"]), "Lounge beside the Gold by hand")
    await ground.has_settled(subject.fan)
    await ground.until(partial(_is_welcomed, ground, subject), "the welcome")
    await ground.platform.expire(membership)
    await ground.until(partial(ground.has, subject.fan, ["Gold"]), "only what the bot gave taken")


async def _is_welcomed(ground: Ground, subject: Subject) -> bool:
    return bool(await ground.discord.dms(subject.fan.account))


SCENES = {
    "one of two memberships ends": Scene(
        given=_a_member_twice, play=_one_ends, kinds=frozenset({f"DELETE {ROLE}"})
    ),
    "an upgrade out of reach, then dragged into it": Scene(
        given=a_member, play=_upgrades_out_of_reach, kinds=frozenset({f"PUT {ROLE}", f"DELETE {ROLE}"})
    ),
    "an upgrade told the wrong way round, twice, and by forgers": Scene(
        given=a_member,
        play=_is_told_wrongly,
        kinds=frozenset({f"PUT {ROLE}", f"DELETE {ROLE}"}),
        spared=is_look,  # as in "an upgrade"
    ),
    "a role given by hand is left alone": Scene(
        given=_a_friend_with_gold,
        play=_pays_for_a_while,
        kinds=frozenset({f"PUT {ROLE}", f"DELETE {ROLE}"}),
        spared=is_telling,  # as in "a guest links from Discord"
    ),
}
