"""SIGKILL at every request that the bot makes, before and after its effect: it ends as if nothing had happened.

Each scene is played once undisturbed, and the journal says which requests the bot makes in it. Then it is played anew
for each of them, by somebody else, with the bot killed there and started again; what Discord shows, and what the bot
answers for and why, must be what it is for the one who was not disturbed.
"""

import asyncio
from functools import partial

import pytest

from tests.system.killed.ground import Ground, Moment
from tests.system.killed.scenes import SCENES


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("title", SCENES)
async def test_wherever_it_is_killed_it_ends_the_same(studio: Ground, title: str, moment: Moment) -> None:
    scene = SCENES[title]
    undisturbed = await scene.given(studio, "Una")
    requests = await studio.requests_of(partial(scene.play, studio, undisturbed))
    assert scene.kinds <= {request.route for request in requests}
    names = [f"Fan{number}" for number in range(len(requests))]
    others = await asyncio.gather(*(scene.given(studio, name) for name in names))
    await studio.is_quiet()

    for request, other in zip(requests, others, strict=True):
        await studio.killed_at(request, moment, partial(scene.play, studio, other))

    await studio.ends_alike(undisturbed.fan, [other.fan for other in others], requests)
