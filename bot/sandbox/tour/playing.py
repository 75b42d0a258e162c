"""Plays every scene in order and says how it went."""

import asyncio
from contextlib import suppress

from bot.sandbox.discord import description
from bot.sandbox.tour.narrator import Narrator, NotSeenError
from bot.sandbox.tour.scenes import SCENES, Scene
from bot.sandbox.tour.stage import Stage, raise_curtain


def main() -> int:
    """Play the tour; returns 0 only if everything that should be seen was."""
    return asyncio.run(_play())


async def _play() -> int:
    tell = Narrator()
    tell.scene("0 · A sandbox Discord, a sandbox platform, and the bot as a process of its own")
    async with raise_curtain(tell) as stage:
        await stage.bot.start()
        tell.asked(f"the bot serves {stage.bot_url}; everybody acts over the wire")
        for scene in SCENES:
            await _play_one(scene, stage)
        await _stop_in_order(stage)
        if tell.missed:
            tell.quote("What the bot logged last", stage.bot.last_words())
    _tell_of_description(tell)
    return tell.close()


def _tell_of_description(tell: Narrator) -> None:
    """Say how what went between the bot and Discord fits Discord's own description."""
    watch = description.watch()
    if watch is None:
        tell.quote("Nothing was held against Discord's own description", "DISCORD_OPENAPI is not set.")
        return
    tell.quote("Held against Discord's own description", watch.ledger.table())
    with suppress(NotSeenError):
        wrong = [str(each) for each in watch.ledger.violations]
        tell.check("What the bot asked and what it was answered fits", holds=not wrong, saw=wrong)


async def _stop_in_order(stage: Stage) -> None:
    stage.tell.scene("18 · The bot is asked to stop")
    stopped = await stage.bot.stop()
    with suppress(NotSeenError):
        stage.tell.check("SIGTERM ends it in order, within 15 s", holds=stopped == 0, saw=stopped)


async def _play_one(scene: Scene, stage: Stage) -> None:
    stage.tell.scene((scene.__doc__ or scene.__name__).strip())
    try:
        await scene(stage)
    except Exception as error:  # noqa: BLE001 - whatever it was, the story goes on and the tour fails
        stage.tell.broke(error)
