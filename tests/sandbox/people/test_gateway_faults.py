"""The gateway's bad days, as a bot meets them that speaks the protocol by hand."""

import pytest

from bot.sandbox.discord.driver import Driver
from tests.sandbox.people.rawbot import RawBot
from tests.sandbox.people.scene import Scene

HEARTBEAT, RECONNECT, INVALID_SESSION, HEARTBEAT_ACK = 1, 7, 9, 11


async def session_of(driver: Driver) -> str:
    (session,) = await driver.gateway_sessions()
    return str(session["session_id"])


@pytest.mark.parametrize("reset", [False, True], ids=["ended", "reset"])
async def test_a_dropped_connection_ends_without_a_close_frame_and_is_resumed(
    raw: RawBot, driver: Driver, scene: Scene, *, reset: bool
) -> None:
    session = await session_of(driver)
    assert await driver.drop_gateway(reset=reset) == 1
    assert await raw.closed() == 1006
    assert [each["connected"] for each in await driver.gateway_sessions()] == [False]
    await driver.create_role(scene.guild, "Silver")
    await raw.connect()
    await raw.resume(session, raw.sequence)
    assert await raw.next_events(2) == ["GUILD_ROLE_CREATE", "RESUMED"]


async def test_reconnect_is_said_before_the_close(raw: RawBot, driver: Driver) -> None:
    session = await session_of(driver)
    assert await driver.ask_gateway_to_reconnect() == 1
    assert (await raw.frame())["op"] == RECONNECT
    assert await raw.closed() == 4000
    await raw.connect()
    await raw.resume(session, raw.sequence)
    assert await raw.next_events(1) == ["RESUMED"]


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_invalid_session_says_whether_it_can_be_resumed(
    raw: RawBot, driver: Driver, *, resumable: bool
) -> None:
    session = await session_of(driver)
    assert await driver.invalidate_gateway(resumable=resumable) == 1
    frame = await raw.frame()
    assert (frame["op"], frame["d"]) == (INVALID_SESSION, resumable)
    await raw.closed()
    await raw.connect()
    await raw.resume(session, raw.sequence)
    frame = await raw.frame()
    assert (frame["op"], frame["t"]) == ((0, "RESUMED") if resumable else (INVALID_SESSION, None))


async def test_a_zombie_is_open_and_says_nothing_until_resumed(
    raw: RawBot, driver: Driver, scene: Scene
) -> None:
    session = await session_of(driver)
    await raw.send(HEARTBEAT, raw.sequence)
    assert (await raw.frame())["op"] == HEARTBEAT_ACK
    assert await driver.numb_gateway() == 1
    await raw.send(HEARTBEAT, raw.sequence)
    await driver.create_role(scene.guild, "Silver")
    await raw.connect()
    await raw.resume(session, raw.sequence)
    assert await raw.next_events(2) == ["GUILD_ROLE_CREATE", "RESUMED"]


async def test_a_guild_goes_away_and_comes_back(raw: RawBot, driver: Driver, scene: Scene) -> None:
    await driver.set_available(scene.guild, available=False)
    assert await raw.event("GUILD_DELETE") == {"id": str(scene.guild), "unavailable": True}
    await driver.create_role(scene.guild, "Silver")
    await driver.set_available(scene.guild, available=True)
    back = await raw.event("GUILD_CREATE")
    assert "Silver" in {role["name"] for role in back["roles"]}


async def test_events_get_lost_for_good(raw: RawBot, driver: Driver, scene: Scene) -> None:
    session = await session_of(driver)
    await driver.lose_events(2)
    for name in ("Silver", "Bronze", "Tin"):
        await driver.create_role(scene.guild, name)
    assert (await raw.event("GUILD_ROLE_CREATE"))["role"]["name"] == "Tin"
    await driver.disconnect_gateway()
    await raw.closed()
    await raw.connect()
    await raw.resume(session, raw.sequence)
    assert await raw.next_events(1) == ["RESUMED"]


async def test_events_of_one_name_get_lost(raw: RawBot, driver: Driver, scene: Scene) -> None:
    await driver.lose_events(1, "GUILD_ROLE_UPDATE")
    await driver.edit_role(scene.guild, "Gold", name="Golden")
    await driver.create_role(scene.guild, "Silver")
    assert await raw.next_events(1) == ["GUILD_ROLE_CREATE"]
