"""A room of memberships on a real database, the web server in front of it, and a platform that signs by hand."""

from collections.abc import AsyncIterator

import pytest

from tests.memberships.asking import World, asked_world
from tests.memberships.room import Room
from tests.memberships.wire import Listener, Platform, listening, platform_at


@pytest.fixture
def room(database: str) -> Room:
    assert database
    return Room()


@pytest.fixture
async def platform(room: Room) -> AsyncIterator[Platform]:
    async with platform_at(room.inbox, room.clock) as platform:
        yield platform


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as listener:
        yield listener


@pytest.fixture
async def world(room: Room) -> AsyncIterator[World]:
    async with asked_world(room) as world:
        yield world
