"""What is said of an integration, the same in Discord and in the Hub: refusals, policies, what needs a person.

In the little of Discord's markdown that both doors draw: ``**bold**``, ```code```, and a backslash before what a name
holds of it. A door says some refusals better, because it knows its own ways; those it gives as ``here``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from bot.discord.codes import Failure
from bot.discord.outcomes import Absent, NeedsPerson, RetryAfter
from bot.discord.permissions import names as permission_names
from bot.fans.texts import plain
from bot.integrations.actors import Refusal, Refused
from bot.integrations.attaching import Powerful
from bot.integrations.health import Attention
from bot.integrations.references import IntegrationRef
from bot.integrations.refresh import Refreshed
from models.integrations import EndPolicy, IntegrationState

_REFUSED: Mapping[Refusal, str] = {
    Refusal.UNKNOWN: "There is no such integration of yours. The Integrations Hub lists those that are.",
    Refusal.NOT_PROVEN: "No Discord account is confirmed as yours yet. Confirm one in the Integrations Hub, then try again.",
    Refusal.NO_MANAGE_SERVER: (
        "You need the Manage Server permission here to do that. Somebody who has it can give it to you in "
        "Server Settings → Roles."
    ),
    Refusal.OTHER_SERVER: "That integration belongs to another server. Change it there, or in the Integrations Hub.",
    Refusal.NO_MANAGE_ROLES: (
        "You need the Manage Roles permission here: nobody gives a role through Passes Bot that they could not give by "
        "hand."
    ),
    Refusal.NO_KICK: "You need the Kick Members permission here for a policy that removes people from the server.",
    Refusal.ROLE_ABOVE_THEIRS: (
        "**{what}** is not below your own highest role, so you could not give it by hand either. Somebody above it "
        "can attach it."
    ),
    Refusal.ROLE_OUT_OF_REACH: (
        "**{what}** is not below Passes Bot's role. Drag Passes Bot above it in Server Settings → Roles, then press "
        "Refresh Roles."
    ),
    Refusal.ROLE_MANAGED: (
        "**{what}** belongs to a bot, a boost or Discord itself: nobody can give it by hand. Choose another role."
    ),
    Refusal.ROLE_IS_ADMIN: (
        "**{what}** has the Administrator permission, and a membership never gives that. Choose another role."
    ),
    Refusal.ROLE_GONE: "One of these roles was deleted in the meantime. Please choose again.",
    Refusal.TIER_UNKNOWN: "One of these memberships is not yours, or does not exist any more. Please choose again.",
    Refusal.NOT_ATTACHED: "That membership is not attached any more. Attach it again if you want it here.",
    Refusal.NOTHING_ASKED: "That question has been answered already. Please choose the roles again.",
    Refusal.NAME_BAD: "A name has 1 to 80 characters. Please choose another one.",
    Refusal.GRACE_BAD: "Type a whole number from 0 to 30.",
    Refusal.ALREADY_CONNECTED: (
        "That integration is connected to another server already. Disconnect it there first, or add a new one for this server."
    ),
    Refusal.CLOSING: "That integration is being disconnected, or was. Add a new one in the Integrations Hub.",
    Refusal.IN_USE: "That integration is still in use. Disconnect it first, and try again when that is done.",
}

_SHORT: Mapping[Refusal, str] = {
    Refusal.ROLE_ABOVE_THEIRS: "not below your own highest role",
    Refusal.ROLE_OUT_OF_REACH: "not below Passes Bot: drag Passes Bot above it, then press Refresh Roles",
    Refusal.ROLE_MANAGED: "belongs to a bot or to Discord, nobody can give it by hand",
    Refusal.ROLE_IS_ADMIN: "has Administrator, which a membership never gives",
}

POLICIES: Mapping[EndPolicy, str] = {
    EndPolicy.KEEP: "they keep what they have.",
    EndPolicy.ROLES: "the roles that Passes Bot gave are taken away; the person stays in the server.",
    EndPolicy.ADDED: (
        "the roles that Passes Bot gave are taken away, and whoever Passes Bot brought into the server is removed from "
        "it a while later."
    ),
}

_ATTENTION: Mapping[Attention, str] = {
    Attention.BOT_ABSENT: "Passes Bot is not in the server. Add it again: nothing is forgotten.",
    Attention.UNVOUCHED: (
        "Passes Bot was added to the server again, but the Discord account that you confirmed cannot manage the "
        "server (any more). Nothing new is given until it can: ask for Manage Server, then press Refresh Roles."
    ),
    Attention.NO_MANAGE_ROLES: (
        "Passes Bot may not give roles. Switch on Manage Roles for its role in Server Settings → Roles."
    ),
    Attention.NO_CREATE_INVITE: (
        "Passes Bot may not bring people in. Switch on Create Invite for its role in Server Settings → Roles."
    ),
    Attention.ROLES_DELETED: "All roles of a membership were deleted. Choose its roles anew.",
    Attention.ROLE_OUT_OF_REACH: (
        "A role that a membership gives is not below Passes Bot. Drag Passes Bot above it in Server Settings → Roles."
    ),
    Attention.ROLE_GAINED_POWER: (
        "A role that a membership gives can do more than you said yes to, so it is not given any more. Choose the roles "
        "of that membership again to say yes, or take the permission away."
    ),
    Attention.NO_KICK: (
        "Passes Bot may not kick, so nobody is removed from the server when a membership ends; roles are still taken "
        "away. Switch on Kick Members for its role if you want that."
    ),
}

STATES: Mapping[IntegrationState, str] = {
    IntegrationState.NOT_CONNECTED: "Not Connected",
    IntegrationState.CONNECTED: "Connected",
    IntegrationState.NEEDS_ATTENTION: "Needs attention",
    IntegrationState.CLOSING: "Closing",
    IntegrationState.CLOSED: "Disconnected",
}


def sentence(refused: Refused, *, here: Mapping[Refusal, str] | None = None) -> str:
    """What happened, and what to do next."""
    text = (here or {}).get(refused.why) or _REFUSED[refused.why]
    return text.format(what=plain(refused.what))


def short(refused: Refused) -> str:
    """Why a role cannot be attached, as the end of a line that begins with its name."""
    return _SHORT[refused.why]


def failure(outcome: Failure) -> str:
    """Discord could not be asked."""
    match outcome:
        case Absent() | NeedsPerson():
            return "Passes Bot cannot see this server's roles. Add it to the server again, then press Refresh Roles."
        case RetryAfter():
            return "Discord does not answer at the moment. Please try again in a minute."
        case _:
            assert_never(outcome)


def policy(value: EndPolicy) -> str:
    return f"**When a membership ends:** {POLICIES[value]}"


def detaching(value: EndPolicy) -> str:
    """What is about to happen to those whose access comes through one membership."""
    if value is EndPolicy.KEEP:
        return "Who has access through it keeps it; nobody new gets it."
    return "Who has access here only through it loses it."


def detached(value: EndPolicy) -> str:
    if value is EndPolicy.KEEP:
        return "Detached. Who had something through it keeps it; nobody new gets it."
    return "Detached. What people had only through it is being taken away."


def disconnected(integration: IntegrationRef) -> str:
    if integration.closing_policy is EndPolicy.KEEP:
        return "People keep what they have; Passes Bot no longer changes it."
    return "Nobody has anything through it any more."


def attention(integration: IntegrationRef) -> str | None:
    """What a person has to mend."""
    return None if integration.attention is None else needs(Attention(integration.attention))


def needs(attention: Attention) -> str:
    return _ATTENTION[attention]


def news_of(refreshed: Refreshed) -> list[str]:
    """What Refresh Roles found, first a heading."""
    if not refreshed.changes:
        return ["Roles refreshed: this is how they stand now."]
    return ["Roles refreshed:", *map(plain, refreshed.changes)]


def gives(roles: Sequence[str]) -> str:
    """What a membership with these roles gives."""
    return f"the server and {join(map(plain, roles))}" if roles else "the server only"


def powers_of(roles: Iterable[Powerful]) -> list[str]:
    """Each role that can moderate, with what it can do."""
    return [f"**{plain(role.name)}**: {join(permission_names(role.powers))}" for role in roles]


def would_get(tier_name: str) -> str:
    return f"Everybody who buys **{plain(tier_name)}** would get this power over your server:"


def holders(count: int) -> str:
    match count:
        case 0:
            return "Nobody holds this membership at the moment."
        case 1:
            return "**1 person** holds this membership at the moment."
        case _:
            return f"**{count} people** hold this membership at the moment."


def people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def join(names: Iterable[str]) -> str:
    """``Gold, Silver and Bronze``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
