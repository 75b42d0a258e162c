"""People who begin again where they were, however often the bot dies under their hands."""

from collections.abc import Mapping, Sequence

from bot.sandbox.browser import NotOnPageError
from bot.sandbox.discord.answers import Answer
from bot.sandbox.tour import acts
from bot.sandbox.tour.stage import Person, Stage


async def connect(stage: Stage, fan: Person, membership: str) -> None:
    """Open the confirmation page, and press what it offers: later, if it is still waiting for the platform."""
    page = await stage.hand_over(fan, f"/memberships/confirm?membership={membership}")
    if page.title.startswith("One moment"):
        raise NotOnPageError("nothing to press yet")
    if "Connect" in page.buttons:
        page = await fan.browser.submit("Connect")
    if any(button.startswith("Yes, connect") for button in page.buttons):
        await fan.browser.submit("Yes, connect")


async def link_from_discord(stage: Stage, fan: Person) -> None:
    """Type /passes link, and confirm if there is anything left to confirm."""
    answer = await stage.discord.command(fan.account, "passes link", guild=stage.guild)
    link = next((button.url for button in answer.buttons if button.url), None)
    if link is not None and link.startswith(f"{stage.bot_url}/"):
        page = await stage.hand_over(fan, link.removeprefix(stage.bot_url))
        if any(button.startswith("Yes, ") for button in page.buttons):
            await fan.browser.submit("Yes, ")


async def set_up(stage: Stage, owner: Person, name: str, gives: Mapping[str, Sequence[str]]) -> None:
    """Type /passes setup, and go on from whatever it opens at to the summary of all that is sold."""
    screen = await stage.discord.command(owner.account, "passes setup", guild=stage.guild)
    while not _is_done(screen, gives):
        screen = await _go_on(stage, owner, screen, name, gives)


def _is_done(screen: Answer, gives: Mapping[str, Sequence[str]]) -> bool:
    return "Done" in _labels(screen) and all(f"**{tier}**" in screen.content for tier in gives)


async def _go_on(
    stage: Stage, owner: Person, screen: Answer, name: str, gives: Mapping[str, Sequence[str]]
) -> Answer:
    discord, labels = stage.discord, _labels(screen)
    if "Confirm on Passes" in labels:
        return await acts.confirm(stage, owner, screen)
    if "Add Integration" in labels:
        return await acts.name_integration(stage, owner, screen, name)
    if "Which memberships" in screen.content:
        return await discord.choose(owner.account, screen, _offered(screen))
    if screen.selects:
        tier = next(tier for tier in gives if f"roles does {tier} give" in screen.content)
        return await discord.choose(owner.account, screen, list(gives[tier]))
    wanted = ("Add Membership", "Add another membership", "Refresh Roles")
    return await discord.press(owner.account, screen, label=next(each for each in wanted if each in labels))


def _labels(screen: Answer) -> set[str]:
    return {button.label or "" for button in screen.buttons}


def _offered(screen: Answer) -> list[str]:
    return [option.label for option in screen.selects[0].options]
