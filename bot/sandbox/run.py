"""Both halves of the sandbox together, and the settings with which a bot runs on them.

`environment` is the one place that says how a bot is pointed at the sandbox: the tour, the demo and a person
who copies the printed lines into `.env` all start the same bot.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sandbox.discord.server import Discord
from bot.sandbox.platform.server import Platform

DISCORD_PORT, PLATFORM_PORT = 8101, 8102
BOT_URL = "http://127.0.0.1:8080"
CLIENT_ID = 1100000000000000001  # the same in every run, so that copied settings stay right
SECRET_KEY = "sandbox-secret-key-that-is-worth-nothing-anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    discord: Discord
    platform: Platform
    bot_url: str

    def environment(
        self, *, ops_bind: str = "127.0.0.1:0", database_url: str | None = None
    ) -> dict[str, str]:
        """The settings of a bot that serves `bot_url` on this sandbox."""
        return environment(
            self.discord, self.platform, self.bot_url, ops_bind=ops_bind, database_url=database_url
        )


def environment(
    discord: Discord,
    platform: Platform,
    bot_url: str,
    *,
    ops_bind: str = "127.0.0.1:0",
    database_url: str | None = None,
) -> dict[str, str]:
    """Every setting that a bot needs to run on these two; without a database its own default holds."""
    application, settings = discord.state.app, platform.settings
    values = {
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_TOKEN": application.token,
        "DISCORD_CLIENT_ID": str(application.id),
        "DISCORD_CLIENT_SECRET": application.client_secret,
        "PUBLIC_URL": bot_url,
        "BIND": urlsplit(bot_url).netloc,
        "OPS_BIND": ops_bind,
        "SECRET_KEYS": SECRET_KEY,
        "WEBHOOK_SECRETS": ",".join(settings.webhook_secrets),
        "MEMBERSHIP_LOGIN_URL": platform.login_url,
        "MEMBERSHIP_API_URL": platform.api_url,
        "MEMBERSHIP_API_TOKEN": settings.api_token,
        "MEMBERSHIP_EVENTS_URL": platform.events_url,
    }
    values |= settings.launch_key_setting()
    return values | ({"DATABASE_URL": database_url} if database_url else {})


@asynccontextmanager
async def sandbox(
    *, discord_port: int = 0, platform_port: int = 0, bot_url: str = BOT_URL
) -> AsyncIterator[Sandbox]:
    """Both halves, until the block ends; port 0 lets the system choose."""
    async with (
        Discord.serve(
            port=discord_port, client_id=CLIENT_ID, redirect_uris=(f"{bot_url}/oauth/discord",)
        ) as discord,
        Platform.serve(platform_port, bot_url=bot_url) as platform,
    ):
        yield Sandbox(discord=discord, platform=platform, bot_url=bot_url)


async def run(
    *, discord_port: int = DISCORD_PORT, platform_port: int = PLATFORM_PORT, bot_url: str = BOT_URL
) -> None:
    """Serve both halves and print what a bot needs to know, until SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with sandbox(discord_port=discord_port, platform_port=platform_port, bot_url=bot_url) as served:
        _say(f"Sandbox Discord:  {served.discord.url}")
        _say(f"Sandbox platform: {served.platform.url}")
        _say("\nA bot runs on them with these settings (copy them into .env, then: make run):\n")
        for name, value in served.environment(ops_bind="127.0.0.1:9090").items():
            _say(f"{name}={value}")
        _say("\nCtrl-C stops both.")
        await stopped.wait()


def main(
    discord_port: int = DISCORD_PORT, platform_port: int = PLATFORM_PORT, bot_url: str = BOT_URL
) -> None:
    asyncio.run(run(discord_port=discord_port, platform_port=platform_port, bot_url=bot_url))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
