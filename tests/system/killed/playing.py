"""How a scene is played for every request in it: once undisturbed, then anew for each, by somebody else.

What only reads has no effect that it could be killed after: whoever asked and did not hear stands where they stood.
"""

import asyncio
from collections.abc import Sequence
from functools import partial
from itertools import product

from tests.system.killed.ground import Ground, Moment
from tests.system.killed.scenes import Scene


async def ends_the_same_wherever_it_is_killed(
    studio: Ground, scene: Scene, moments: Sequence[Moment]
) -> None:
    undisturbed = await scene.given(studio, "Una")
    made = await studio.requests_of(partial(scene.play, studio, undisturbed))
    assert scene.kinds <= {request.route for request in made}
    deaths = [
        (request, moment)
        for request, moment in product(made, moments)
        if not scene.spared(request) and not (request.only_reads and moment == "after")
    ]
    others = await asyncio.gather(*(scene.given(studio, f"Fan{number}") for number in range(len(deaths))))
    await studio.is_quiet()

    for (request, moment), other in zip(deaths, others, strict=True):
        await studio.killed_at(request, moment, partial(scene.play, studio, other))

    await studio.ends_alike(undisturbed.fan, [other.fan for other in others], deaths)
