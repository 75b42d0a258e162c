"""What people wrote in a guild is read over REST by whom it is switched on for; others read what is theirs or meant for them."""

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from tests.sandbox.discord.world import Wire, World


@pytest.fixture(params=[True, False], ids=["switched on", "switched off"])
async def discord(request: pytest.FixtureRequest) -> AsyncIterator[Discord]:
    async with Discord.serve(limits=Limits(enabled=False), privileged_intents=request.param) as discord:
        yield discord


async def test_what_others_wrote_is_empty_unless_it_is_switched_on(wire: Wire, world: World) -> None:
    (channel,) = world.guild.channels.values()
    said = {"embeds": [{"title": "theirs"}], "components": []}
    theirs = world.state.create_message(channel, world.fan, "theirs", **said)
    for author, text in ((world.fan, f"<@{world.bot_id}>, look"), (world.state.anybody(world.bot_id), "own")):
        world.state.create_message(channel, author, text)
    whole = world.state.app.privileged_intents

    read = (await wire("GET", f"/channels/{channel.id}/messages")).body
    one = (await wire("GET", f"/channels/{channel.id}/messages/{theirs.id}")).body

    assert [each["content"] for each in read] == [
        "own",
        f"<@{world.bot_id}>, look",
        "theirs" if whole else "",
    ]
    assert read[-1] == one
    assert bool(one["embeds"]) is whole


async def test_what_is_said_to_the_app_alone_is_always_read(wire: Wire, world: World) -> None:
    channel = world.state.open_dm(world.fan)
    world.state.create_message(channel, world.fan, "hello?")
    assert [each["content"] for each in (await wire("GET", f"/channels/{channel.id}/messages")).body] == [
        "hello?"
    ]
