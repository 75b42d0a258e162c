"""The scenes of the tour's story, each short enough to be played once for every request that the bot makes in it.

``given`` brings somebody to the beginning of a scene, undisturbed; ``play`` is the scene, told by what people do and
what they see at its end, whatever happens to the bot meanwhile.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.sandbox.tour.stage import Person
from tests.system.killed import patient
from tests.system.killed.ground import GIVES, Ground, Request

type Given = Callable[[Ground, str], Awaitable["Subject"]]
type Play = Callable[[Ground, "Subject"], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Somebody to whom a scene happens."""

    fan: Person
    membership: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A scene, and where in it the bot is killed."""

    given: Given
    play: Play
    kinds: frozenset[str]
    """The kinds of requests it is there for."""
    spared: Callable[[Request], bool] = lambda _: False
    """At these it is not killed here, because it is elsewhere, in the same situation."""


async def a_buyer(ground: Ground, name: str, tier: str = "Silver") -> Subject:
    fan = await ground.fan(name)
    return Subject(fan=fan, membership=await ground.buys(fan, tier, period_s=86400))


async def a_member(ground: Ground, name: str) -> Subject:
    """In, with everything due, and looked at once more."""
    subject = await a_buyer(ground, name)
    await _connects(ground, subject)
    await ground.has_settled(subject.fan)
    return subject


async def _a_guest_who_bought(ground: Ground, name: str) -> Subject:
    subject = await a_buyer(ground, name)
    await ground.discord.join(ground.guild, subject.fan.account)
    return subject


async def _somebody_put_out(ground: Ground, name: str) -> Subject:
    subject = await a_member(ground, name)
    await is_put_out(ground, subject)
    await ground.has_settled(subject.fan)
    return subject


async def _connects(ground: Ground, subject: Subject) -> None:
    connect = partial(patient.connect, ground, subject.fan, subject.membership)
    await ground.until(partial(ground.has, subject.fan, GIVES["Silver"]), "the fan in", act=connect)


async def _links(ground: Ground, subject: Subject) -> None:
    link = partial(patient.link_from_discord, ground, subject.fan)
    await ground.until(partial(ground.has, subject.fan, GIVES["Silver"]), "the roles of the guest", act=link)


async def _upgrades(ground: Ground, subject: Subject) -> None:
    await ground.platform.upgrade(subject.membership, ground.tiers["Gold"])
    await ground.until(partial(ground.has, subject.fan, GIVES["Gold"]), "Gold instead of Silver")


async def is_put_out(ground: Ground, subject: Subject) -> None:
    await ground.platform.expire(subject.membership)
    await ground.until(partial(is_out, ground, subject), "the fan out of the server")


async def _pays_late(ground: Ground, subject: Subject) -> None:
    await ground.platform.recover(subject.membership, period_s=86400)
    await ground.until(partial(ground.has, subject.fan, GIVES["Silver"]), "the fan back")


async def is_out(ground: Ground, subject: Subject) -> bool:
    return await ground.discord.member(ground.guild, subject.fan.account) is None


MEMBER = "/guilds/{guild_id}/members/{user_id}"
ROLE = MEMBER + "/roles/{role_id}"
TELLING = frozenset({"POST /users/@me/channels", "POST /channels/{channel_id}/messages"})


def is_telling(request: Request) -> bool:
    return request.route in TELLING


def is_look(request: Request) -> bool:
    return request.route == f"GET {MEMBER}"


SCENES = {
    "a fan connects and is brought in": Scene(
        given=a_buyer,
        play=_connects,
        kinds=TELLING | {"POST /oauth2/token", "GET /users/@me", f"GET {MEMBER}", f"PUT {MEMBER}"},
    ),
    "a guest links from Discord": Scene(
        given=_a_guest_who_bought,
        play=_links,
        kinds=TELLING
        | {
            "POST /interactions/{interaction_id}/{interaction_token}/callback",
            "PATCH /webhooks/{application_id}/{interaction_token}/messages/{message_id}",
            f"PUT {ROLE}",
        },
    ),
    "an upgrade": Scene(given=a_member, play=_upgrades, kinds=frozenset({f"PUT {ROLE}", f"DELETE {ROLE}"})),
    "an end": Scene(given=a_member, play=is_put_out, kinds=TELLING | {f"DELETE {ROLE}", f"DELETE {MEMBER}"}),
    "a late payment": Scene(
        given=_somebody_put_out, play=_pays_late, kinds=frozenset({f"GET {MEMBER}", f"PUT {MEMBER}"})
    ),
}
