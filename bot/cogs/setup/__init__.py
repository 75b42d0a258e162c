"""Setup in Discord: commands (the door), acts (one call each), screens and words (what is shown)."""

from bot.cogs.setup.acts import Acts
from bot.cogs.setup.commands import SetupCommands
from bot.cogs.setup.screens import Screens

__all__ = ["Acts", "Screens", "SetupCommands"]
