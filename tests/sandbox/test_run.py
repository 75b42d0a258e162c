"""Both halves run together, and say how a bot is pointed at them."""

import asyncio
import signal
import sys

from bot.config import load
from bot.sandbox.run import sandbox


async def test_the_settings_it_hands_out_are_those_a_bot_takes() -> None:
    async with sandbox(bot_url="http://127.0.0.1:18080") as served:
        config = load(served.environment(database_url="sqlite://:memory:"))
        assert config.discord_api_url == served.discord.api_url
        assert config.public_url == "http://127.0.0.1:18080"
        assert config.bind.port == 18080
        assert config.membership_api_url == served.platform.api_url


async def test_it_runs_alone_until_it_is_told_to_stop() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from bot.sandbox.run import main; main(0, 0)",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    printed = ""
    while "Ctrl-C" not in printed:
        printed += (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 10) == 0
    assert "DISCORD_API_URL=http://127.0.0.1:" in printed
    assert "LAUNCH_SECRET=" in printed
