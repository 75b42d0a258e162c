"""Changes of roles and of their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.discord import payloads
from bot.sandbox.discord.audit import Action, changes
from bot.sandbox.discord.journal import differing
from bot.sandbox.discord.model import NOBODY, Guild, Role
from bot.sandbox.discord.store import Store

if TYPE_CHECKING:
    from bot.sandbox.discord.model import By


class RoleChanges(Store):
    """What happens to roles."""

    def create_role(self, guild: Guild, *, name: str = "new role", by: By = NOBODY, **traits: Any) -> Role:
        """Add a role right above @everyone; the others move up, without events of their own, as on Discord."""
        for other in guild.roles.values():
            if other.position:
                other.position += 1
        role = Role(id=self.ids.next(), guild_id=guild.id, name=name, position=1, **traits)
        guild.roles[role.id] = role
        given = {"permissions": role.permissions, "managed": role.managed} | traits
        self.note("role created", guild_id=guild.id, role_id=role.id, name=name, **given)
        self.announce_in(guild, "GUILD_ROLE_CREATE", _event(role))
        self.audit(guild, Action.ROLE_CREATE, by, role.id, changes=[{"key": "name", "new_value": name}])
        return role

    def edit_role(self, guild: Guild, role: Role, *, by: By = NOBODY, **traits: Any) -> Role:
        """Change a role's name, permissions, color, hoist or mentionable."""
        new, before = differing(role, traits), payloads.role(role)
        for name, value in traits.items():
            setattr(role, name, value)
        if new:
            self.note("role changed", guild_id=guild.id, role_id=role.id, **new)
            self.announce_in(guild, "GUILD_ROLE_UPDATE", _event(role))
            told = changes(before, payloads.role(role))
            self.audit(guild, Action.ROLE_UPDATE, by, role.id, changes=told)
        return role

    def move_roles(self, guild: Guild, wanted: dict[int, int], *, by: By = NOBODY) -> list[Role]:
        """Put roles at positions (1 is the lowest) and number the rest around them; return what moved."""
        before = {role.id: role.position for role in guild.roles.values()}
        ladder = [role for role in guild.ladder() if role.id not in wanted and role.id != guild.id]
        for role_id, position in sorted(wanted.items(), key=lambda pair: (pair[1], -pair[0])):
            ladder.insert(max(position - 1, 0), guild.roles[role_id])
        for position, role in enumerate(ladder, start=1):
            role.position = position
        moved = [role for role in ladder if role.position != before[role.id]]
        for role in moved:
            self.note("role moved", guild_id=guild.id, role_id=role.id, position=role.position)
            self.announce_in(guild, "GUILD_ROLE_UPDATE", _event(role))
        for role in moved:
            change = {"key": "position", "old_value": before[role.id], "new_value": role.position}
            self.audit(guild, Action.ROLE_UPDATE, by, role.id, changes=[change])
        return moved

    def delete_role(self, guild: Guild, role: Role, *, by: By = NOBODY) -> None:
        """Delete a role; who had it has it no more, which Discord tells by this one event alone."""
        del guild.roles[role.id]
        for other in guild.roles.values():
            if other.position > role.position:
                other.position -= 1
        for member in guild.members.values():
            member.role_ids.discard(role.id)
        self.note("role deleted", guild_id=guild.id, role_id=role.id, name=role.name)
        gone = {"guild_id": str(guild.id), "role_id": str(role.id)}
        self.announce_in(guild, "GUILD_ROLE_DELETE", gone)
        self.audit(guild, Action.ROLE_DELETE, by, role.id, changes=[{"key": "name", "old_value": role.name}])


def _event(role: Role) -> dict[str, Any]:
    return {"guild_id": str(role.guild_id), "role": payloads.role(role)}
