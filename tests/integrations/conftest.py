"""The creators' rooms over a database of their own, with a manual clock and a server as last seen."""

import pytest

from tests.integrations.rooms import Rooms


@pytest.fixture
async def rooms(database: str) -> Rooms:
    assert database
    rooms = Rooms()
    await rooms.furnish()
    return rooms
