"""The gateway's protocol, frame by frame: who is let in, who is closed with which code, who is told what."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.gateway import GATEWAY
from bot.sandbox.discord.server import Discord
from tests.sandbox.people.rawbot import DIRECT_MESSAGES, GUILDS, MEMBERS, RawBot
from tests.sandbox.people.scene import Scene
from tests.waiting import until


@pytest.fixture
async def stranger(discord: Discord) -> AsyncIterator[RawBot]:
    """A connection that has said nothing yet."""
    async with RawBot(discord) as raw:
        await raw.connect()
        yield raw


async def test_ready_names_the_guilds_and_then_tells_each(
    stranger: RawBot, discord: Discord, scene: Scene
) -> None:
    await stranger.identify()
    ready = await stranger.event("READY")
    guild = await stranger.event("GUILD_CREATE")

    assert ready["guilds"] == [{"id": str(scene.guild), "unavailable": True}]
    assert ready["application"]["id"] == str(discord.state.app.id)
    assert ready["resume_gateway_url"] == discord.gateway_url
    assert guild["id"] == str(scene.guild)
    assert [member["user"]["id"] for member in guild["members"]] == [str(discord.state.app.bot_id)]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": -1}, 4013),
        ({"intents": 1 << 30}, 4013),
        ({"intents": "all"}, 4013),
        ({"shard": [1, 1]}, 4010),
    ],
)
async def test_who_identifies_wrongly_is_closed(stranger: RawBot, said: dict[str, object], code: int) -> None:
    await stranger.identify(**said)  # type: ignore[arg-type]  # wrong on purpose
    assert await stranger.closed() == code


async def test_privileged_intents_have_to_be_switched_on() -> None:
    async with Discord.serve(privileged_intents=False) as discord, RawBot(discord) as raw:
        await raw.connect()
        await raw.identify(intents=GUILDS | MEMBERS)
        assert await raw.closed() == 4014


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("{", 4002),
        ('{"op": 8, "d": {}}', 4003),
        ("x" * 5000, 4002),
        ('{"op": 1, "d": null, "t": "%s"}' % ("é" * 2048), 4002),
    ],
)
async def test_nonsense_is_closed(stranger: RawBot, frame: str, code: int) -> None:
    await stranger.socket.send_str(frame)
    assert await stranger.closed() == code


async def test_an_unknown_opcode_and_a_second_identify_are_closed(raw: RawBot) -> None:
    await raw.send(99)
    assert await raw.closed() == 4001
    await raw.connect()
    await raw.identify()
    await raw.identify()
    assert await raw.closed() == 4005


async def test_the_121st_frame_in_a_minute_is_too_many(raw: RawBot) -> None:
    for _ in range(120):
        await raw.send(1, None)
    assert await raw.closed() == 4008


async def test_another_version_of_the_api_is_refused(discord: Discord) -> None:
    async with RawBot(discord) as raw:
        with pytest.raises(ConnectionResetError):
            await raw.connect(query="v=6&encoding=json")
        assert raw.socket.close_code == 4012


async def test_a_heartbeat_is_answered_even_before_identify(stranger: RawBot) -> None:
    await stranger.send(1, None)
    assert await stranger.frame() == {"op": 11, "d": None, "s": None, "t": None}


async def test_a_presence_is_ignored(raw: RawBot) -> None:
    await raw.send(3, {"status": "idle", "afk": False, "since": None, "activities": []})
    await raw.send(1, None)
    assert (await raw.frame())["op"] == 11


async def test_zlib_stream_shares_one_context(discord: Discord, scene: Scene) -> None:
    async with RawBot(discord) as raw:
        hello = await raw.connect(compressed=True)
        await raw.identify()
        assert hello["heartbeat_interval"] == 41_250
        assert (await raw.event("GUILD_CREATE"))["id"] == str(scene.guild)


async def test_joins_are_told_only_with_the_members_intent(
    discord: Discord, scene: Scene, driver: Driver
) -> None:
    async with RawBot(discord) as few, RawBot(discord) as many:
        for raw, intents in ((few, GUILDS), (many, GUILDS | MEMBERS)):
            await raw.connect()
            await raw.identify(intents=intents)
            await raw.event("GUILD_CREATE")
        await driver.join(scene.guild, await driver.create_user("sue"))
        await driver.edit_role(scene.guild, "Gold", name="Golden")
        assert await many.next_events(2) == ["GUILD_MEMBER_ADD", "GUILD_ROLE_UPDATE"]
        assert await few.next_events(1) == ["GUILD_ROLE_UPDATE"]


async def test_a_bot_is_told_of_its_own_member_without_any_intent(
    raw: RawBot, discord: Discord, scene: Scene, driver: Driver
) -> None:
    helper = await driver.create_role(scene.guild, "Helper")
    await driver.give_role(scene.guild, scene.fred, helper)
    await driver.give_role(scene.guild, discord.state.app.bot_id, helper)
    update = await raw.event("GUILD_MEMBER_UPDATE")
    assert update["user"]["id"] == str(discord.state.app.bot_id)


async def test_direct_messages_take_their_intent(discord: Discord, scene: Scene) -> None:
    async with RawBot(discord) as raw:
        await raw.connect()
        await raw.identify(intents=DIRECT_MESSAGES)
        await raw.event("READY")
        channel = discord.state.open_dm(discord.state.users[scene.fred])
        discord.state.create_message(channel, discord.state.users[scene.fred], "hello?")
        assert (await raw.event("MESSAGE_CREATE"))["content"] == "hello?"


async def test_adding_and_kicking_the_bot_is_told(raw: RawBot, scene: Scene, driver: Driver) -> None:
    await driver.kick_bot(scene.guild)
    assert await raw.event("GUILD_DELETE") == {"id": str(scene.guild)}
    await driver.add_bot(scene.guild, scene.ana, 8)
    guild = await raw.event("GUILD_CREATE")
    assert [role["name"] for role in guild["roles"] if "tags" in role] == ["Passes Bot"]


async def test_what_was_missed_is_told_in_order_on_resume(
    discord: Discord, scene: Scene, driver: Driver
) -> None:
    async with RawBot(discord) as raw:
        await raw.connect()
        await raw.identify()
        session_id = (await raw.event("READY"))["session_id"]
        await raw.event("GUILD_CREATE")
        await driver.disconnect_gateway()
        assert await raw.closed() == 4000
        await driver.edit_role(scene.guild, "Gold", name="Golden")
        await driver.delete_role(scene.guild, "Golden")
        await raw.connect()
        await raw.resume(session_id, raw.sequence)
        assert await raw.next_events(3) == ["GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE", "RESUMED"]


@pytest.mark.usefixtures("scene")
async def test_a_sequence_from_the_future_is_refused(discord: Discord) -> None:
    async with RawBot(discord) as raw:
        await raw.connect()
        await raw.identify()
        session_id = (await raw.event("READY"))["session_id"]
        await raw.connect()
        await raw.resume(session_id, 10_000)
        assert await raw.closed() == 4007


@pytest.mark.parametrize("how", ["invalidated", "closed by the client"])
@pytest.mark.usefixtures("scene")
async def test_a_session_that_is_over_cannot_be_resumed(discord: Discord, driver: Driver, how: str) -> None:
    async with RawBot(discord) as raw:
        await raw.connect()
        await raw.identify()
        session_id = (await raw.event("READY"))["session_id"]
        if how == "invalidated":
            await driver.disconnect_gateway(resumable=False)
            await raw.closed()
        else:
            await raw.socket.close(code=1000)
            await until(partial(_has_ended, driver), "the session ended")
        await raw.connect()
        await raw.resume(session_id, raw.sequence)
        assert await raw.frame() == {"op": 9, "d": False, "s": None, "t": None}


async def test_a_session_waits_for_its_client_only_so_long(
    raw: RawBot, discord: Discord, driver: Driver
) -> None:
    (session,) = await driver.gateway_sessions()
    await driver.drop_gateway()
    await raw.closed()
    discord.app[GATEWAY].session_life_s = 0
    await raw.connect()
    await raw.resume(session["session_id"], raw.sequence)
    assert await raw.frame() == {"op": 9, "d": False, "s": None, "t": None}
    assert await driver.gateway_sessions() == []


async def test_who_falls_silent_is_closed_and_has_to_begin_anew(discord: Discord, driver: Driver) -> None:
    discord.app[GATEWAY].heartbeat_s = 0.05
    async with RawBot(discord) as raw:
        assert (await raw.connect())["heartbeat_interval"] == 50
        await raw.identify()
        assert await raw.closed() == 4009
        assert await driver.gateway_sessions() == []


@pytest.mark.usefixtures("scene")
async def test_a_closed_door_opens_again(discord: Discord, driver: Driver) -> None:
    await driver.hold_gateway()
    async with RawBot(discord) as raw:
        connecting = asyncio.create_task(raw.connect())
        await driver.create_user("meanwhile")
        assert not connecting.done()
        await driver.release_gateway()
        await connecting


async def test_members_are_read_by_id_without_any_intent(raw: RawBot, scene: Scene, driver: Driver) -> None:
    await driver.give_role(scene.guild, scene.fred, "Gold")
    absent = await driver.create_user("sue")
    await raw.send(
        8, {"guild_id": str(scene.guild), "user_ids": [str(scene.fred), str(absent)], "nonce": "n1"}
    )
    chunk = await raw.event("GUILD_MEMBERS_CHUNK")
    (member,) = chunk["members"]
    assert (member["user"]["id"], member["roles"], member["pending"]) == (
        str(scene.fred),
        [str(scene.gold)],
        False,
    )
    assert chunk["not_found"] == [str(absent)]
    assert (chunk["nonce"], chunk["chunk_index"], chunk["chunk_count"]) == ("n1", 0, 1)


async def test_at_most_a_hundred_are_read_by_id_and_a_long_nonce_is_dropped(
    raw: RawBot, scene: Scene
) -> None:
    ids = [*range(1, 101), scene.fred]
    await raw.send(
        8, {"guild_id": str(scene.guild), "user_ids": [str(each) for each in ids], "nonce": "n" * 33}
    )
    chunk = await raw.event("GUILD_MEMBERS_CHUNK")
    assert (chunk["members"], len(chunk["not_found"]), "nonce" in chunk) == ([], 100, False)


async def test_the_whole_list_takes_the_members_intent(discord: Discord, scene: Scene) -> None:
    async with RawBot(discord) as few, RawBot(discord) as many:
        for raw, intents in ((few, GUILDS), (many, GUILDS | MEMBERS)):
            await raw.connect()
            await raw.identify(intents=intents)
            await raw.event("GUILD_CREATE")
            await raw.send(8, {"guild_id": str(scene.guild), "query": "", "limit": 0})
            await raw.send(1, None)
        assert (await few.frame())["op"] == 11
        assert len((await many.event("GUILD_MEMBERS_CHUNK"))["members"]) == 3


async def test_members_are_found_by_the_beginning_of_their_name(raw: RawBot, scene: Scene) -> None:
    await raw.send(8, {"guild_id": str(scene.guild), "query": "fr", "limit": 5})
    chunk = await raw.event("GUILD_MEMBERS_CHUNK")
    assert [member["user"]["username"] for member in chunk["members"]] == ["fred"]


async def test_at_most_a_hundred_are_found_by_the_beginning_of_their_name(
    raw: RawBot, discord: Discord, scene: Scene
) -> None:
    guild = discord.state.guilds[scene.guild]
    for n in range(101):
        discord.state.add_member(guild, discord.state.create_user(f"many{n}"))
    for limit in (0, 101):
        await raw.send(8, {"guild_id": str(scene.guild), "query": "many", "limit": limit})
        assert len((await raw.event("GUILD_MEMBERS_CHUNK"))["members"]) == 100


async def _has_ended(driver: Driver) -> bool:
    return not await driver.gateway_sessions()
