"""The one next step of a fan in one integration, in words: the page and ``/passes mine`` both show this value.

A fan is told only what they can act on. What their creator has to mend is said as such, so that nobody presses a
button that cannot help.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.fans.ports import IntegrationView


class Press(StrEnum):
    """What the button does."""

    ASK = "ask"
    """Ask to be brought in, with a consent at Discord where that is needed."""
    OPEN = "open"
    """Open the server in Discord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    headline: str
    sentence: str
    press: Press | None = None
    label: str = ""
    opens: str = ""
    """An address at Discord, for ``OPEN``."""


_BY_FAN: Mapping[str, str] = {
    "no_token": "Discord needs your consent again.",
    "bad_token": "Discord needs your consent again.",
    "too_many_servers": "Your Discord account is in as many servers as Discord allows. Leave one, then try again.",
    "joins_limited": "Discord has limited your account's joining of servers. Look into Discord for what to do, then try again.",
    "banned": "You are banned from this server. Only its moderators can change that; ask them, then try again.",
    "verification": "Discord wants something of your account first, for example a confirmed e-mail address. Then try again.",
}
_BY_CREATOR = "Something in the server has to be mended by its creator, who can see what it is. You do not have to do anything; you are brought in once it is done."
_OURS = "Discord did not let us bring you in. Try again; if it stays so, get help."


def next_step(view: IntegrationView) -> NextStep:
    return _STEPS[view.state](view)


def is_moving(view: IntegrationView) -> bool:
    """Whether something will change by itself, so that it is worth looking again."""
    return view.state == "waiting"


def can_ask(view: IntegrationView) -> bool:
    return next_step(view).press is Press.ASK


def _connected(_: IntegrationView) -> NextStep:
    return NextStep(headline="Connected", sentence="You are in. Nothing to do.")


def _not_connected(view: IntegrationView) -> NextStep:
    return NextStep(
        headline="Not connected",
        sentence=f"Connect your Discord account to be let into {view.guild_name or view.name}.",
        press=Press.ASK,
        label="Connect",
    )


def _one_step_left(view: IntegrationView) -> NextStep:
    return NextStep(
        headline="One step left",
        sentence="Accept the server's rules in Discord.",
        press=Press.OPEN,
        label="Accept the server's rules",
        opens=f"https://discord.com/channels/{view.guild_id}",
    )


def _waiting(_: IntegrationView) -> NextStep:
    return NextStep(headline="On its way", sentence="We are letting you in. This takes a moment.")


def _needs_attention(view: IntegrationView) -> NextStep:
    trouble = view.trouble or ""
    if trouble in _BY_FAN:
        label = "Connect" if trouble in {"no_token", "bad_token"} else "Try again"
        return NextStep(headline="Needs attention", sentence=_BY_FAN[trouble], press=Press.ASK, label=label)
    if trouble == "join_refused":
        return NextStep(headline="Needs attention", sentence=_OURS, press=Press.ASK, label="Try again")
    return NextStep(headline="Needs attention", sentence=_BY_CREATOR)


def _left(view: IntegrationView) -> NextStep:
    return NextStep(
        headline="You left",
        sentence=f"You left {view.guild_name or view.name}; your membership still lets you in.",
        press=Press.ASK,
        label="Rejoin",
    )


def _ended(_: IntegrationView) -> NextStep:
    return NextStep(headline="Ended", sentence="Your membership no longer gives you access here.")


_STEPS: Mapping[str, Callable[[IntegrationView], NextStep]] = {
    "connected": _connected,
    "not_connected": _not_connected,
    "one_step_left": _one_step_left,
    "waiting": _waiting,
    "needs_attention": _needs_attention,
    "left": _left,
    "ended": _ended,
}
