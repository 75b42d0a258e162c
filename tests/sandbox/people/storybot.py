"""An ordinary nextcord bot, as its documentation would write it, with one of everything that people can do with a bot."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import nextcord
from nextcord.ext import commands
from nextcord.http import Route

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.sandbox.discord.server import Discord

QUIET: dict[str, Any] = {
    "rollout_associate_known": True,
    "rollout_delete_unknown": False,
    "rollout_register_new": False,
    "rollout_update_known": False,
}


class NameForm(nextcord.ui.Modal):
    def __init__(self) -> None:
        super().__init__("Name the integration", custom_id="story:name")
        self.name: nextcord.ui.TextInput[Any] = nextcord.ui.TextInput("Name", max_length=20)
        self.add_item(self.name)

    async def callback(self, interaction: nextcord.Interaction[Any]) -> None:
        await interaction.response.send_message(f"It is called {self.name.value}", ephemeral=True)


class Choices(nextcord.ui.View):
    """A button, a menu of texts and a menu of roles."""

    def __init__(self) -> None:
        super().__init__(timeout=None, prevent_update=False)

    @nextcord.ui.button(label="Refresh", custom_id="story:refresh")
    async def again(self, _: nextcord.ui.Button[Choices], interaction: nextcord.Interaction[Any]) -> None:
        await interaction.response.edit_message(content="Refreshed")

    @nextcord.ui.button(label="Name", custom_id="story:form")
    async def name(self, _: nextcord.ui.Button[Choices], interaction: nextcord.Interaction[Any]) -> None:
        await interaction.response.send_modal(NameForm())

    @nextcord.ui.string_select(
        custom_id="story:tier",
        placeholder="Tier",
        options=[
            nextcord.SelectOption(label="Gold", value="t1"),
            nextcord.SelectOption(label="Silver", value="t2"),
        ],
    )
    async def tier(
        self, menu: nextcord.ui.StringSelect[Choices], interaction: nextcord.Interaction[Any]
    ) -> None:
        await interaction.response.defer()
        await interaction.edit_original_message(content=f"Tier {menu.values[0]}")

    @nextcord.ui.role_select(custom_id="story:roles", placeholder="Roles", max_values=3)
    async def roles(
        self, menu: nextcord.ui.RoleSelect[Choices], interaction: nextcord.Interaction[Any]
    ) -> None:
        names = ", ".join(role.name for role in menu.values.roles)
        await interaction.response.send_message(f"Roles: {names}", ephemeral=True)


class StoryBot(commands.AutoShardedBot):
    """Tells what it saw: `resumed`, `joined_guilds`, `roles_updated`."""

    def __init__(self, *, intents: nextcord.Intents | None = None) -> None:
        super().__init__(
            shard_count=1,
            intents=intents or nextcord.Intents(guilds=True),
            member_cache_flags=nextcord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=0.05,
            **QUIET,
        )
        self.seen: asyncio.Queue[str] = asyncio.Queue()
        self.add_view(Choices())
        story = self.slash_command(name="story", description="A story")(_story)
        story.subcommand(name="hello", description="Say hello")(_hello)
        story.subcommand(name="slowly", description="Think first")(_slowly)
        story.subcommand(name="choose", description="Choose")(_choose)

    async def register(self) -> None:
        """Register all commands with one bulk PUT."""
        payload = [each.get_payload(None) for each in self.get_all_application_commands()]
        await self.http.bulk_upsert_global_commands(self.application_id, payload)  # type: ignore[arg-type]  # logged in

    async def on_shard_resumed(self, _: int) -> None:
        self.seen.put_nowait("resumed")

    async def on_shard_connect(self, _: int) -> None:
        self.seen.put_nowait("connected")

    async def on_guild_role_update(self, _: nextcord.Role, after: nextcord.Role) -> None:
        self.seen.put_nowait(f"role {after.name}")

    async def on_guild_join(self, guild: nextcord.Guild) -> None:
        self.seen.put_nowait(f"joined {guild.name}")

    async def sees(self, what: str) -> None:
        """Wait until it has seen this."""
        async with asyncio.timeout(10):
            while await self.seen.get() != what:
                pass


async def _story(interaction: nextcord.Interaction[Any]) -> None:
    """Never run: a command with subcommands is none itself."""


async def _hello(interaction: nextcord.Interaction[Any]) -> None:
    assert interaction.user
    await interaction.response.send_message(f"Hello {interaction.user.name}", ephemeral=True)


async def _slowly(interaction: nextcord.Interaction[Any]) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send("Thought about it", ephemeral=True)


async def _choose(interaction: nextcord.Interaction[Any]) -> None:
    await interaction.response.send_message("Choose", view=Choices(), ephemeral=True)


@contextlib.asynccontextmanager
async def running[B: commands.Bot | commands.AutoShardedBot](
    bot: B, discord: Discord, *, token: str | None = None
) -> AsyncIterator[B]:
    """Log a bot in on the sandbox, by nothing but `Route.BASE`; leave when it is ready, end when the test does."""
    Route.BASE = discord.api_url
    ready = asyncio.Event()

    async def on_ready() -> None:
        ready.set()

    bot.add_listener(on_ready)
    life = asyncio.create_task(bot.start(token or discord.state.app.token))
    waiting = asyncio.create_task(ready.wait())
    try:
        async with asyncio.timeout(10):
            await asyncio.wait({life, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            life.result()
        yield bot
    finally:
        waiting.cancel()
        await bot.close()
        await asyncio.gather(life, waiting, return_exceptions=True)
