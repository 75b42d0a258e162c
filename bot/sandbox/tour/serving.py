"""When a bot is ready for people: they can open its pages, and type its commands to somebody who listens."""

from aiohttp import ClientError, ClientSession

from bot.sandbox.discord.driver import Driver


async def serves_people(discord: Driver, bot_url: str) -> bool:
    """Whether it is; a session whose connection is gone, as one that was killed leaves behind, does not count."""
    heard = any(session["connected"] for session in await discord.gateway_sessions())
    return heard and bool(await discord.commands()) and await _answers(bot_url)


async def _answers(bot_url: str) -> bool:
    async with ClientSession() as http:
        try:
            async with http.get(f"{bot_url}/healthz") as answer:
                return answer.status == 200
        except ClientError:
            return False
