"""SIGKILL at every request that the bot makes to the platform: what was to be told is told, what was asked is known.

As at Discord's requests: each scene is played once undisturbed, then anew for each request and moment, by somebody else.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import product

import pytest

from bot.sandbox.tour.stage import Person
from models import CatchUp, OutboxEvent, Tier
from tests.system.killed import patient
from tests.system.killed.ground import GIVES, Ground, Moment
from tests.system.killed.telling import (
    CATCH_UP,
    EVENTS,
    QUESTION,
    TIERS,
    asked_in,
    is_told,
    is_told_the_same,
    killed_at,
)

MOMENTS: Sequence[Moment] = ("before", "after")
LONG_AGO = timedelta(days=9)
"""Longer than an active membership outlives what it was paid until."""


@dataclass(slots=True, kw_only=True)
class Subject:
    fan: Person
    membership: str = ""


@asynccontextmanager
async def _webhooks_lost(ground: Ground) -> AsyncIterator[None]:
    """Nothing that happens in here is ever told by the platform."""
    await ground.platform.settled()
    await ground.platform.pause_webhooks()
    yield
    await ground.platform.lose()
    await ground.platform.resume_webhooks()


async def _a_fan(ground: Ground, name: str) -> Subject:
    return Subject(fan=await ground.fan(name))


async def _a_member(ground: Ground, name: str) -> Subject:
    subject = await _a_fan(ground, name)
    await _buys_and_connects(ground, subject)
    await ground.has_settled(subject.fan)
    return subject


async def _buys_and_connects(ground: Ground, subject: Subject) -> None:
    subject.membership = await ground.buys(subject.fan, "Silver", period_s=86400)
    connect = partial(patient.connect, ground, subject.fan, subject.membership)
    await ground.until(partial(ground.has, subject.fan, GIVES["Silver"]), "the fan in", act=connect)
    await ground.until(
        partial(is_told, ground, subject.fan, "access.granted"), "the platform told of the fan"
    )


async def _runs_out(ground: Ground, subject: Subject) -> None:
    """Still active, paid until long ago: only the platform can say that this is the end."""
    ago = datetime.now(UTC) - LONG_AGO
    await ground.platform.set_membership(subject.membership, paid_until=ago)
    await _is_over(ground, subject)


async def _ends_while_it_is_away(ground: Ground, subject: Subject) -> None:
    async with _webhooks_lost(ground):
        await ground.bot.kill()
        await ground.platform.expire(subject.membership)
    ground.bot.launch()
    await _is_over(ground, subject)


async def _is_over(ground: Ground, subject: Subject) -> None:
    """Nothing is left of what was paid for, and the platform knows."""
    await ground.until(
        partial(is_told, ground, subject.fan, "access.revoked"), "the platform told of the end"
    )
    assert not await ground.has(subject.fan, GIVES["Silver"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    given: Callable[[Ground, str], Awaitable[Subject]]
    play: Callable[[Ground, Subject], Awaitable[None]]
    kinds: Sequence[str]
    """At these requests it is killed."""


SCENES = {
    "a fan connects and the platform is told": Scene(given=_a_fan, play=_buys_and_connects, kinds=(EVENTS,)),
    "a question before an end by the clock": Scene(given=_a_member, play=_runs_out, kinds=(QUESTION, EVENTS)),
    "the catch-up at a start": Scene(given=_a_member, play=_ends_while_it_is_away, kinds=(TIERS, CATCH_UP)),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("title", SCENES)
async def test_wherever_it_is_killed_all_is_told_and_known(
    studio: Ground, title: str, moment: Moment
) -> None:
    scene = SCENES[title]
    await studio.platform.configure(page_size=1)  # so that a catch-up has several pages
    undisturbed, _ = await asyncio.gather(scene.given(studio, "Una"), scene.given(studio, "Ned"))
    seen = await asked_in(studio, partial(scene.play, studio, undisturbed))
    requests = [request for request in seen if request.kind in scene.kinds]
    assert {request.kind for request in requests} == set(scene.kinds)
    others = await asyncio.gather(*(scene.given(studio, f"Fan{n}") for n in range(len(requests))))

    for request, other in zip(requests, others, strict=True):
        await killed_at(studio, request, moment, partial(scene.play, studio, other))

    fans = [other.fan for other in others]
    await studio.ends_alike(undisturbed.fan, fans, requests)
    await is_told_the_same(studio, undisturbed.fan, fans)
    await studio.until(_all_is_done, "a finished catch-up and nothing left to tell")


async def test_killed_while_a_creator_signs_in_they_come_in_and_find_their_newest_tier(
    studio: Ground,
) -> None:
    ana = studio.cast["Ana"]
    requests = await asked_in(studio, partial(_signs_in, studio, ana, "Tier"))
    assert TIERS in {request.kind for request in requests}

    for number, (request, moment) in enumerate(product(requests, MOMENTS)):
        await killed_at(studio, request, moment, partial(_signs_in, studio, ana, f"Tier{number}"))


async def _signs_in(ground: Ground, owner: Person, tier: str) -> None:
    """With a tier that no webhook told of."""
    inside = False
    async with _webhooks_lost(ground):
        tier_id = await ground.platform.create_tier(ground.creator, tier)

    async def signs_in() -> None:
        nonlocal inside
        page = await ground.hand_over(owner, "/hub")
        inside = "VIP rooms" in page.text

    async def knows() -> bool:
        if not inside:
            return False
        return await Tier.filter(id=tier_id, name=tier).count() == 1

    await ground.until(knows, f"{owner.name} inside, and {tier} known", act=signs_in)


async def _all_is_done() -> bool:
    untold = await OutboxEvent.filter(sent_at__isnull=True).count()
    unfinished = await CatchUp.filter(finished_at__isnull=True).count()
    return (untold, unfinished, await CatchUp.all().count()) == (0, 0, 1)
