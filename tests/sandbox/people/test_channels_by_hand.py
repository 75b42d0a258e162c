"""Where people can use the bot: in the channels that they see, and commands where they may use commands."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.discord.answers import Answer
from bot.sandbox.discord.driver import Cannot, Driver
from bot.sandbox.discord.model import Channel
from bot.sandbox.discord.permissions import Permission
from bot.sandbox.discord.server import Discord
from tests.sandbox.people.rawbot import RawBot
from tests.sandbox.people.scene import Scene

type Json = dict[str, Any]
type Deny = Callable[[Permission], None]

BUTTON: Json = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
FORM: Json = {
    "title": "Name it",
    "custom_id": "form",
    "components": [
        {"type": 1, "components": [{"type": 4, "style": 1, "custom_id": "name", "label": "Name"}]}
    ],
}


@pytest.fixture
async def bot(raw: RawBot) -> RawBot:
    await raw.register({"name": "story", "description": "A story"})
    return raw


@pytest.fixture
def channel(discord: Discord, scene: Scene) -> Channel:
    """The server's first channel."""
    return next(iter(discord.state.guilds[scene.guild].channels.values()))


@pytest.fixture
def deny(discord: Discord, scene: Scene, channel: Channel) -> Deny:
    """Denies everybody something there."""
    guild = discord.state.guilds[scene.guild]
    return lambda permission: discord.state.overwrite(guild, channel, guild.id, deny=permission)


async def answered(bot: RawBot, person: asyncio.Task[Answer], kind: int, data: Json) -> tuple[Json, Answer]:
    """Let the bot answer what the person does; return what it was told and what the person sees."""
    told = await bot.event("INTERACTION_CREATE")
    status, body = await bot.answer(told, kind, data)
    assert status == 204, body
    return told, await person


async def typed(bot: RawBot, driver: Driver, scene: Scene) -> tuple[Json, Answer]:
    """Let Fred type /story and see a button."""
    person = asyncio.create_task(driver.command(scene.fred, "story", guild=scene.guild))
    return await answered(bot, person, 4, {"content": "Hi", "components": [BUTTON]})


async def test_a_person_types_in_the_first_channel_that_they_see(
    bot: RawBot, driver: Driver, discord: Discord, scene: Scene, deny: Deny
) -> None:
    deny(Permission.VIEW_CHANNEL)
    seen = discord.state.create_channel(discord.state.guilds[scene.guild], "seen")
    told, _ = await typed(bot, driver, scene)
    assert told["channel_id"] == str(seen.id)


@pytest.mark.parametrize("denied", [Permission.VIEW_CHANNEL, Permission.USE_APPLICATION_COMMANDS])
@pytest.mark.usefixtures("bot")
async def test_no_command_is_typed_where_no_channel_takes_one(
    driver: Driver, scene: Scene, deny: Deny, denied: Permission
) -> None:
    deny(denied)
    with pytest.raises(Cannot, match="no channel"):
        await driver.command(scene.fred, "story", guild=scene.guild)


async def test_nothing_is_pressed_in_a_channel_that_is_not_seen(
    bot: RawBot, driver: Driver, scene: Scene, deny: Deny
) -> None:
    _, shown = await typed(bot, driver, scene)
    deny(Permission.VIEW_CHANNEL)
    with pytest.raises(Cannot, match="does not see"):
        await driver.press(scene.fred, shown)
    assert await driver.look(scene.fred, shown) is None
    assert await driver.look(scene.ana, shown)


async def test_a_form_is_not_sent_from_a_channel_that_is_no_longer_seen(
    bot: RawBot, driver: Driver, scene: Scene, deny: Deny
) -> None:
    person = asyncio.create_task(driver.command(scene.fred, "story", guild=scene.guild))
    _, form = await answered(bot, person, 9, FORM)
    deny(Permission.VIEW_CHANNEL)
    with pytest.raises(Cannot, match="does not see"):
        await driver.fill(scene.fred, form, {"Name": "Eden"})


async def test_a_button_asks_for_no_permission_to_use_commands(
    bot: RawBot, driver: Driver, scene: Scene, deny: Deny
) -> None:
    _, shown = await typed(bot, driver, scene)
    deny(Permission.USE_APPLICATION_COMMANDS)
    person = asyncio.create_task(driver.press(scene.fred, shown))
    told, _ = await answered(bot, person, 4, {"content": "Pressed"})
    assert told["type"] == 3
