"""SIGKILL at every request with which the bot begins: started again, it serves, with its commands there once."""

import pytest

from bot.sandbox.discord.driver import Driver
from tests.system.killed.ground import Ground, Moment, Request

FIRST_STEPS = (
    Request("GET /users/@me", 1),
    Request("GET /applications/{application_id}/commands", 1),
    Request("PUT /applications/{application_id}/commands", 1),
    Request("GET /gateway", 1),
)


async def test_these_are_the_first_steps(ground: Ground) -> None:
    assert await ground.requests_of(ground.bot.start) == list(FIRST_STEPS)


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("request_", FIRST_STEPS, ids=str)
async def test_killed_at_its_first_steps(ground: Ground, request_: Request, moment: Moment) -> None:
    await ground.killed_at(request_, moment, ground.begins)

    assert await _commands(ground.discord) == ["passes"]


async def _commands(discord: Driver) -> list[str]:
    return [command["name"] for command in await discord.commands()]
