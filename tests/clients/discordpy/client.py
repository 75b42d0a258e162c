"""The story in discord.py: an ordinary bot that tells, in lines of JSON, what it saw.

It is pointed at the sandbox by the two addresses that discord.py holds as class attributes; nothing of it is replaced.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
from typing import Any

import discord
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route
from yarl import URL

Route.BASE = os.environ["DISCORD_API_URL"]
DiscordWebSocket.DEFAULT_GATEWAY = URL(os.environ["DISCORD_GATEWAY_URL"])


def saw(what: str, **more: Any) -> None:
    print(json.dumps({"saw": what, **more}), flush=True)  # noqa: T201  this is what the test reads


def names(roles: list[discord.Role]) -> list[str]:
    return sorted(role.name for role in roles if not role.is_default())


def gold(guild: discord.Guild | None) -> discord.Role:
    assert guild is not None
    return next(role for role in guild.roles if role.name == "Gold")


class GiveBack(ui.View):
    @ui.button(label="Give it back", custom_id="story:back")
    async def back(self, interaction: discord.Interaction, _: ui.Button[GiveBack]) -> None:
        assert isinstance(interaction.user, discord.Member)
        await interaction.user.remove_roles(gold(interaction.guild), reason="gave it back")
        await interaction.response.edit_message(content="Given back", view=None)


class NameForm(ui.Modal, title="Name the garden"):
    name: ui.TextInput[NameForm] = ui.TextInput(label="Name", custom_id="name", max_length=20)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(interaction.user, discord.Member)
        await interaction.user.add_roles(gold(interaction.guild), reason=f"named {self.name.value}")
        await interaction.response.send_message(
            f"It is called {self.name.value}", view=GiveBack(), ephemeral=True
        )


class Choose(ui.View):
    @ui.button(label="Name it", custom_id="story:name")
    async def name(self, interaction: discord.Interaction, _: ui.Button[Choose]) -> None:
        await interaction.response.send_modal(NameForm())


message_told = asyncio.Event()


class Story(discord.Client):
    def __init__(self) -> None:
        intents = discord.Intents(
            guilds=True, members=True, moderation=True, messages=True, message_content=True
        )
        super().__init__(intents=intents)
        self.sessions = 0
        self.tree = app_commands.CommandTree(self)
        self.tree.command(name="story", description="Choose")(story)
        self.tree.command(name="slowly", description="Think first")(slowly)
        self.tree.command(name="everyone", description="Give everyone the role")(everyone)
        pick_command = self.tree.command(name="pick", description="Pick a tier")(pick)
        pick_command.autocomplete("tier")(tiers)

    async def setup_hook(self) -> None:
        saw("commands", names=sorted(each.name for each in await self.tree.sync()))

    async def on_connect(self) -> None:
        self.sessions += 1
        saw("session", number=self.sessions)

    async def on_ready(self) -> None:
        for guild in self.guilds:
            saw("guild", name=guild.name, roles=names(list(guild.roles)), members=guild.member_count)
        assert self.user is not None
        saw("ready", user=self.user.name)

    async def on_resumed(self) -> None:
        saw("resumed")

    async def on_guild_join(self, guild: discord.Guild) -> None:
        saw("guild joined", name=guild.name)

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        saw("guild left", name=guild.name)

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        saw("guild unavailable", name=guild.name)

    async def on_guild_available(self, guild: discord.Guild) -> None:
        if self.is_ready():
            saw("guild available", name=guild.name)

    async def on_guild_update(self, _: discord.Guild, after: discord.Guild) -> None:
        saw("guild updated", name=after.name)

    async def on_guild_role_create(self, role: discord.Role) -> None:
        saw("role created", name=role.name)

    async def on_guild_role_update(self, _: discord.Role, after: discord.Role) -> None:
        saw("role updated", name=after.name)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        saw("role deleted", name=role.name)

    async def on_member_join(self, member: discord.Member) -> None:
        saw("member joined", user=member.name)

    async def on_member_update(self, _: discord.Member, after: discord.Member) -> None:
        saw("member updated", user=after.name, roles=names(after.roles))

    async def on_raw_member_remove(self, event: discord.RawMemberRemoveEvent) -> None:
        saw("member left", user=event.user.name)

    async def on_member_ban(self, _: discord.Guild, user: discord.User | discord.Member) -> None:
        saw("banned", user=user.name)

    async def on_member_unban(self, _: discord.Guild, user: discord.User) -> None:
        saw("unbanned", user=user.name)

    async def on_message(self, message: discord.Message) -> None:
        saw("message", user=message.author.name, content=message.content)
        message_told.set()

    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        saw("audit", action=entry.action.value, by=str(entry.user_id), reason=entry.reason)


async def story(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("Choose", view=Choose(), ephemeral=True)


async def slowly(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True)
    await interaction.followup.send("Thought about it", ephemeral=True)


async def everyone(interaction: discord.Interaction) -> None:
    await interaction.response.defer(ephemeral=True)
    assert interaction.guild is not None
    role = gold(interaction.guild)
    fans = [each async for each in interaction.guild.fetch_members() if not each.bot]
    await asyncio.gather(*(each.add_roles(role, reason="everyone") for each in fans))
    await interaction.edit_original_response(content=f"{len(fans)} members")


async def pick(interaction: discord.Interaction, tier: str) -> None:
    assert isinstance(interaction.channel, discord.TextChannel)
    message_told.clear()
    said = await interaction.channel.send(f"{interaction.user.name} picked {tier}")
    await message_told.wait()  # discord.py writes an edit into the message that it is about to tell of
    await said.edit(content=f"{said.content}!")
    await interaction.response.send_message(f"Picked {tier}", ephemeral=True)


async def tiers(_: discord.Interaction, current: str) -> list[app_commands.Choice[str]]:
    every = ("Gold", "Silver")
    return [app_commands.Choice(name=each, value=each.lower()) for each in every if each.startswith(current)]


async def main() -> None:
    async with Story() as client:
        loop = asyncio.get_running_loop()

        def await_the_end() -> None:
            sys.stdin.read()
            asyncio.run_coroutine_threadsafe(client.close(), loop)

        threading.Thread(target=await_the_end, daemon=True).start()
        await client.start(os.environ["DISCORD_TOKEN"])
    saw("end")


discord.utils.setup_logging()
asyncio.run(main())
