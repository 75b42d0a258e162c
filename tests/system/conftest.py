"""The whole bot on the whole sandbox, over real sockets; only the clock is moved by hand.

The people, pages and buttons are the tour's (``bot/sandbox/tour``). The bot is the one that ``app`` builds, in this
process, so that days pass in no time.
"""

from collections.abc import AsyncIterator

import pytest

from tests.system.story import Story, begun


@pytest.fixture
async def story(database_url: str) -> AsyncIterator[Story]:
    async with begun(database_url) as told:
        yield told
