"""The whole bot, and a creator with a browser; the words of these stories are the system tests' own."""

from collections.abc import AsyncIterator

import pytest

from tests.system.story import begun
from tests.web.hub.creator import Creator


@pytest.fixture
async def ana(database_url: str) -> AsyncIterator[Creator]:
    """Ana, her server with the roles Boss, Gold, Silver and Friend, and two memberships on sale; no bot in the server yet."""
    async with begun(database_url) as story:
        yield await Creator.comes(story)
