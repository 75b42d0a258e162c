"""The one next step of a fan in one integration, in words: the page and ``/passes mine`` both show this value.

A fan is told only what they can act on. What their creator has to mend is said as such, so that nobody presses a
button that cannot help.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.access.changes import TroubleKind
from bot.access.views import FanState, IntegrationView
from bot.access.views import NextStep as Due
from bot.access.way_back import WayBack
from bot.fans.texts import plain
from models.fans import SeatState


class Press(StrEnum):
    """What the button does."""

    ASK = "ask"
    """Ask to be brought in, with a consent at Discord where that is needed."""
    OPEN = "open"
    """Open the server in Discord."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    headline: str
    sentence: str
    press: Press | None = None
    label: str = ""
    opens: str = ""
    """An address at Discord, for ``OPEN``."""


_CONSENT = "Discord needs your permission once more: press Connect on your Memberships page."
_TROUBLES: Mapping[str, str] = {
    "too_many_servers": "Your Discord account is in as many servers as Discord allows. Leave one, then try again.",
    "joins_limited": "Discord limits your account's joining of servers for now. Open Discord, do what it asks, then try again.",
    "banned": "You are banned from this server, and only its moderators can change that. Ask them, then try again.",
    "no_token": _CONSENT,
    "join_refused": "Discord did not let us bring you in. Try again; if it stays so, get help.",
    "joins_paused": "The server takes nobody in at the moment. You are brought in when that is over.",
}
_BY_CREATOR = "Something in the server has to be mended by its creator, who can see what it is. There is nothing for you to do."
_TAKEN_UP = frozenset(
    {FanState.CONNECTED, FanState.WAITING, FanState.ONE_STEP_LEFT, FanState.NEEDS_ATTENTION}
)
_WORTH_TRYING = frozenset({"too_many_servers", "joins_limited", "banned", "join_refused"})


_WAITING = Step(headline="On its way", sentence="We are letting you in. This takes a moment.")
_ENDED = "Your membership no longer gives you access here."
_WAYS_BACK: Mapping[WayBack, str] = {
    WayBack.BUY: f"{_ENDED} Buy it again on Passes to come back.",
    WayBack.RESUME: f"{_ENDED} It is paused: resume it on Passes to come back.",
    WayBack.PAY: f"{_ENDED} The last payment failed: pay it on Passes to come back.",
}


def next_step(view: IntegrationView) -> Step:
    match view.state:
        case FanState.CONNECTED | FanState.ONE_STEP_LEFT:
            return _inside(view)
        case FanState.WAITING:
            return _WAITING
        case FanState.ENDED:
            return _ended(view)
        case FanState.NOT_CONNECTED:
            return Step(headline="Not connected", sentence=_connect(view), press=Press.ASK, label="Connect")
        case FanState.LEFT:
            sentence = f"You left {view.guild_name}; your membership still lets you in."
            return Step(headline="You left", sentence=sentence, press=Press.ASK, label="Rejoin")
        case FanState.NEEDS_ATTENTION:
            return _attention(view)


def is_moving(view: IntegrationView) -> bool:
    """Whether something will change by itself, so that it is worth looking again."""
    return view.state is FanState.WAITING


def can_ask(view: IntegrationView) -> bool:
    return next_step(view).press is Press.ASK


def can_decline(view: IntegrationView) -> bool:
    """Whether there is something here that the fan could give up."""
    return view.gives_access and view.seat is not SeatState.DECLINED and view.state in _TAKEN_UP


def declining(view: IntegrationView) -> str:
    """What giving it up does, before the press."""
    return (
        f"Disconnect **{plain(view.guild_name)}** from your Discord account? What **{plain(view.name)}**, by "
        f"{plain(view.creator_name)}, gave you there is taken away. You stay in the server while your membership goes on. "
        "Disconnecting does not end your membership, and you can connect it again at any time."
    )


def declined(view: IntegrationView) -> str:
    return (
        f"**{plain(view.guild_name)}** is disconnected. Your membership goes on: press Connect on your Memberships page "
        "to have it again."
    )


def _ended(view: IntegrationView) -> Step:
    disconnected = (
        f"This server was disconnected from what {view.creator_name} sells. Your membership does not end because of "
        "that, and buying again would change nothing."
    )
    return Step(headline="Ended", sentence=_WAYS_BACK.get(view.way_back or WayBack.NONE, disconnected))


def _connect(view: IntegrationView) -> str:
    if view.seat is SeatState.DECLINED:
        return f"You disconnected {view.guild_name}. Connect it to have again what your membership gives you there."
    if view.trouble == TroubleKind.NO_TOKEN:
        return _CONSENT
    return f"Connect your Discord account to be let into {view.guild_name}."


def _inside(view: IntegrationView) -> Step:
    opens = f"https://discord.com/channels/{view.guild_id}"
    if view.state is FanState.ONE_STEP_LEFT:
        rules = "Accept the server's rules"
        return Step(
            headline="One step left",
            sentence=f"{rules} in Discord.",
            press=Press.OPEN,
            label=rules,
            opens=opens,
        )
    return Step(
        headline="Connected",
        sentence="You are in. Nothing to do.",
        press=Press.OPEN,
        label=f"Open {view.guild_name}",
        opens=opens,
    )


def _attention(view: IntegrationView) -> Step:
    sentence = _TROUBLES.get(view.trouble or "", _BY_CREATOR)
    if view.next_step is Due.CONNECT or view.trouble in _WORTH_TRYING:
        return Step(headline="Needs attention", sentence=sentence, press=Press.ASK, label="Try again")
    return Step(headline="Needs attention", sentence=sentence)
