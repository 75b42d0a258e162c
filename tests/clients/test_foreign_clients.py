"""Unmodified discord.py, hikari and discord.js take the sandbox for Discord: the same story, told by each of them."""

import asyncio

from bot.sandbox.discord.driver import Driver
from tests.clients.client import Client
from tests.clients.garden import APPLICATION, Garden, plant

MEMBER_ROLE_UPDATE, ROLE_CREATE = 25, 30


async def test_it_logs_in_sees_the_guild_and_registers_its_commands(
    client: Client, driver: Driver, garden: Garden
) -> None:
    assert client.all_of("ready") == [{"user": "Passes Bot"}]
    assert client.all_of("guild") == [{"name": "Garden", "roles": ["Gold", "Passes Bot"], "members": 3}]
    assert client.all_of("commands") == [{"names": ["everyone", "pick", "slowly", "story"]}]
    assert sorted(each["name"] for each in await driver.commands()) == ["everyone", "pick", "slowly", "story"]
    assert (await driver.command(garden.fred, "slowly")).content == "Thought about it"


async def test_a_button_a_form_and_a_role(client: Client, driver: Driver, garden: Garden) -> None:
    shown = await driver.command(garden.fred, "story", guild=garden.guild)
    assert (shown.content, shown.labels(), shown.ephemeral) == ("Choose", ["Name it"], True)
    form = await driver.press(garden.fred, shown)
    assert (form.kind, form.title) == ("modal", "Name the garden")
    named = await driver.fill(garden.fred, form, {"Name": "Eden"})
    assert (named.content, named.labels(), named.ephemeral) == ("It is called Eden", ["Give it back"], True)
    assert await driver.roles_of(garden.guild, garden.fred) == {"Gold"}
    await client.saw("member updated", user="fred", roles=["Gold"])
    await client.saw("audit", action=MEMBER_ROLE_UPDATE, by=str(APPLICATION), reason="named Eden")

    back = await driver.press(garden.fred, named)
    assert (back.kind, back.content, back.labels()) == ("update", "Given back", [])
    assert await driver.roles_of(garden.guild, garden.fred) == set()
    await client.saw("member updated", user="fred", roles=[])
    await client.saw("audit", action=MEMBER_ROLE_UPDATE, by=str(APPLICATION), reason="gave it back")


async def test_it_thinks_first_and_suggests_what_is_typed(
    client: Client, driver: Driver, garden: Garden
) -> None:
    thought = await driver.command(garden.fred, "slowly", guild=garden.guild)
    assert (thought.content, thought.ephemeral) == ("Thought about it", True)
    suggested = await driver.autocomplete(garden.fred, "pick", guild=garden.guild, option="tier", text="S")
    assert [(each.label, each.value) for each in suggested.choices] == [("Silver", "silver")]
    picked = await driver.command(garden.fred, "pick", guild=garden.guild, options={"tier": "silver"})
    assert picked.content == "Picked silver"
    await client.saw("message", user="Passes Bot", content="fred picked silver")


async def test_it_hears_what_happens(client: Client, driver: Driver, garden: Garden) -> None:
    sue = await driver.create_user("sue")
    await driver.join(garden.guild, sue)
    await client.saw("member joined", user="sue")
    await driver.give_role(garden.guild, sue, "Gold", by=garden.ana)
    await client.saw("member updated", user="sue", roles=["Gold"])
    await client.saw("audit", action=MEMBER_ROLE_UPDATE, by=str(garden.ana))
    await driver.leave(garden.guild, sue)
    await client.saw("member left", user="sue")
    await driver.ban(garden.guild, garden.fred, by=garden.ana)
    await client.saw("banned", user="fred")
    await driver.unban(garden.guild, garden.fred, by=garden.ana)
    await client.saw("unbanned", user="fred")
    await driver.create_role(garden.guild, "Silver")
    await client.saw("role created")
    await client.saw("audit", action=ROLE_CREATE, by=str(garden.ana))
    await driver.edit_role(garden.guild, "Silver", name="Tin")
    await client.saw("role updated", name="Tin")
    await driver.delete_role(garden.guild, "Tin")
    await client.saw("role deleted", name="Tin")
    await driver.set_guild(garden.guild, name="Park")
    await client.saw("guild updated", name="Park")


async def test_it_hears_of_servers_that_come_and_go(client: Client, driver: Driver, garden: Garden) -> None:
    await driver.set_available(garden.guild, available=False)
    await client.saw("guild unavailable", name="Garden")
    await driver.set_available(garden.guild, available=True)
    await client.saw("guild available", name="Garden")
    second = await plant(driver, garden.ana, "Meadow")
    await client.saw("guild joined", name="Meadow")
    await driver.kick_bot(second, garden.ana)
    await client.saw("guild left", name="Meadow")


async def test_after_a_dropped_connection_it_resumes_and_hears_what_it_missed(
    client: Client, driver: Driver, garden: Garden
) -> None:
    before = [session["session_id"] for session in await driver.gateway_sessions()]
    await driver.hold_gateway()
    assert await driver.drop_gateway(reset=True) == 1
    await driver.edit_role(garden.guild, "Gold", name="Golden")
    await driver.release_gateway()
    await client.saw("role updated", name="Golden")
    await client.saw("resumed")
    await driver.ask_gateway_to_reconnect()
    await client.saw("resumed")
    assert [session["session_id"] for session in await driver.gateway_sessions()] == before
    assert (await driver.command(garden.fred, "slowly", guild=garden.guild)).content == "Thought about it"


async def test_it_begins_anew_after_its_session_was_invalidated(
    client: Client, driver: Driver, garden: Garden
) -> None:
    await driver.disconnect_gateway(resumable=False)
    await client.saw("session", number=2)
    assert client.all_of("resumed") == []
    assert (await driver.command(garden.fred, "slowly", guild=garden.guild)).content == "Thought about it"


async def test_however_busy_it_meets_no_429(client: Client, driver: Driver, garden: Garden) -> None:
    second = await plant(driver, garden.ana, "Meadow")
    await client.saw("guild joined", name="Meadow")
    for n in range(24):
        fan = await driver.create_user(f"fan{n}")
        await driver.join(garden.guild, fan)
        await driver.join(second, fan)
    answers = await asyncio.gather(
        *(driver.command(garden.ana, "everyone", guild=guild) for guild in (garden.guild, second))
    )
    assert [answer.content for answer in answers] == ["26 members", "25 members"]
    assert [await driver.roles_of(guild, garden.ana) for guild in (garden.guild, second)] == [{"Gold"}] * 2
    assert [entry for entry in await driver.journal() if entry["status"] == 429] == []
