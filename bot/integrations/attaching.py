"""Whether somebody may attach a role: never what they could not give by hand (DESIGN §5.4).

Pure. Administrator is never sold. A role with another moderation power takes a second yes that named its powers; the
powers said yes to are stored with it, and a role that gains one later stops being given (``bot/access/reach.py``).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.discord.permissions import Permission, powers
from bot.ids import RoleId
from bot.integrations.actors import Actor, Refusal
from models import Guild, GuildRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Powerful:
    """A role that can moderate: what is to be named before a second yes."""

    role_id: RoleId
    name: str
    powers: int


def refusal(role: GuildRole, *, guild: Guild, by: Actor) -> Refusal | None:
    """Why nobody, or not this person, may attach the role here; None: they may."""
    if role.managed or role.id in {guild.id, guild.bot_top_role_id}:
        return Refusal.ROLE_MANAGED
    if role.permissions & Permission.ADMINISTRATOR:
        return Refusal.ROLE_IS_ADMIN
    if not by.is_owner and role.position >= by.top_position:
        return Refusal.ROLE_ABOVE_THEIRS
    return Refusal.ROLE_OUT_OF_REACH if role.position >= guild.bot_top_position else None


def unconfirmed(role: GuildRole, confirmed: Mapping[RoleId, int]) -> Powerful | None:
    """The role, if it has a power that was not said yes to."""
    found = powers(role.permissions)
    if found & ~confirmed.get(RoleId(role.id), 0):
        return Powerful(role_id=RoleId(role.id), name=role.name, powers=int(found))
    return None
