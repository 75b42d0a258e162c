"""Scenes of bad days, killed at as in ``scenes``: Discord away, a server rearranged, the bot put out, the brake.

All are played in one server, by one after the other, each of whom leaves it as it was. Spared is what ``changes`` spares.
"""

from functools import partial

from bot import operations
from bot.access.brake import FLOOR
from bot.access.desired import EndCause
from bot.clock import system_clock
from bot.config import load
from bot.integrations.health import Attention
from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import INVITATION
from models import Ending, Hold
from tests.system.killed import patient
from tests.system.killed.ground import GIVES, Ground, Request
from tests.system.killed.scenes import (
    MEMBER,
    ROLE,
    Scene,
    Subject,
    a_buyer,
    a_member,
    is_look,
    is_out,
    is_telling,
)
from tests.system.killed.server import knows

ADMINISTRATOR = 1 << 3
OUTAGE = 2
"""Requests in vain, of whatever kind: a bot that is killed at the first begins its second life with them."""


async def _upgrades_while_discord_is_away(ground: Ground, subject: Subject) -> None:
    await ground.discord.fault(do="status", status=503, times=OUTAGE)
    await ground.platform.upgrade(subject.membership, ground.tiers["Gold"])
    await ground.until(partial(ground.has, subject.fan, GIVES["Gold"]), "Gold instead of Silver")


def _looks_again(request: Request) -> bool:
    """The first look once more, which whoever is killed has forgotten; and the last one, as in "an upgrade"."""
    return is_look(request) and request.nth > 1


async def _connects_while_gold_is_dangerous(ground: Ground, subject: Subject) -> None:
    ana = ground.cast["Ana"].account
    await ground.discord.edit_role(ground.guild, "Gold", permissions=ADMINISTRATOR, by=ana)
    await knows(ground, Attention.ROLE_GAINED_POWER)
    connect = partial(patient.connect, ground, subject.fan, subject.membership)
    await ground.until(partial(ground.has, subject.fan, ["Lounge"]), "the fan in, without Gold", act=connect)
    await ground.has_settled(subject.fan)
    assert await ground.has(subject.fan, ["Lounge"])
    await ground.discord.edit_role(ground.guild, "Gold", permissions=0, by=ana)
    await ground.until(partial(ground.has, subject.fan, GIVES["Gold"]), "Gold, harmless again")


def _is_as_in_connecting(request: Request) -> bool:
    """Who somebody is, and the looks: as in "a fan connects and is brought in"."""
    return request.route not in {f"PUT {MEMBER}", f"PUT {ROLE}"}


async def _upgrades_while_the_bot_is_gone(ground: Ground, subject: Subject) -> None:
    ana = ground.cast["Ana"].account
    await ground.discord.kick_bot(ground.guild, ana)
    await knows(ground, Attention.BOT_ABSENT)
    await ground.platform.upgrade(subject.membership, ground.tiers["Gold"])
    await ground.until(partial(ground.is_decided, subject.fan, "Gold"), "the upgrade known")
    assert await ground.has(subject.fan, GIVES["Silver"])
    await ground.discord.add_bot(ground.guild, ana, INVITATION)
    await acts.drag_bot_above(ground, "Gold")
    await ground.until(partial(ground.has, subject.fan, GIVES["Gold"]), "Gold instead of Silver")


async def _a_member_where_many_left(ground: Ground, name: str) -> Subject:
    """As many were let go within the hour as the brake lets go."""
    gone = [
        Ending(guild_id=ground.guild, account_id=number + 1, cause=EndCause.STATED, at=system_clock())
        for number in range(FLOOR)
    ]
    await Ending.bulk_create(gone)
    return await a_member(ground, name)


async def _is_held_and_released(ground: Ground, subject: Subject) -> None:
    await ground.platform.expire(subject.membership)
    await ground.until(partial(_is_held, subject), "the end held")
    assert await ground.has(subject.fan, GIVES["Silver"])
    await operations.release(load(ground.settings), None)
    await ground.until(partial(is_out, ground, subject), "the fan out of the server")


async def _is_held(subject: Subject) -> bool:
    return await Hold.exists(account_id=subject.fan.account)


SCENES = {
    "an upgrade while Discord is away": Scene(
        given=a_member,
        play=_upgrades_while_discord_is_away,
        kinds=frozenset({f"GET {MEMBER}", f"PUT {ROLE}", f"DELETE {ROLE}"}),
        spared=_looks_again,
    ),
    "a role that is sold becomes Administrator, and harmless again": Scene(
        given=partial(a_buyer, tier="Gold"),
        play=_connects_while_gold_is_dangerous,
        kinds=frozenset({f"PUT {MEMBER}", f"PUT {ROLE}"}),
        spared=_is_as_in_connecting,
    ),
    "the bot is kicked, and invited back by its creator": Scene(
        given=a_member,
        play=_upgrades_while_the_bot_is_gone,
        kinds=frozenset({"GET /guilds/{guild_id}", f"GET {MEMBER}", f"PUT {ROLE}", f"DELETE {ROLE}"}),
    ),
    "the brake holds an end, and the operator releases it": Scene(
        given=_a_member_where_many_left,
        play=_is_held_and_released,
        kinds=frozenset({f"DELETE {ROLE}", f"DELETE {MEMBER}"}),
        spared=is_telling,  # as in "an end"
    ),
}
