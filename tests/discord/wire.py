"""The real client on a sandbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.config import Config, load
from bot.discord.client import Client, build_client
from bot.discord.supervision import run_client
from bot.sandbox.discord.server import Discord


def config_for(discord: Discord, **settings: Any) -> Config:
    """Settings that name this sandbox."""
    app = discord.state.app
    environment = {
        "DISCORD_TOKEN": app.token,
        "DISCORD_CLIENT_ID": str(app.id),
        "DISCORD_CLIENT_SECRET": app.client_secret,
        "DISCORD_API_URL": discord.api_url,
        "PUBLIC_URL": "http://127.0.0.1",
        "SECRET_KEYS": "k" * 32,
        "WEBHOOK_SECRETS": "whsec_" + "A" * 32,
        "LAUNCH_SECRET": "l" * 32,
    }
    return load(environment | {name.upper(): str(value) for name, value in settings.items()})


@asynccontextmanager
async def connected(
    config: Config, *installs: Callable[[Client], None], **built: Any
) -> AsyncIterator[Client]:
    """Run the client until the block ends; inside, it is ready. ``built``: as for :func:`build_client`."""
    client = build_client(config, **built)
    for install in installs:
        install(client)
    running = asyncio.create_task(run_client(client, config))
    try:
        ready = asyncio.create_task(client.wait_until_ready())
        await asyncio.wait({running, ready}, timeout=10, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if running.done():
            running.result()
        assert client.listening
        yield client
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def code_of(address: str) -> str:
    """The authorization code in the address Discord sends the browser back to."""
    return parse_qs(urlsplit(address).query)["code"][0]
