"""The house on a database of each test's own."""

from collections.abc import AsyncIterator

import pytest

from tests.web.house import Wired, wired


@pytest.fixture
async def house(database: str) -> AsyncIterator[Wired]:  # noqa: ARG001 - it has to be open
    async with wired() as house:
        yield house
