"""The story in hikari: an ordinary bot that tells, in lines of JSON, what it saw.

It is pointed at the sandbox by its documented setting `rest_url`; where the gateway is, it asks there.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import threading
from typing import Any

import hikari
from hikari.impl import InteractionModalBuilder, MessageActionRowBuilder, ModalActionRowBuilder

Intents = hikari.Intents
bot = hikari.GatewayBot(
    os.environ["DISCORD_TOKEN"],
    rest_url=os.environ["DISCORD_API_URL"],
    intents=Intents.GUILDS
    | Intents.GUILD_MEMBERS
    | Intents.GUILD_MODERATION
    | Intents.GUILD_MESSAGES
    | Intents.MESSAGE_CONTENT,
    banner=None,
    logs=None,
)
ready: set[int] = set()
available = asyncio.Event()
sessions = itertools.count(1)


def saw(what: str, **more: Any) -> None:
    print(json.dumps({"saw": what, **more}), flush=True)  # noqa: T201  this is what the test reads


def names(guild_id: int, role_ids: Any) -> list[str]:
    known = bot.cache.get_roles_view_for_guild(guild_id)
    return sorted(known[each].name for each in role_ids if each != guild_id)


def gold(guild_id: int | None) -> hikari.Role:
    assert guild_id is not None
    known = bot.cache.get_roles_view_for_guild(guild_id)
    return next(role for role in known.values() if role.name == "Gold")


def button(custom_id: str, label: str) -> MessageActionRowBuilder:
    row = MessageActionRowBuilder()
    row.add_interactive_button(hikari.ButtonStyle.SECONDARY, custom_id, label=label)
    return row


@bot.listen()
async def on_starting(_: hikari.StartingEvent) -> None:
    application = await bot.rest.fetch_application()
    pick = bot.rest.slash_command_builder("pick", "Pick a tier").add_option(
        hikari.CommandOption(
            type=hikari.OptionType.STRING,
            name="tier",
            description="Which",
            is_required=True,
            autocomplete=True,
        )
    )
    plain = {"story": "Choose", "slowly": "Think first", "everyone": "Give everyone the role"}
    builders = [pick, *(bot.rest.slash_command_builder(name, what) for name, what in plain.items())]
    commands = await bot.rest.set_application_commands(application, builders)
    saw("commands", names=sorted(each.name for each in commands))


@bot.listen()
async def on_started(_: hikari.StartedEvent) -> None:
    await available.wait()
    me = bot.get_me()
    assert me is not None
    saw("ready", user=me.username)


@bot.listen()
async def on_command(event: hikari.CommandInteractionCreateEvent) -> None:
    asked = event.interaction
    await {"story": story, "slowly": slowly, "everyone": everyone, "pick": pick}[asked.command_name](asked)


async def story(asked: hikari.CommandInteraction) -> None:
    await asked.create_initial_response(
        hikari.ResponseType.MESSAGE_CREATE,
        "Choose",
        component=button("story:name", "Name it"),
        flags=hikari.MessageFlag.EPHEMERAL,
    )


async def slowly(asked: hikari.CommandInteraction) -> None:
    flags = hikari.MessageFlag.EPHEMERAL
    await asked.create_initial_response(hikari.ResponseType.DEFERRED_MESSAGE_CREATE, flags=flags)
    await asked.execute("Thought about it", flags=flags)


async def everyone(asked: hikari.CommandInteraction) -> None:
    await asked.create_initial_response(
        hikari.ResponseType.DEFERRED_MESSAGE_CREATE, flags=hikari.MessageFlag.EPHEMERAL
    )
    assert asked.guild_id is not None
    role = gold(asked.guild_id)
    fans = [each async for each in bot.rest.fetch_members(asked.guild_id) if not each.is_bot]
    # hikari 2.7 counts nothing before its first answer from a server: what is sent at once then meets a 429 that is deserved.
    await fans[0].add_role(role, reason="everyone")
    await asyncio.gather(*(each.add_role(role, reason="everyone") for each in fans[1:]))
    await asked.edit_initial_response(f"{len(fans)} members")


async def pick(asked: hikari.CommandInteraction) -> None:
    tier = (asked.options or ())[0].value
    said = await bot.rest.create_message(asked.channel_id, f"{asked.user.username} picked {tier}")
    await said.edit(f"{said.content}!")
    await asked.create_initial_response(
        hikari.ResponseType.MESSAGE_CREATE, f"Picked {tier}", flags=hikari.MessageFlag.EPHEMERAL
    )


@bot.listen()
async def on_autocomplete(event: hikari.AutocompleteInteractionCreateEvent) -> None:
    typed = str(event.interaction.options[0].value)
    matching = [each for each in ("Gold", "Silver") if each.startswith(typed)]
    await event.interaction.create_response(
        [hikari.impl.AutocompleteChoiceBuilder(name=each, value=each.lower()) for each in matching]
    )


@bot.listen()
async def on_component(event: hikari.ComponentInteractionCreateEvent) -> None:
    asked = event.interaction
    if asked.custom_id == "story:name":
        form = InteractionModalBuilder("Name the garden", "story:form")
        row = ModalActionRowBuilder()
        row.add_text_input("name", "Name", max_length=20)
        await asked.create_modal_response(form.title, form.custom_id, component=row)
        return
    assert asked.member is not None
    await asked.member.remove_role(gold(asked.guild_id), reason="gave it back")
    await asked.create_initial_response(hikari.ResponseType.MESSAGE_UPDATE, "Given back", components=[])


@bot.listen()
async def on_modal(event: hikari.ModalInteractionCreateEvent) -> None:
    asked = event.interaction
    name = asked.components[0].components[0].value
    assert asked.member is not None
    await asked.member.add_role(gold(asked.guild_id), reason=f"named {name}")
    await asked.create_initial_response(
        hikari.ResponseType.MESSAGE_CREATE,
        f"It is called {name}",
        component=button("story:back", "Give it back"),
        flags=hikari.MessageFlag.EPHEMERAL,
    )


@bot.listen()
async def on_session(_: hikari.ShardReadyEvent) -> None:
    saw("session", number=next(sessions))


@bot.listen()
async def on_resumed(_: hikari.ShardResumedEvent) -> None:
    saw("resumed")


@bot.listen()
async def on_available(event: hikari.GuildAvailableEvent) -> None:
    if event.guild_id in ready:
        saw("guild available", name=event.guild.name)
        return
    ready.add(event.guild_id)
    roles = names(event.guild_id, event.roles)
    saw("guild", name=event.guild.name, roles=roles, members=event.guild.member_count)
    available.set()


@bot.listen()
async def on_guild_joined(event: hikari.GuildJoinEvent) -> None:
    saw("guild joined", name=event.guild.name)


@bot.listen()
async def on_guild_left(event: hikari.GuildLeaveEvent) -> None:
    assert event.old_guild is not None
    saw("guild left", name=event.old_guild.name)


@bot.listen()
async def on_unavailable(event: hikari.GuildUnavailableEvent) -> None:
    guild = bot.cache.get_unavailable_guild(event.guild_id)
    assert guild is not None
    saw("guild unavailable", name=guild.name)


@bot.listen()
async def on_guild_update(event: hikari.GuildUpdateEvent) -> None:
    saw("guild updated", name=event.guild.name)


@bot.listen()
async def on_role_created(event: hikari.RoleCreateEvent) -> None:
    saw("role created", name=event.role.name)


@bot.listen()
async def on_role_updated(event: hikari.RoleUpdateEvent) -> None:
    saw("role updated", name=event.role.name)


@bot.listen()
async def on_role_deleted(event: hikari.RoleDeleteEvent) -> None:
    assert event.old_role is not None
    saw("role deleted", name=event.old_role.name)


@bot.listen()
async def on_member_joined(event: hikari.MemberCreateEvent) -> None:
    saw("member joined", user=event.user.username)


@bot.listen()
async def on_member_updated(event: hikari.MemberUpdateEvent) -> None:
    roles = names(event.guild_id, event.member.role_ids)
    saw("member updated", user=event.user.username, roles=roles)


@bot.listen()
async def on_member_left(event: hikari.MemberDeleteEvent) -> None:
    saw("member left", user=event.user.username)


@bot.listen()
async def on_banned(event: hikari.BanCreateEvent) -> None:
    saw("banned", user=event.user.username)


@bot.listen()
async def on_unbanned(event: hikari.BanDeleteEvent) -> None:
    saw("unbanned", user=event.user.username)


@bot.listen()
async def on_message(event: hikari.GuildMessageCreateEvent) -> None:
    saw("message", user=event.author.username, content=event.content)


@bot.listen()
async def on_audit(event: hikari.AuditLogEntryCreateEvent) -> None:
    entry = event.entry
    saw("audit", action=int(entry.action_type), by=str(entry.user_id), reason=entry.reason)


async def main() -> None:
    loop = asyncio.get_running_loop()
    await bot.start(check_for_updates=False)

    def await_the_end() -> None:
        sys.stdin.read()
        asyncio.run_coroutine_threadsafe(bot.close(), loop)

    threading.Thread(target=await_the_end, daemon=True).start()
    await bot.join()
    saw("end")


asyncio.run(main())
