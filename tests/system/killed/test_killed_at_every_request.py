"""SIGKILL at every request that the bot makes, before and after its effect: it ends as if nothing had happened.

Each scene is played once undisturbed, and the journal says which requests the bot makes in it. Then it is played anew
for each of them, by somebody else, with the bot killed there and started again; what Discord shows, and what the bot
answers for and why, must be what it is for the one who was not disturbed.
"""

import pytest

from tests.system.killed import bad_days, changes
from tests.system.killed.ground import Ground, Moment
from tests.system.killed.playing import ends_the_same_wherever_it_is_killed
from tests.system.killed.scenes import SCENES

SHORT_SCENES = {**changes.SCENES, **bad_days.SCENES}


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("title", SCENES)
async def test_wherever_it_is_killed_it_ends_the_same(studio: Ground, title: str, moment: Moment) -> None:
    await ends_the_same_wherever_it_is_killed(studio, SCENES[title], [moment])


@pytest.mark.timeout(120)  # both moments in one server: ten deaths at most
@pytest.mark.parametrize("title", SHORT_SCENES)
async def test_wherever_it_is_killed_in_a_short_scene_it_ends_the_same(studio: Ground, title: str) -> None:
    await ends_the_same_wherever_it_is_killed(studio, SHORT_SCENES[title], ["before", "after"])
