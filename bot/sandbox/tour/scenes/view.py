"""At the end: what the bot believes, and what Discord shows."""

import asyncio

from bot.sandbox.tour.stage import Person, Stage

type Roles = list[str] | None


async def the_same_view(stage: Stage) -> None:
    """17 · What the bot believes is what Discord shows"""
    people = [person for person in stage.cast.values() if not person.at_platform.startswith("creator")]
    async with asyncio.TaskGroup() as all_of_them:
        at_once = asyncio.Semaphore(2)
        for person in people:
            all_of_them.create_task(_in_turn(at_once, stage, person))


async def _in_turn(at_once: asyncio.Semaphore, stage: Stage, person: Person) -> None:
    """Each look starts a process of its own; two at a time keep two cores busy."""
    async with at_once:
        await _agrees(stage, person)


async def _agrees(stage: Stage, person: Person) -> None:
    async def both() -> tuple[Roles, Roles]:
        """What the bot last saw, by `python -m bot why`, and what Discord shows; None: not in the server."""
        believed = await stage.bot.why(stage.guild, person.account)
        shown = await stage.discord.member(stage.guild, person.account)
        seen = sorted(role["name"] for role in believed["roles"] if role["seen"])
        return seen if believed["stay"] == "in" else None, shown["roles"] if shown else None

    await stage.tell.seen_that(
        f"{person.name}: the bot's own view equals the sandbox's",
        both,
        lambda views: views[0] == views[1],
        "the same on both sides",
    )
