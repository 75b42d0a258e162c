"""Changes of application commands, global (`None`) and per guild."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.discord.changes.messages import MessageChanges

if TYPE_CHECKING:
    from bot.sandbox.discord.model import Json


class CommandChanges(MessageChanges):
    """What commands the application has registered."""

    def commands_in(self, guild_id: int | None) -> list[Json]:
        """Return the commands of one place, in the order of registration."""
        return self.commands.get(guild_id, [])

    def set_commands(self, guild_id: int | None, commands: list[Json]) -> list[Json]:
        """Make these the commands of one place."""
        self.commands[guild_id] = commands
        self.note("commands set", guild_id=guild_id, names=[command["name"] for command in commands])
        return commands
