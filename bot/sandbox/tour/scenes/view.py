"""At the end: what the bot believes, and what Discord shows."""

from bot.sandbox.tour.stage import Person, Stage

type Roles = list[str] | None


async def the_same_view(stage: Stage) -> None:
    """17 · What the bot believes is what Discord shows"""
    people = [person for person in stage.cast.values() if not person.at_platform.startswith("creator")]
    for person in people:
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
