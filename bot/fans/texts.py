"""The fixed sentences that the bot sends to people, all in one place, so that they are read together.

Each says what happened and what to do next. Names come from creators and fans: a name's own markdown is shown as it
was written. Mentions in it notify nobody, because ``bot/discord`` sends without allowed mentions.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.access.way_back import WayBack

_MARKDOWN = re.compile(r"([\\*_~`|>#\[\]()<@-])")

type Data = Mapping[str, Any]


def plain(value: object) -> str:
    """A name as it is written, also where Discord would read markdown in it."""
    return _MARKDOWN.sub(r"\\\1", str(value))


def welcome(data: Data) -> str:
    roles = ", ".join(plain(role) for role in data.get("roles", ()))
    holding = f" Your roles there: {roles}." if roles else ""
    return (
        f"Welcome! Your membership gives you access to **{plain(data['guild'])}**, and you are in.{holding}\n"
        f"See and manage what you hold: {data['page']}"
    )


def farewell(data: Data) -> str:
    return (
        f"Your membership no longer gives you access to **{plain(data['guild'])}**. Passes Bot is removing you from it "
        f"now.{_WAYS_BACK.get(data.get('way_back', ''), '')}\nSee what you hold: {data['page']}"
    )


_WAYS_BACK: Mapping[str, str] = {
    WayBack.BUY: " If you buy again, you are brought back.",
    WayBack.RESUME: " If you resume it on Passes, you are brought back.",
    WayBack.PAY: " The last payment failed: if you pay it on Passes, you are brought back.",
    WayBack.CONNECT: " If you connect this Discord account again, what you bought brings you back.",
}


def linked(data: Data) -> str:
    return (
        f"This Discord account is now connected to **{plain(data['fan'])}** on Passes: what they bought is given "
        f"here. If that was not you, disconnect it: {data['page']} or `/passes unlink`."
    )


def unlinked(data: Data) -> str:
    return (
        f"This Discord account is no longer connected to **{plain(data['fan'])}** on Passes. What it was given "
        f"because of that is taken away or left, as each server's creator has chosen. To connect it again: {data['page']}"
    )


def link_moved(_: Data) -> str:
    return (
        "Your Discord account was connected to another Passes account by somebody who is signed in to it at Discord. "
        "It no longer gives you access here. If that was not you, secure your Discord account, then connect again."
    )


def proven(data: Data) -> str:
    who = plain(data["creator"])
    return (
        f"This Discord account may now set up what **{who}** sells on Passes: whoever is signed in there as **{who}** can "
        "connect the servers that this account manages, and give the roles below its own to fans. If you do not want "
        "that, type `/passes unlink` to end it."
    )


TEXTS: Mapping[str, Callable[[Data], str]] = {
    "welcome": welcome,
    "farewell": farewell,
    "linked": linked,
    "unlinked": unlinked,
    "link_moved": link_moved,
    "proven": proven,
}
