"""An unmodified nextcord lives here: it logs in, answers people, loses its connection and comes back."""

from collections.abc import AsyncIterator

import nextcord
import pytest
from nextcord.ext import commands

from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from tests.sandbox.people.scene import MANAGE_ROLES, Scene
from tests.sandbox.people.storybot import QUIET, StoryBot, running


@pytest.fixture
async def bot(discord: Discord, scene: Scene) -> AsyncIterator[StoryBot]:  # noqa: ARG001  the scene is set first
    async with running(StoryBot(), discord) as bot:
        await bot.register()
        yield bot


async def test_it_logs_in_and_knows_the_guild(bot: StoryBot, scene: Scene) -> None:
    guild = bot.get_guild(scene.guild)
    assert guild is not None
    assert [role.name for role in guild.roles] == ["@everyone", "Gold", "Passes Bot"]
    assert guild.me.guild_permissions.manage_roles
    assert guild.self_role is not None
    assert bot.application_flags.gateway_guild_members_limited


async def test_a_plain_bot_logs_in_too(discord: Discord, scene: Scene) -> None:
    plain = commands.Bot(intents=nextcord.Intents(guilds=True), guild_ready_timeout=0.05, **QUIET)
    async with running(plain, discord):
        assert [guild.id for guild in plain.guilds] == [scene.guild]


async def test_a_wrong_token_is_refused(discord: Discord) -> None:
    discord.state.app.token = "changed since"
    with pytest.raises(nextcord.LoginFailure):
        async with running(StoryBot(), discord, token="sandbox-bot-token"):
            pytest.fail("it was let in")


@pytest.mark.usefixtures("bot")
async def test_commands_are_registered_by_one_put(driver: Driver) -> None:
    writes = [
        entry["method"]
        for entry in await driver.journal()
        if "commands" in entry["route"] and entry["method"] != "GET"
    ]
    assert writes == ["PUT"]
    assert [command["name"] for command in await driver.commands()] == ["story"]


@pytest.mark.usefixtures("bot")
async def test_it_answers_ephemerally(driver: Driver, scene: Scene) -> None:
    answer = await driver.command(scene.fred, "story hello", guild=scene.guild)
    assert (answer.content, answer.ephemeral) == ("Hello fred", True)
    assert (await driver.command(scene.fred, "story hello")).content == "Hello fred"


@pytest.mark.usefixtures("bot")
async def test_it_defers_and_follows_up(driver: Driver, scene: Scene) -> None:
    answer = await driver.command(scene.fred, "story slowly", guild=scene.guild)
    assert (answer.content, answer.ephemeral) == ("Thought about it", True)


@pytest.mark.usefixtures("bot")
async def test_buttons_menus_and_forms(driver: Driver, scene: Scene) -> None:
    shown = await driver.command(scene.fred, "story choose", guild=scene.guild)
    assert shown.labels() == ["Refresh", "Name"]
    refreshed = await driver.press(scene.fred, shown, label="Refresh")
    assert (refreshed.kind, refreshed.content) == ("update", "Refreshed")
    chosen = await driver.choose(scene.fred, shown, ["Silver"], placeholder="Tier")
    assert (chosen.kind, chosen.content) == ("update", "Tier t2")
    roles = await driver.choose(scene.fred, shown, ["Gold", "Passes Bot"], placeholder="Roles")
    assert (roles.kind, roles.content) == ("message", "Roles: Gold, Passes Bot")
    form = await driver.press(scene.fred, shown, label="Name")
    assert (form.kind, form.title) == ("modal", "Name the integration")
    named = await driver.fill(scene.fred, form, {"Name": "Garden"})
    assert (named.content, named.ephemeral) == ("It is called Garden", True)


async def test_it_reads_members_by_id_over_the_gateway(bot: StoryBot, driver: Driver, scene: Scene) -> None:
    await driver.give_role(scene.guild, scene.fred, "Gold")
    absent = await driver.create_user("sue")
    guild = bot.get_guild(scene.guild)
    assert guild is not None
    before = len(await driver.journal())
    found = await guild.query_members(user_ids=[scene.fred, absent], cache=False)
    assert [(member.id, [role.name for role in member.roles]) for member in found] == [
        (scene.fred, ["@everyone", "Gold"])
    ]
    assert [entry["route"] for entry in await driver.journal(since=before)] == [
        "gateway REQUEST_GUILD_MEMBERS"
    ]


async def test_after_a_dropped_connection_it_resumes_and_hears_what_it_missed(
    bot: StoryBot, driver: Driver, scene: Scene
) -> None:
    await driver.hold_gateway()
    assert await driver.disconnect_gateway() == 1
    await driver.edit_role(scene.guild, "Gold", name="Golden")
    await driver.release_gateway()
    await bot.sees("role Golden")
    await bot.sees("resumed")
    assert (await driver.command(scene.fred, "story hello", guild=scene.guild)).content == "Hello fred"


async def test_it_follows_a_request_to_reconnect(bot: StoryBot, driver: Driver) -> None:
    await driver.ask_gateway_to_reconnect()
    await bot.sees("resumed")
    assert [session["connected"] for session in await driver.gateway_sessions()] == [True]


async def test_an_invalidated_session_is_begun_anew(bot: StoryBot, driver: Driver, scene: Scene) -> None:
    await bot.sees("connected")
    await driver.disconnect_gateway(resumable=False)
    await bot.sees("connected")
    assert (await driver.command(scene.fred, "story hello", guild=scene.guild)).content == "Hello fred"


async def test_it_hears_of_a_new_guild_that_it_was_added_to(
    bot: StoryBot, driver: Driver, scene: Scene
) -> None:
    settings = await driver.settings()
    second = await driver.create_guild(scene.ana, "Second")
    link = f"/oauth2/authorize?client_id={settings['client_id']}&scope=bot&permissions={MANAGE_ROLES}"
    await driver.authorize(scene.ana, link, guild=second)
    await bot.sees("joined Second")
