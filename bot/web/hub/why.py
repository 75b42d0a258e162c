"""Why somebody has access and what is in the way, as their creator reads it: each word of the engine as a sentence.

The engine's words are for logs and ``explain``; a creator is told what happened and what to do next.
"""

from collections.abc import Mapping

from bot.access.changes import TroubleKind
from bot.access.explain import AuditLine, Explanation, Obstacle
from bot.fans.texts import plain
from bot.integrations import words
from bot.integrations.health import Attention
from bot.web.pages import day
from models.memberships import MembershipStatus

_SPARED: Mapping[str, str] = {
    "owner": "Stays in the server: they own it.",
    "higher_role": "Stays in the server: they have a role that is not below Passes Bot's.",
    "moderator": "Stays in the server: they are a moderator there.",
    "booster": "Stays in the server: they boost it.",
    "other_roles": "Stays in the server: they have other roles there.",
}

STATUSES: Mapping[str, str] = {
    MembershipStatus.ACTIVE: "paid, renews",
    MembershipStatus.CANCELED: "canceled, will not renew",
    MembershipStatus.PAST_DUE: "a payment failed and is tried again",
    MembershipStatus.PAUSED: "paused",
    MembershipStatus.EXPIRED: "expired",
    MembershipStatus.REFUNDED: "refunded",
    MembershipStatus.DISPUTED: "the payment is disputed",
    MembershipStatus.DELETED: "deleted on Passes",
}

_OBSTACLES: Mapping[str, str] = {
    TroubleKind.JOINS_PAUSED: "The server takes nobody in at the moment. A moderator resumes joins in Server Settings.",
    TroubleKind.ROLE_MANAGED: "This role belongs to a bot or to Discord, so nobody can give it. Choose another role.",
    TroubleKind.ROLE_IS_ADMIN: "This role has Administrator, so it is not given. Switch that off, or choose another role.",
    TroubleKind.BANNED: "They are banned from the server. Lift the ban there if they should come in.",
    TroubleKind.LEFT: "They left the server by themselves. They come back by pressing Rejoin on their Memberships page.",
    TroubleKind.JOIN_REFUSED: "Discord did not let them in. They press Connect on their Memberships page to try again.",
    TroubleKind.NO_TOKEN: "Discord needs their permission once more. They press Connect on their Memberships page.",
    TroubleKind.STILL_HAS_ACCESS: "A role that should go cannot be taken: put Passes Bot's role above it.",
    "too_many_servers": "They are in as many servers as Discord allows. They leave one, then press Connect.",
    "joins_limited": "Discord limits their joining of servers. They open Discord, do what it asks, then press Connect.",
    "account_gone": "Their Discord account does not exist any more. They connect another one on Passes.",
}
_UNKNOWN = "Discord refused a change. It is tried again; if it stays so, press Refresh Roles or get help."

_ACTIONS: Mapping[str, str] = {
    "joined": "Brought into the server",
    "put_out": "Removed from the server",
    "put_out_seen": "Seen outside the server after their removal",
    "left_seen": "Left the server",
    "role_given": "Role given",
    "role_taken": "Role taken away",
    "role_gone": "Role seen gone",
    "role_kept": "Role left with them",
    "role_adopted": "Role taken care of by Passes Bot since",
    "held": "The ending was held back",
    "departure_decided": "Their removal was decided",
    "spared": "Was not removed from the server",
}

_OUTCOMES: Mapping[str, str] = {
    "absent": "was not there any more",
    "retry_after": "Discord asked to wait; it is tried again",
    "needs_a_person": "Discord refused it",
}


def departure(found: Explanation) -> str | None:
    """What becomes of their place in the server, if anything is decided of it."""
    if found.spared:
        return _SPARED.get(found.spared, "Stays in the server.")
    return f"Is removed after {day(found.leaves_at)}, unless they pay again." if found.leaves_at else None


def obstacle(found: Obstacle) -> str:
    sentence = next((text for word in found.words if (text := _sentence(word))), _UNKNOWN)
    return f"**{plain(found.role)}**: {sentence}" if found.role else sentence


def _sentence(word: str) -> str | None:
    if word in _OBSTACLES:
        return _OBSTACLES[word]
    return words.needs(Attention(word)) if word in set(Attention) else None


def event(line: AuditLine) -> str:
    """One line of what happened, without its day."""
    what = _ACTIONS.get(line.action, "Looked at")
    role = f": **{plain(line.role)}**" if line.role else ""
    how = f" ({_OUTCOMES[line.outcome]})" if line.outcome in _OUTCOMES else ""
    return f"{what}{role}{how}"
