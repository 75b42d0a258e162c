"""What is attached: commands (the door) and the list, from which it is changed and detached."""

from bot.cogs.memberships.commands import MembershipsCommands

__all__ = ["MembershipsCommands"]
