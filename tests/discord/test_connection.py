"""Staying connected: what nextcord mends by itself, what it does not, and what only the operator can."""

import asyncio
from typing import Any

import pytest

from bot.cogs.passes import Passes
from bot.cogs.replies import Interaction, Reply, answer
from bot.discord.client import Client, build_client
from bot.discord.guild_reader import GuildReader
from bot.discord.members import Members
from bot.discord.observed import ABSENT, Observed
from bot.discord.outcomes import RetryAfter
from bot.discord.supervision import CannotConnectError, run_client
from bot.ids import GuildId, Member
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.gateway import GATEWAY
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from models.access import StayState
from tests.discord.conftest import Place
from tests.discord.wire import config_for, connected
from tests.waiting import until


async def test_a_wrong_token_ends_the_process_with_what_to_do(discord: Discord) -> None:
    config = config_for(discord, discord_token="wrong")

    with pytest.raises(CannotConnectError, match="DISCORD_TOKEN"):
        await run_client(build_client(config), config)


async def test_a_members_intent_that_is_off_ends_the_process_with_what_to_do() -> None:
    async with Discord.serve(limits=Limits(enabled=False), privileged_intents=False) as discord:
        config = config_for(discord, discord_members_intent=True)

        with pytest.raises(CannotConnectError, match="Server Members Intent"):
            await run_client(build_client(config), config)


async def test_a_discord_that_fails_at_first_is_tried_again(discord: Discord, driver: Driver) -> None:
    await driver.fault(do="status", route="GET /users/@me", status=503, times=4)  # a whole login

    async with connected(config_for(discord)) as client:
        assert client.listening


async def test_a_first_connection_that_fails_is_tried_again(discord: Discord) -> None:
    discord.app[GATEWAY].turn_away = 1

    async with connected(config_for(discord)) as client:
        assert client.listening


async def test_a_dead_address_to_resume_at_is_left(discord: Discord, driver: Driver) -> None:
    discord.app[GATEWAY].resume_url = "ws://127.0.0.1:1"

    async with connected(config_for(discord)) as client:
        await driver.disconnect_gateway()

        async def heard_again() -> bool:
            return any(session["connected"] for session in await driver.gateway_sessions())

        await until(heard_again)
        assert await until(lambda: client.listening)


@pytest.mark.parametrize("resumable", [True, False])
async def test_a_lost_connection_comes_back_with_a_right_picture(
    client: Client, driver: Driver, place: Place, *, resumable: bool
) -> None:
    reader = GuildReader(client)
    await until(lambda: reader.seen(place.guild_id))
    await driver.hold_gateway()
    await driver.disconnect_gateway(resumable=resumable)
    await until(lambda: not client.listening)
    await driver.create_role(place.guild, "Platinum", by=place.owner)
    await driver.release_gateway()

    def picture() -> Any:
        seen = reader.seen(place.guild_id)
        return seen and "Platinum" in {role.name for role in seen.roles}

    assert await until(picture)


async def test_reads_go_by_rest_while_the_gateway_is_down(
    client: Client, driver: Driver, place: Place
) -> None:
    await driver.hold_gateway()
    await driver.disconnect_gateway()
    await until(lambda: not client.listening)

    assert await Members(client).observe(place.bob_there) == Observed(state=StayState.IN)


async def test_a_guild_lost_while_nobody_listened_is_forgotten(
    client: Client, driver: Driver, place: Place
) -> None:
    listed: list[frozenset[GuildId]] = []

    async def note(guilds: frozenset[GuildId]) -> None:
        listed.append(guilds)

    client.add_listener(note, "on_guilds_listed")
    await until(lambda: client.get_guild(place.guild))
    await driver.hold_gateway()
    await driver.disconnect_gateway(resumable=False)
    await until(lambda: not client.listening)
    await driver.kick_bot(place.guild, place.owner)
    await driver.release_gateway()

    await until(lambda: listed)

    assert listed == [frozenset()]
    assert client.get_guild(place.guild) is None


async def test_with_the_intent_every_change_of_a_member_is_seen(
    discord: Discord, driver: Driver, place: Place
) -> None:
    seen: list[tuple[Member, Observed]] = []

    async def note(member: Member, observed: Observed) -> None:
        seen.append((member, observed))

    def listen(client: Client) -> None:
        client.add_listener(note, "on_member_seen")

    async with connected(config_for(discord, discord_members_intent=True), listen):
        await driver.give_role(place.guild, place.bob, "Gold", by=place.owner)
        await driver.leave(place.guild, place.bob)
        await driver.join(place.guild, place.bob)
        await until(lambda: len(seen) >= 3)

    with_gold = Observed(state=StayState.IN, roles=frozenset({place.gold_id}))
    there = place.bob_there
    assert seen == [(there, with_gold), (there, ABSENT), (there, Observed(state=StayState.IN))]


async def test_with_the_intent_nobody_is_asked_for_and_nobody_is_kept(
    discord: Discord, driver: Driver, place: Place
) -> None:
    """100,000 members are 179 MiB, and the entire list is asked for guild by guild."""
    seen: list[Member] = []

    async def note(member: Member, _: Observed) -> None:
        seen.append(member)

    def listen(client: Client) -> None:
        client.add_listener(note, "on_member_seen")

    async with connected(config_for(discord, discord_members_intent=True), listen) as client:
        carl = await driver.create_user("carl")
        await driver.join(place.guild, carl)
        await driver.give_role(place.guild, place.bob, "Gold", by=place.owner)
        await until(lambda: len(seen) == 2)

        guild = client.get_guild(place.guild)
        assert guild is not None
        assert guild.members == [guild.me]
        assert client.users == [client.user]

    asked = [entry for entry in await driver.journal() if "REQUEST_GUILD_MEMBERS" in entry["route"]]
    assert asked == []


async def test_a_closed_client_starts_again_with_its_commands(
    discord: Discord, driver: Driver, place: Place
) -> None:
    config = config_for(discord)
    client = build_client(config)
    passes = Passes()
    passes.add("hello", "Says hello.", _hello)
    passes.install(client)
    for _ in range(2):
        running = asyncio.create_task(run_client(client, config))
        await until(lambda: client.listening)
        assert (await driver.command(place.bob, "passes hello", guild=place.guild)).content == "Hello"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not client.logged_in
        await client.clear()
    assert len([session for session in await driver.gateway_sessions() if session["connected"]]) == 0
    await client.close()


async def _hello(interaction: Interaction) -> None:
    await answer(interaction, Reply(text="Hello"))


async def test_it_ends_at_once_while_it_reconnects(discord: Discord, driver: Driver) -> None:
    config = config_for(discord)
    client = build_client(config)
    running = asyncio.create_task(run_client(client, config))
    await until(lambda: client.listening)
    await driver.hold_gateway()
    await driver.disconnect_gateway()
    await until(lambda: not client.listening)

    running.cancel()
    await asyncio.wait({running}, timeout=5)

    assert running.cancelled()
    await driver.release_gateway()


async def test_when_the_reader_who_asked_for_all_is_cancelled_the_others_are_not_lost(
    client: Client, place: Place
) -> None:
    members = Members(client)
    await until(lambda: client.get_guild(place.guild))
    first = asyncio.create_task(members.observe(place.bob_there))
    await asyncio.sleep(0)
    second = asyncio.create_task(members.observe(place.member(place.owner)))
    await asyncio.sleep(0)
    first.cancel()

    answer = await asyncio.wait_for(second, 2)

    assert isinstance(answer, RetryAfter)
