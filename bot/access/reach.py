"""What the bot may do to a role or a person in a guild, as last seen: asked before Discord is, never instead.

Every refusal by Discord counts towards a ban of our address, and a role attached once may have changed since: moved
above ours, taken over by an integration, or given a power over people.
"""

from bot.access.changes import TroubleKind
from bot.access.desired import Desired, Facts
from bot.discord.observed import Observed
from bot.discord.permissions import Permission, has, powers
from bot.ids import RoleId


def role_trouble(facts: Facts, desired: Desired, role_id: RoleId) -> TroubleKind | None:
    """Why the bot may not, or must not, give this existing role to the member; None: it may."""
    role = facts.guild.roles[role_id]
    if not has(facts.guild.bot_permissions, Permission.MANAGE_ROLES):
        return TroubleKind.NO_MANAGE_ROLES
    if role.managed or int(role_id) == int(facts.guild.id):
        return TroubleKind.ROLE_MANAGED
    if role.position >= facts.guild.bot_top_position:
        return TroubleKind.ROLE_OUT_OF_REACH
    if role.permissions & Permission.ADMINISTRATOR:
        return TroubleKind.ROLE_IS_ADMIN
    gained = powers(role.permissions)
    if gained and not any(not gained & ~said for said in _confirmed_powers(facts, desired, role_id)):
        return TroubleKind.ROLE_GAINED_POWER
    return None


def _confirmed_powers(facts: Facts, desired: Desired, role_id: RoleId) -> list[int]:
    """What was said yes to where the member has the role from: one creator's yes is nobody else's (DESIGN §5.4)."""
    given_by = {(because.integration_id, because.tier_id) for because in desired.because(role_id)}
    return [
        role.confirmed_powers
        for integration in facts.integrations
        for attachment in integration.attachments
        if (integration.id, attachment.tier_id) in given_by
        for role in attachment.roles
        if role.role_id == role_id
    ]


def can_take(facts: Facts, role_id: RoleId) -> bool:
    """Whether Discord would let the bot take this role from a member."""
    role = facts.guild.roles.get(role_id)
    if role is None or not has(facts.guild.bot_permissions, Permission.MANAGE_ROLES):
        return False
    return not role.managed and role.position < facts.guild.bot_top_position


def spared(facts: Facts, observed: Observed) -> str | None:
    """Why this person is not put out by a bot, as one word; None: nothing speaks for them (DESIGN §6.6)."""
    guild = facts.guild
    if facts.member.account_id == guild.owner_id:
        return "owner"
    held = [guild.roles[role_id] for role_id in observed.roles if role_id in guild.roles]
    if any(role.position >= guild.bot_top_position for role in held):
        return "higher_role"
    if any(powers(role.permissions) for role in held):
        return "moderator"
    if observed.boosting:
        return "booster"
    granted = {grant.role_id for grant in facts.grants}
    return "other_roles" if observed.roles - granted else None
