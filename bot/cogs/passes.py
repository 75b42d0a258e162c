"""The one ``/passes`` command, to which the other cogs attach their subcommands.

Discord wants all subcommands of a command registered together, and nextcord's decorators would tie them to module
globals; so the tree is built by hand, per process. How a cog joins::

    class LinkCommands:
        def __init__(self, links: Links) -> None: ...

        def attach(self, passes: Passes, presses: Presses) -> None:
            passes.add("link", "Connect your Discord account.", self.link)
            presses.on("link:", self.pressed)

        async def link(
            self, interaction: Interaction, code: str | None = SlashOption(description="…", required=False, default=None)
        ) -> None:
            await defer(interaction)
            await answer(interaction, Reply(text="…", rows=((Button(label="Yes", custom_id="link:yes"),),)))

        async def pressed(self, interaction: Interaction, press: Press) -> None: ...

``/passes`` is seen by everyone, in servers and in the bot's direct messages; who may not use a subcommand is told so
by its cog. An exception answers the person in a sentence and is logged.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import nextcord
import structlog
from nextcord import InteractionContextType, SlashApplicationCommand

from bot.cogs.replies import Interaction, Reply, answer

log = structlog.get_logger()

WENT_WRONG = "Something went wrong on our side, and nothing was lost. Please try again in a moment."


class Passes:
    """The command tree; ``support`` is where people get help (SUPPORT_URL)."""

    def __init__(self, *, support: str | None = None) -> None:
        self._support = support
        self.command = SlashApplicationCommand(
            name="passes",
            description="Memberships and what they give you here.",
            callback=_never_called,
            contexts=[InteractionContextType.guild, InteractionContextType.bot_dm],
            integration_types=[nextcord.IntegrationType.guild_install],
            force_global=True,
        )

    def add(self, name: str, description: str, callback: Callable[..., Awaitable[None]]) -> None:
        """Attach ``/passes name``; ``callback(interaction, **options)`` declares options as nextcord does."""
        self.command.subcommand(name, description)(callback)

    def install(self, client: nextcord.Client) -> None:
        """Hand the finished tree to ``client``; call once, after every cog has attached."""
        self.command.from_callback(self.command.callback)
        client.add_application_command(self.command, use_rollout=True)
        client.add_listener(self.went_wrong, "on_application_command_error")

    async def went_wrong(self, interaction: Interaction, error: Exception) -> None:
        """Answer the person; an exception that only stood in a log would leave them waiting."""
        cause: Any = getattr(error, "original", error)
        command = interaction.application_command
        log.error("command_failed", command=command and command.qualified_name, exc_info=cause)
        await apologise(interaction, support=self._support)


async def apologise(interaction: Interaction, *, support: str | None) -> None:
    """Tell the person that it was not them; silent only when Discord itself no longer takes an answer."""
    text = f"{WENT_WRONG}\nIf it keeps happening: {support}" if support else WENT_WRONG
    try:
        await answer(interaction, Reply(text=text), anew=True)
    except nextcord.HTTPException as error:
        log.warning("apology_not_delivered", status=error.status, code=error.code)


async def _never_called(interaction: Interaction) -> None:
    """A command with subcommands cannot be used by itself (Discord's documentation, "Application Commands")."""
    await apologise(interaction, support=None)
