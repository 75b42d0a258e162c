"""The watch in its place before a sandbox: what falls over behind it is seen."""

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.discord.description.exchange import BY_HAND
from tests.sandbox.description.small import AS_A_BOT, Watched


async def falls_over(_: web.Request) -> web.Response:
    raise AttributeError("'str' object has no attribute 'get'")


@pytest.mark.parametrize("by_hand", [{}, {BY_HAND: "true"}])
async def test_a_crash_is_seen_whoever_caused_it(
    watched: Watched, by_hand: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    app = web.Application(middlewares=[watched.watch.middleware()])
    app.router.add_get("/api/v10/guilds/7/roles", falls_over)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/v10/guilds/7/roles"
        async with (
            aiohttp.ClientSession(headers=AS_A_BOT | by_hand) as session,
            session.get(url) as response,
        ):
            assert response.status == 500
    finally:
        await runner.cleanup()
    assert watched.watch.ledger.held == {"GET /guilds/{guild_id}/roles": 1}
    assert [each.fault for each in watched.watch.ledger.violations] == [
        """answered: crashed: AttributeError("'str' object has no attribute 'get'")"""
    ]
    assert "Error handling request" in caplog.text
