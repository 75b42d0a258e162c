"""A sentence for every refusal: what happened, and what to do next."""

from typing import assert_never

from bot.cogs.lines import name
from bot.discord.codes import Failure
from bot.discord.outcomes import Absent, NeedsPerson, RetryAfter
from bot.integrations.actors import Refusal, Refused

_SENTENCES: dict[Refusal, str] = {
    Refusal.UNKNOWN: "There is no such integration of yours. Type `/passes setup` to see those that are.",
    Refusal.NOT_PROVEN: (
        "This Discord account is not confirmed as a creator's. Type `/passes setup` to confirm that it is yours."
    ),
    Refusal.NO_MANAGE_SERVER: (
        "You need the Manage Server permission here to do that. Somebody who has it can give it to you in "
        "Server Settings → Roles."
    ),
    Refusal.OTHER_SERVER: "That integration belongs to another server. Type the command there.",
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
    Refusal.ROLE_MANAGED: "**{what}** belongs to a bot, a boost or Discord itself: nobody can give it by hand.",
    Refusal.ROLE_IS_ADMIN: (
        "**{what}** has the Administrator permission, and a membership never gives that. Choose another role."
    ),
    Refusal.ROLE_GONE: "One of these roles was deleted in the meantime. Please choose again.",
    Refusal.ROLE_HAS_POWERS: "**{what}** can moderate, and needs a second yes.",
    Refusal.TIER_UNKNOWN: "One of these memberships is not yours, or does not exist any more. Please choose again.",
    Refusal.NOT_ATTACHED: "That membership is not attached any more.",
    Refusal.NOTHING_ASKED: "That question has been answered already. Please choose the roles again.",
    Refusal.NAME_BAD: "A name has 1 to 80 characters. Please choose another one.",
    Refusal.ALREADY_CONNECTED: "That integration is connected to another server already.",
    Refusal.CLOSING: "That integration is being disconnected. Add a new one with `/passes setup`.",
}

_SHORT: dict[Refusal, str] = {
    Refusal.ROLE_ABOVE_THEIRS: "not below your own highest role",
    Refusal.ROLE_OUT_OF_REACH: "not below Passes Bot: drag Passes Bot above it, then press Refresh Roles",
    Refusal.ROLE_MANAGED: "belongs to a bot or to Discord, nobody can give it by hand",
    Refusal.ROLE_IS_ADMIN: "has Administrator, which a membership never gives",
}


def sentence(refused: Refused) -> str:
    return _SENTENCES[refused.why].format(what=name(refused.what))


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
