"""What setup says, where it is more than a line."""

from collections.abc import Sequence

from bot.cogs.lines import join, name
from bot.discord.permissions import names as permission_names
from bot.integrations.attaching import Powerful
from bot.integrations.health import Attention
from bot.integrations.references import IntegrationRef
from models.integrations import EndPolicy, IntegrationState

_POLICIES = {
    EndPolicy.KEEP: "they keep what they have.",
    EndPolicy.ROLES: "the roles that Passes Bot gave are taken away; the person stays in the server.",
    EndPolicy.ADDED: (
        "the roles that Passes Bot gave are taken away, and whoever Passes Bot brought into the server is removed from "
        "it a while later."
    ),
}

_ATTENTION = {
    Attention.BOT_ABSENT: "Passes Bot is not in the server. Add it again: nothing is forgotten.",
    Attention.NO_MANAGE_ROLES: (
        "Passes Bot may not give roles. Switch on Manage Roles for its role in Server Settings → Roles."
    ),
    Attention.NO_CREATE_INVITE: (
        "Passes Bot may not bring people in. Switch on Create Invite for its role in Server Settings → Roles."
    ),
    Attention.ROLES_DELETED: "All roles of a membership were deleted. Change its roles with `/passes memberships`.",
    Attention.ROLE_OUT_OF_REACH: (
        "A role that a membership gives is not below Passes Bot. Drag Passes Bot above it in Server Settings → Roles."
    ),
    Attention.ROLE_GAINED_POWER: (
        "A role that a membership gives can do more than you said yes to, so it is not given any more. Change its roles "
        "with `/passes memberships` to say yes again, or take the permission away."
    ),
    Attention.NO_KICK: (
        "Passes Bot may not kick, so nobody is removed from the server when a membership ends; roles are still taken "
        "away. Switch on Kick Members for its role if you want that."
    ),
}


def policy(integration: IntegrationRef) -> str:
    return f"**When a membership ends:** {_POLICIES[integration.policy]}"


def status(integration: IntegrationRef) -> str:
    """``Connected``, and what needs a person."""
    word = integration.state.value.replace("_", " ").title()
    mark = "✅" if integration.state is IntegrationState.CONNECTED else "⚠️"
    if integration.attention is None:
        return f"{mark} {word}"
    return f"{mark} {word}: {_ATTENTION[Attention(integration.attention)]}"


def fans_next(tier_names: Sequence[str]) -> str:
    return (
        f"**What fans do next:** whoever buys {join(map(name, tier_names))} sees a confirmation screen and presses "
        "Connect there. Fans who are in this server already type `/passes link`. Those who have bought already find it "
        "on their Memberships page."
    )


def second_question(tier_name: str, roles: Sequence[Powerful]) -> str:
    lines = [f"⚠️ **{name(role.name)}**: {join(permission_names(role.powers))}" for role in roles]
    who = f"Everybody who buys **{name(tier_name)}** would get this power over your server:"
    return "\n".join(["**Are you sure?**", who, *lines])
