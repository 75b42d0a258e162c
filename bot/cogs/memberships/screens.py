"""What ``/passes memberships`` shows; pure."""

from collections.abc import Sequence

from bot.cogs.lines import fit, label, name
from bot.cogs.replies import Reply
from bot.cogs.setup import words
from bot.cogs.setup.menus import PAGE, add_membership, page_of, rest_of
from bot.cogs.setup.screens import line
from bot.discord.components import Button, Menu, Option, Row, Style
from bot.ids import TierId
from bot.integrations.references import IntegrationRef
from bot.integrations.words import detaching
from bot.integrations.words import holders as people_of
from bot.memberships.offers import Given


def draw_choice(found: Sequence[IntegrationRef]) -> Reply:
    """Several integrations of one person on one server."""
    options = tuple(Option(label=label(each.name), value=str(each.id)) for each in found[:PAGE])
    menu = Menu(custom_id="attached:open:", options=options, placeholder="Choose an integration")
    text = f"**Several of your integrations are connected here.** Which one?{rest_of(found)}"
    return Reply(text=text, rows=(menu,))


def draw_list(integration: IntegrationRef, attached: Sequence[Given], *, page: int, news: str) -> Reply:
    """What is attached, and a menu to choose one of it."""
    part = page_of(attached, page, custom_id=f"attached:list:{integration.id}")
    lines = [
        *([news, ""] if news else []),
        f"**{name(integration.name)}**{part.count}: {words.status(integration)}",
        *map(line, part.shown),
        *([] if attached else ["No membership is attached yet."]),
    ]
    held = Button(label="Roles already held", custom_id=f"attached:held:{integration.id}")
    end = Button(label="Disconnect", custom_id=f"end:ask:{integration.id}", style=Style.DANGER)
    buttons = (add_membership(integration, Style.PRIMARY), *part.turns, *((held,) if attached else ()), end)
    return Reply(text=fit(lines), rows=(*_menu(integration, part.shown), buttons))


def _menu(integration: IntegrationRef, shown: Sequence[Given]) -> tuple[Row, ...]:
    if not shown:
        return ()
    options = tuple(Option(label=label(each.title), value=each.tier_id) for each in shown)
    ask = "Choose a membership to change"
    return (Menu(custom_id=f"attached:pick:{integration.id}", options=options, placeholder=ask),)


def draw_one(integration: IntegrationRef, given: Given) -> Reply:
    """One attached membership, and what can be done about it."""
    about = f"{integration.id}:{given.tier_id}"
    change = Button(label="Change roles", custom_id=f"setup:ask:{about}", style=Style.PRIMARY)
    detach = Button(label="Detach", custom_id=f"attached:detach:{about}", style=Style.DANGER)
    return Reply(text=line(given), rows=((change, detach, _back(integration)),))


def draw_question(integration: IntegrationRef, given: Given, *, holders: int) -> Reply:
    """A yes to detaching, after the number of people it reaches was said."""
    yes = Button(
        label="Yes, detach",
        custom_id=f"attached:gone:{integration.id}:{given.tier_id}",
        style=Style.DANGER,
    )
    lines = (
        f"**Detach {name(given.title)} from {name(integration.name)}?**",
        f"{people_of(holders)} {detaching(integration.policy)}",
        words.policy(integration),
    )
    return Reply(text="\n".join(lines), rows=((yes, _back(integration)),))


def find(attached: Sequence[Given], tier_id: TierId) -> Given | None:
    return next((each for each in attached if each.tier_id == tier_id), None)


def _back(integration: IntegrationRef) -> Button:
    return Button(label="Back", custom_id=f"attached:list:{integration.id}:0")
