"""A fan in Discord: ``/passes link``, ``unlink``, ``mine`` and ``help``, over the wire with the real client."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.access.views import FanState, NextStep
from bot.access.work import Work
from bot.cogs.link import LinkCommands
from bot.cogs.passes import Passes
from bot.cogs.presses import Presses
from bot.discord.client import Client
from bot.ids import FanId
from bot.sandbox.browser import Browser
from bot.sandbox.discord.answers import Answer
from models import Link, Request
from tests.discord.wire import connected
from tests.web.house import Wired


@dataclass
class Street:
    """The house, with the bot in a server, and bob who is a member there."""

    house: Wired
    guild: int
    bob: int

    async def type(self, command: str, **options: str) -> Answer:
        answer = await self.house.discord.command(
            self.bob, f"passes {command}", guild=self.guild, options=options
        )
        assert answer.ephemeral
        return answer

    async def linked(self) -> FanId:
        ana = await self.house.fan("Ana", await self.house.integration(state=FanState.CONNECTED))
        async with Browser() as browser:
            await self.house.sign_in(browser, ana)
            await browser.open((await self.type("link")).link("Connect on Passes"))
            await browser.submit("Yes, connect @bob")
        return FanId(ana)


@pytest.fixture
async def street(house: Wired) -> AsyncIterator[Street]:
    passes, presses = Passes(), Presses()
    rooms = house.rooms
    LinkCommands(
        house.config,
        links=rooms.links,
        connecting=rooms.connecting,
        requests=rooms.requests,
        codes=rooms.codes,
        views=rooms.views,
        work=Work(house.clock),
    ).attach(passes, presses)

    def install(client: Client) -> None:
        passes.install(client)
        presses.install(client)

    owner = await house.discord.create_user("mira")
    guild = await house.discord.create_guild(owner, "Mira's place")
    bob = await house.discord.create_user("bob")
    await house.discord.join(guild, bob)
    await house.discord.add_bot(guild, owner, 0)
    async with connected(house.config, install):
        yield Street(house, guild, bob)


async def test_link_leads_to_a_page_that_links_without_oauth(street: Street) -> None:
    answer = await street.type("link")
    parts = urlsplit(answer.link("Connect on Passes"))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{street.house.url}/link"
    assert str(street.bob) not in parts.query
    fan = await street.linked()
    link = await Link.get(fan_id=fan)
    assert (link.account_id, link.username) == (street.bob, "bob")


async def test_link_works_in_the_bots_direct_messages_too(street: Street) -> None:
    answer = await street.house.discord.command(street.bob, "passes link", guild=None)
    assert answer.link("Connect on Passes")
    assert (await Request.all().first()) is not None


async def test_link_takes_a_code(street: Street) -> None:
    ana = await street.house.fan("Ana")
    async with Browser() as browser:
        await street.house.sign_in(browser, ana)
        await browser.open(f"{street.house.url}/code?as=fan")
        page = await browser.submit("Show me a code")
        code = next(line for line in page.text.splitlines() if len(line) == 9 and line[4] == "-")
        answer = await street.type("link", code=code)
        assert "The code is right" in answer.text
        assert await Link.all().count() == 0
        await browser.follow("I have typed it")
        await browser.submit("Yes, connect @bob")
    assert await Link.exists(fan_id=ana, account_id=street.bob)


async def test_a_code_guessed_too_often(street: Street) -> None:
    for _ in range(5):
        assert "That code is wrong" in (await street.type("link", code="00000000")).text
    assert "Too many wrong codes" in (await street.type("link", code="00000000")).text


async def test_unlink_says_what_ends_and_asks_first(street: Street) -> None:
    fan = await street.linked()
    answer = await street.type("unlink")
    assert "Mira's place" in answer.text
    assert await Link.exists(fan_id=fan)
    kept = await street.house.discord.press(street.bob, answer, label="Keep it")
    assert "stays connected" in kept.text
    first, answer = await street.type("unlink"), await street.type("unlink")
    gone = await street.house.discord.press(street.bob, answer, label="Disconnect")
    assert "Disconnected" in gone.text
    assert await Link.all().count() == 0
    again = await street.house.discord.press(street.bob, first, label="Disconnect")
    assert "not connected" in again.text


async def test_unlink_and_mine_without_a_link_say_how_to_make_one(street: Street) -> None:
    for command in ("unlink", "mine"):
        answer = await street.type(command)
        assert "`/passes link`" in answer.text


async def test_mine_shows_each_integration_and_its_next_step(street: Street) -> None:
    fan = await street.linked()
    until = street.house.clock() + timedelta(days=9)
    view = street.house.shelf.shown[fan][0]
    street.house.shelf.shown[fan] = [
        replace(view, state=FanState.ONE_STEP_LEFT, next_step=NextStep.ACCEPT_RULES, roles_due=("Gold",)),
        replace(view, guild_name="Second", until=until, ends_for_good=True),
    ]
    answer = await street.type("mine")
    assert "Accept the server's rules in Discord." in answer.text
    assert "Roles: Gold" in answer.text
    assert f"Until <t:{int(until.timestamp())}:D>" in answer.text
    assert answer.link("Accept the server's rules") == "https://discord.com/channels/4242"
    assert answer.link("Your memberships") == f"{street.house.url}/memberships"


async def test_mine_with_very_many_fits_a_message(street: Street) -> None:
    fan = await street.linked()
    view = street.house.shelf.shown[fan][0]
    street.house.shelf.shown[fan] = [replace(view, guild_name="g" * 100, creator_name="c" * 255)] * 40
    answer = await street.type("mine")
    assert len(answer.content) <= 2000
    assert "more on your Memberships page" in answer.text


async def test_help_names_the_commands_and_where_to_get_help(street: Street) -> None:
    answer = await street.type("help")
    for named in ("setup", "memberships", "refresh-roles"):
        assert f"/passes {named}" in answer.text
    assert f"{street.house.url}/hub" in answer.text
    assert "https://help.example.com" in answer.text
