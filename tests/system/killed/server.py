"""What the bot knows of the server it is killed in."""

from functools import partial

from bot.integrations.health import Attention
from models import Integration
from tests.system.killed.ground import Ground


async def knows(ground: Ground, attention: Attention | None) -> None:
    """It is so for the bot, soon: this needs the creator, or nothing does."""
    await ground.until(partial(_is_known, ground, attention), f"known of the server: {attention}")


async def _is_known(ground: Ground, attention: Attention | None) -> bool:
    return (await Integration.get(guild_id=ground.guild)).attention == attention
