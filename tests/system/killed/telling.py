"""What passes between the bot and the platform while the bot is killed: its requests there, and what it told of whom."""

from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from bot.sandbox.tour.stage import Person
from tests.system.killed.ground import PATIENCE_S, Act, Ground, Moment

EVENTS, QUESTION, CATCH_UP, TIERS = "/events", "/api/memberships/", "/api/memberships?", "/api/tiers"
KINDS = (EVENTS, QUESTION, CATCH_UP, TIERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request to the platform: how its path begins, and the how-manieth of these it is in its scene."""

    kind: str
    nth: int

    def __str__(self) -> str:
        return f"{self.kind} (no. {self.nth})"


async def asked_in(ground: Ground, play: Act) -> list[Asked]:
    """Play undisturbed; returns every request that the bot made to the platform, kind by kind."""
    await all_is_quiet(ground)
    before = await _counts(ground)
    await play()
    await all_is_quiet(ground)
    after = await _counts(ground)
    return [Asked(kind=kind, nth=n + 1) for kind in KINDS for n in range(after[kind] - before[kind])]


async def killed_at(ground: Ground, request: Asked, moment: Moment, play: Act) -> None:
    """Play, with the bot killed at this request and started again."""
    await ground.bot.serves()
    await all_is_quiet(ground)
    hold = await ground.platform.hold_request(request.kind, moment=moment, nth=request.nth)
    await ground.killed_when(
        partial(ground.platform.held, hold, timeout_s=PATIENCE_S),
        f"{request}, {moment} its effect",
        play,
        let_go=partial(ground.platform.release, hold),
    )


async def all_is_quiet(ground: Ground) -> None:
    """Neither Discord nor the platform is asked any more, and every webhook is taken."""
    await ground.platform.settled()
    counts = None
    while counts != (counts := await _counts(ground)):
        await ground.is_quiet()


async def told_of(ground: Ground, fan: Person) -> list[tuple[Any, ...]]:
    """What the platform was told of a fan, in order: event, roles, reason."""
    return [
        (each["type"], tuple(each["data"]["roles"]), each["data"]["reason"])
        for each in await _events_of(ground, fan)
    ]


async def is_told(ground: Ground, fan: Person, event_type: str) -> bool:
    return event_type in {each["type"] for each in await _events_of(ground, fan)}


async def is_told_in_order(ground: Ground, fan: Person) -> None:
    """Each event of a fan's came, repeated at most before the next one, under the same id."""
    taken = [event["id"] for event in await _events_of(ground, fan)]
    tries = [each["id"] for each in await ground.platform.event_attempts() if each["id"] in taken]
    assert [each for each, _ in groupby(tries)] == taken, f"{fan.name} was told of out of order"


async def is_told_the_same(ground: Ground, undisturbed: Person, others: list[Person]) -> None:
    """Of each other fan the same is told, soon, as of the one who was not disturbed."""
    expected = await told_of(ground, undisturbed)
    for fan in others:

        async def told(fan: Person = fan) -> bool:
            return await told_of(ground, fan) == expected

        try:
            await ground.until(told, "the same events")
        except AssertionError:
            raise AssertionError(f"{fan.name}: {await told_of(ground, fan)} instead of {expected}") from None
        await is_told_in_order(ground, fan)


async def _events_of(ground: Ground, fan: Person) -> list[dict[str, Any]]:
    return [each for each in await ground.platform.events() if each["data"]["fan_id"] == fan.at_platform]


async def _counts(ground: Ground) -> dict[str, int]:
    """How many requests of each kind the platform got."""
    paths = [each["path"] + "?" * bool(each["query"]) for each in await ground.platform.asked()]
    paths += [EVENTS for _ in await ground.platform.event_attempts()]
    return {kind: sum(path.startswith(kind) for path in paths) for kind in KINDS}
