"""The menus of setup: which memberships, and which roles for each; pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.cogs.lines import fit, join, label, name
from bot.cogs.refusals import short
from bot.cogs.replies import Reply
from bot.cogs.setup import words
from bot.discord.components import Button, Menu, Option, RoleMenu, Row, Style
from bot.ids import RoleId, TierId
from bot.integrations.attaching import Powerful
from bot.integrations.attachments import Attachable
from bot.integrations.references import IntegrationRef
from bot.memberships.catalogue import TierRef

PAGE = 25
"""Options in a menu: Discord's documentation, "Select Menu Object"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page[T]:
    """A part of many, and the buttons that turn to the others; ``custom_id`` and a number name one."""

    shown: Sequence[T]
    count: str
    turns: tuple[Button, ...]


def page_of[T](many: Sequence[T], number: int, *, custom_id: str) -> Page[T]:
    """The page with this number, or the nearest there is."""
    pages = max(-(-len(many) // PAGE), 1)
    number = min(max(number, 0), pages - 1)
    back = Button(label="Previous page", custom_id=f"{custom_id}:{number - 1}")
    more = Button(label="Next page", custom_id=f"{custom_id}:{number + 1}")
    return Page(
        shown=many[number * PAGE : (number + 1) * PAGE],
        count=f" (page {number + 1} of {pages})" if pages > 1 else "",
        turns=(*((back,) if number else ()), *((more,) if number + 1 < pages else ())),
    )


def rest_of(many: Sequence[object]) -> str:
    """What to say where a menu does not hold all of them."""
    return (
        f"\nThese are the first {PAGE}; the others are in the Integrations Hub." if len(many) > PAGE else ""
    )


def add_membership(integration: IntegrationRef, style: Style) -> Button:
    return Button(label="Add Membership", custom_id=f"setup:add:{integration.id}:0", style=style)


def draw_tiers(integration: IntegrationRef, free: Sequence[TierRef], *, page: int) -> Reply:
    """Which memberships, one or more of the page."""
    part = page_of(free, page, custom_id=f"setup:add:{integration.id}")
    menu = Menu(
        custom_id=f"setup:tiers:{integration.id}",
        options=tuple(Option(label=label(tier.name), value=tier.id) for tier in part.shown),
        placeholder="Choose one or more memberships",
        at_most=len(part.shown),
    )
    title = f"**Add Membership to {name(integration.name)}**{part.count}"
    return Reply(
        text=f"{title}\nWhich memberships give access to this server?",
        rows=(menu, part.turns) if part.turns else (menu,),
    )


def draw_roles(
    integration: IntegrationRef, tier: TierRef, could: Attachable, *, chosen: Collection[RoleId], news: str
) -> Reply:
    """Which roles one membership gives; what cannot be chosen is named with why."""
    about = f"{integration.id}:{tier.id}"
    lines = [
        *([news, ""] if news else []),
        f"**Which roles does {name(tier.name)} give in {name(integration.name)}?**",
        "Choose one or more, or press Server only: then the membership gives access to the server and no role.",
        *([] if could.roles else ["None of the roles here is in reach yet."]),
        *(["", "Not to be chosen:"] if could.refused else []),
        *(f"✗ {name(each.what)}: {short(each)}" for each in could.refused),
    ]
    buttons = (
        Button(label="Server only", custom_id=f"setup:none:{about}"),
        Button(label="Skip", custom_id=f"setup:skip:{about}"),
    )
    return Reply(text=fit(lines), rows=(*_role_menu(f"setup:roles:{about}", could, chosen), buttons))


def _role_menu(custom_id: str, could: Attachable, chosen: Collection[RoleId]) -> tuple[Row, ...]:
    """The roles that may be chosen; where they are too many for a menu of ours, Discord's list of all roles."""
    ask = "Choose its roles"
    if not could.roles:
        return ()
    if len(could.roles) > PAGE:
        return (RoleMenu(custom_id=custom_id, chosen=tuple(chosen)[:PAGE], placeholder=ask, at_most=PAGE),)
    options = tuple(
        Option(label=label(role.name), value=str(role.id), chosen=role.id in chosen) for role in could.roles
    )
    return (Menu(custom_id=custom_id, options=options, placeholder=ask, at_most=len(options)),)


def draw_second_question(
    integration: IntegrationRef, tier_id: TierId, tier_name: str, roles: Sequence[Powerful]
) -> Reply:
    """Roles that can moderate are asked about a second time, by name."""
    about = f"{integration.id}:{tier_id}"
    yes = f"Yes, give {join(role.name for role in roles)}"
    return Reply(
        text=fit(words.second_question(tier_name, roles).split("\n")),
        rows=(
            (
                Button(label=_short(yes), custom_id=f"setup:yes:{about}", style=Style.DANGER),
                Button(label="Choose other roles", custom_id=f"setup:ask:{about}"),
            ),
        ),
    )


def _short(text: str) -> str:
    """For a button, which holds 80 characters."""
    return text if len(text) <= 80 else text[:79] + "…"
