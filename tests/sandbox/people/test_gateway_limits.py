"""The gateway's own limits: identifies, sessions a day, guilds to a shard, whole lists of members; and who may hear what."""

import pytest

from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Allowance, Limits
from bot.sandbox.discord.server import Discord
from tests.clock import ManualSeconds
from tests.sandbox.people.rawbot import DIRECT_MESSAGES, GUILDS, MEMBERS, RawBot
from tests.sandbox.people.scene import BAN_MEMBERS, MANAGE_ROLES, Scene

MODERATION, MESSAGES, MESSAGE_CONTENT = 1 << 2, 1 << 9, 1 << 15


async def test_who_identifies_twice_in_five_seconds_is_told_to_wait() -> None:
    clock = ManualSeconds()
    async with Discord.serve(limits=Limits(identify=Allowance(limit=1, window_s=5), now=clock)) as discord:
        async with RawBot(discord) as first:
            await first.connect()
            await first.identify()
            await first.event("READY")
        async with RawBot(discord) as second:
            await second.connect()
            await second.identify()
            assert await second.frame() == {"op": 9, "d": False, "s": None, "t": None}
        clock.move(5)
        async with RawBot(discord) as third:
            await third.connect()
            await third.identify()
            await third.event("READY")


async def test_each_session_counts_against_those_of_the_day() -> None:
    limits = Limits(sessions=Allowance(limit=3, window_s=60), now=ManualSeconds())
    async with Discord.serve(limits=limits) as discord, RawBot(discord) as raw:
        await raw.connect()
        await raw.identify()
        await raw.event("READY")
        _, body = await raw.request("GET", "/gateway/bot", as_bot=True)
    starts = body["session_start_limit"]
    assert (starts["total"], starts["remaining"], starts["max_concurrency"]) == (3, 2, 1)
    assert starts["reset_after"] == 60_000


@pytest.mark.parametrize("count", [1, 2])
async def test_too_many_guilds_take_shards_and_each_guild_is_told_to_its_own(count: int) -> None:
    async with Discord.serve(limits=Limits(guilds_per_shard=1)) as discord, Driver(discord.url) as driver:
        ana = await driver.create_user("ana")
        guilds: set[int] = set()
        while {(guild >> 22) % 2 for guild in guilds} != {0, 1}:
            guilds = {*list(guilds)[:1], await driver.create_guild(ana, "Garden")}
        for guild in guilds:
            await driver.add_bot(guild, ana)
        for index in range(count):
            async with RawBot(discord) as raw:
                await raw.connect()
                await raw.identify(shard=[index, count])
                if count == 1:
                    assert await raw.closed() == 4011
                    return
                ready = await raw.event("READY")
                assert ready["shard"] == [index, count]
                assert [(int(each["id"]) >> 22) % count for each in ready["guilds"]] == [index]
                _, body = await raw.request("GET", "/gateway/bot", as_bot=True)
                assert body["shards"] == 2


async def test_direct_messages_are_told_to_the_first_shard(discord: Discord, driver: Driver) -> None:
    fred = discord.state.anybody(await driver.create_user("fred"))
    async with RawBot(discord) as first, RawBot(discord) as second:
        for index, raw in enumerate((first, second)):
            await raw.connect()
            await raw.identify(intents=DIRECT_MESSAGES, shard=[index, 2])
            await raw.event("READY")
        discord.state.create_message(discord.state.open_dm(fred), fred, "hello?")
        await second.send(1, second.sequence)
        assert (await first.event("MESSAGE_CREATE"))["content"] == "hello?"
        assert (await second.frame())["op"] == 11


async def test_the_whole_list_is_given_once_in_thirty_seconds() -> None:
    limits = Limits(now=ManualSeconds())
    async with (
        Discord.serve(limits=limits) as discord,
        Driver(discord.url) as driver,
        RawBot(discord) as raw,
    ):
        scene = await Scene.set_with(driver)
        await raw.connect()
        await raw.identify(intents=GUILDS | MEMBERS)
        asked = {"guild_id": str(scene.guild), "query": "", "limit": 0, "nonce": "n"}
        await raw.send(8, asked)
        assert len((await raw.event("GUILD_MEMBERS_CHUNK"))["members"]) == 3
        await raw.send(8, asked | {"guild_id": scene.guild})  # as discord.py sends it
        limited = await raw.event("RATE_LIMITED")
        assert (limited["opcode"], limited["meta"]) == (8, {"guild_id": str(scene.guild), "nonce": "n"})
        assert limited["retry_after"] == 30
        await raw.send(8, {"guild_id": str(scene.guild), "user_ids": [str(scene.fred)]})
        assert len((await raw.event("GUILD_MEMBERS_CHUNK"))["members"]) == 1


@pytest.mark.parametrize("may", [BAN_MEMBERS, MANAGE_ROLES])
async def test_bans_are_told_to_whoever_may_ban(discord: Discord, driver: Driver, may: int) -> None:
    ana, fred = await driver.create_user("ana"), await driver.create_user("fred")
    guild = await driver.create_guild(ana, "Garden")
    await driver.add_bot(guild, ana, may)
    await driver.join(guild, fred)
    async with RawBot(discord) as raw:
        await raw.connect()
        await raw.identify(intents=GUILDS | MODERATION)
        await raw.event("GUILD_CREATE")
        await driver.ban(guild, fred)
        await driver.create_role(guild, "Gold")
        told = (await raw.frame())["t"]
        assert told == ("GUILD_BAN_ADD" if may == BAN_MEMBERS else "GUILD_ROLE_CREATE")


async def test_what_is_said_in_a_channel_is_told_to_whoever_sees_it(
    discord: Discord, driver: Driver, scene: Scene
) -> None:
    state = discord.state
    guild = state.guilds[scene.guild]
    channel = next(iter(guild.channels.values()))
    fred = state.anybody(scene.fred)
    async with RawBot(discord) as raw:
        await raw.connect()
        await raw.identify(intents=GUILDS | MESSAGES)
        await raw.event("GUILD_CREATE")
        state.create_message(channel, fred, "seen")
        assert (await raw.frame())["t"] == "MESSAGE_CREATE"
        state.overwrite(guild, channel, guild.id, deny=1 << 10)
        state.create_message(channel, fred, "hidden")
        await driver.create_role(scene.guild, "Tin")
        assert (await raw.frame())["t"] == "GUILD_ROLE_CREATE"


@pytest.mark.parametrize("intent", [0, MESSAGE_CONTENT], ids=["without the intent", "with the intent"])
async def test_what_others_wrote_is_empty_without_the_intent(
    discord: Discord, scene: Scene, intent: int
) -> None:
    state = discord.state
    channel = next(iter(state.guilds[scene.guild].channels.values()))
    fred, bot = state.anybody(scene.fred), state.anybody(state.app.bot_id)
    async with RawBot(discord) as raw:
        await raw.connect()
        await raw.identify(intents=GUILDS | MESSAGES | intent)
        await raw.event("GUILD_CREATE")
        theirs = state.create_message(channel, fred, "theirs")
        state.create_message(channel, fred, f"<@!{bot.id}>, look")
        state.create_message(channel, bot, "own")
        state.edit_message(channel, theirs, content="still theirs")
        told = [(await raw.event("MESSAGE_CREATE"))["content"] for _ in range(3)]
        told.append((await raw.event("MESSAGE_UPDATE"))["content"])
    hidden = [] if intent else [0, 3]
    whole = ["theirs", f"<@!{bot.id}>, look", "own", "still theirs"]
    assert told == ["" if n in hidden else text for n, text in enumerate(whole)]
