"""Keep the client connected for as long as the process lives.

nextcord reconnects by itself, but by recursion, so after hours without Discord it dies; and a few close codes end it.
Whatever ends it, it is started again, later each time, except where only a person can help: then the process ends
with a sentence that says how.
"""

import asyncio
import random

import aiohttp
import nextcord
import structlog

from bot.config import Config
from bot.discord.client import Client
from bot.discord.commands import sync_commands

log = structlog.get_logger()

_LONGEST_PAUSE_S = 60.0
_STEADY_S = 60.0
"""A connection that lasted this long was a good one: the next pause is short again."""


class CannotConnectError(Exception):
    """Discord refuses the bot, and only its operator can mend it; the message says how."""


_OPERATORS_BUSINESS = {
    4004: "Discord refuses DISCORD_TOKEN. Copy the token anew from the developer portal (Bot → Reset Token).",
    4011: "Discord wants this bot to use more than one shard, which it does not do yet.",
    4013: "Discord does not know one of the intents the bot asks for. Update the bot.",
    4014: (
        "Discord refuses the members intent. Switch on Server Members Intent in the developer portal (Bot), "
        "or set DISCORD_MEMBERS_INTENT=false."
    ),
}


async def run_client(client: Client, config: Config) -> None:
    """Log in, sync the commands, listen; until cancelled. Raises CannotConnectError."""
    attempt = 0
    while True:
        began = client.loop.time()
        await _connect_once(client, config)
        attempt = 0 if client.loop.time() - began > _STEADY_S else attempt + 1
        await asyncio.sleep(_pause(attempt))
        await client.clear()


def _pause(attempt: int) -> float:
    return min(_LONGEST_PAUSE_S, 2.0 ** min(attempt, 6)) * random.uniform(0.5, 1.0)  # noqa: S311  (spread, not secrecy)


async def _connect_once(client: Client, config: Config) -> None:
    """Leave the client closed, whatever happens.

    nextcord swallows a cancellation that reaches it while it reconnects, and would then wait for ever: it is closed first,
    which it notices.
    """
    connecting = asyncio.create_task(_connect(client, config))
    try:
        await asyncio.shield(connecting)
    finally:
        await client.close()
        connecting.cancel()
        await asyncio.wait({connecting})


async def _connect(client: Client, config: Config) -> None:
    try:
        await client.login(config.discord_token)
        await sync_commands(client)
        await client.connect()
    except Exception as error:  # whatever ends it, it is started again
        _raise_if_hopeless(error)
        expected = isinstance(error, _EXPECTED)
        log.warning("discord_connection_lost", error=repr(error), exc_info=None if expected else error)


_EXPECTED = (nextcord.DiscordException, aiohttp.ClientError, OSError, RecursionError)


def _raise_if_hopeless(error: Exception) -> None:
    code = None
    if isinstance(error, nextcord.LoginFailure):
        code = 4004
    elif isinstance(error, nextcord.PrivilegedIntentsRequired):
        code = 4014
    elif isinstance(error, nextcord.ConnectionClosed):
        code = error.code
    if code in _OPERATORS_BUSINESS:
        raise CannotConnectError(_OPERATORS_BUSINESS[code]) from error
