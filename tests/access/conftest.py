"""The engine on a real database, with a Discord in memory behind its port."""

import pytest

from tests.access.house import House


@pytest.fixture
async def house(database: str) -> House:
    assert database
    house = House()
    await house.open()
    return house
