"""A fan in Discord: ``/passes link``, ``unlink``, ``mine`` and ``help``, over the wire with the real client."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from bot.access.views import FanState, NextStep
from bot.access.work import Work
from bot.cogs.accounts import AccountPresses
from bot.cogs.link import LinkCommands
from bot.cogs.passes import Passes
from bot.cogs.presses import Presses
from bot.discord.client import Client
from bot.ids import AccountId, CreatorId, FanId, IntegrationId
from bot.integrations.accounts import CreatorAccounts
from bot.sandbox.browser import Browser, Page
from bot.sandbox.discord.answers import Answer
from models import Code, Creator, CreatorAccount, Link, Request
from models.fans import Seat, SeatState
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
        accounts=AccountPresses(
            codes=rooms.codes,
            accounts=CreatorAccounts(),
            proofs=rooms.hub.proofs,
            catalogue=rooms.hub.catalogue,
        ),
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


def code_on(page: Page) -> str:
    return next(line for line in page.text.splitlines() if len(line) == 9 and line[4] == "-")


async def test_link_takes_a_code(street: Street) -> None:
    ana = await street.house.fan("Ana")
    async with Browser() as browser:
        await street.house.sign_in(browser, ana)
        await browser.open(f"{street.house.url}/code?as=fan")
        code = code_on(await browser.submit("Show me a code"))
        answer = await street.type("link", code=code)
        assert "The code is right" in answer.text
        assert await Link.all().count() == 0
        await browser.follow("I have typed it")
        await browser.submit("Yes, connect @bob")
    assert await Link.exists(fan_id=ana, account_id=street.bob)


async def mira_shows_a_code(street: Street, browser: Browser) -> str:
    await street.house.sign_in(browser, await street.house.platform.create_creator("Mira"))
    await browser.open(f"{street.house.url}/code?as=creator")
    return code_on(await browser.submit("Show me a code"))


async def test_a_creators_code_lends_nothing_before_the_account_says_yes_in_discord(street: Street) -> None:
    async with Browser() as browser:
        asked = await street.type("link", code=await mira_shows_a_code(street, browser))
        assert "Let Mira act with your rights in servers you manage?" in asked.text
        page = await browser.follow("I have typed it")
        assert "has not said yes there" in page.text

        said = await street.house.discord.press(street.bob, asked, label="Yes, let Mira")
        assert "it names **Mira** and **@bob**" in said.text
        await browser.follow("I have typed it")
        assert await CreatorAccount.all().count() == 0
        await browser.submit("Yes, @bob may")

    assert [row.account_id for row in await CreatorAccount.all()] == [street.bob]
    street.house.sender.away = True  # nobody keeps where creators' accounts are
    await street.house.rooms.notices.deliver_due()
    [(told, text)] = street.house.sender.sent
    assert told == street.bob
    assert "**Mira**" in text
    assert "/passes unlink" in text


async def test_a_creators_code_that_is_declined_is_dead(street: Street) -> None:
    async with Browser() as browser:
        code = await mira_shows_a_code(street, browser)
        asked, twin = await street.type("link", code=code), await street.type("link", code=code)
        said = await street.house.discord.press(street.bob, asked, label="No")
        assert "Nothing was changed" in said.text
        late = await street.house.discord.press(street.bob, twin, label="Yes, let Mira")
        assert "older than 10 minutes" in late.text
        page = await browser.follow("I have typed it")
        assert "Yes, @bob may" not in page.buttons
    assert await CreatorAccount.all().count() == 0


async def test_a_yes_is_taken_back_before_the_creator_presses(street: Street) -> None:
    async with Browser() as browser:
        code = await mira_shows_a_code(street, browser)
        asked, twin = await street.type("link", code=code), await street.type("link", code=code)
        await street.house.discord.press(street.bob, asked, label="Yes, let Mira")
        await browser.follow("I have typed it")

        said = await street.type("unlink")
        assert "The code that **Mira** showed you does not work any more" in said.text
        assert "not connected" in (await street.type("unlink")).text

        assert "used or too old" in (await browser.submit("Yes, @bob may")).text
        late = await street.house.discord.press(street.bob, twin, label="Yes, let Mira")
        assert "older than 10 minutes" in late.text
    assert await CreatorAccount.all().count() == 0


async def test_an_end_takes_a_code_with_it_that_would_begin_it_anew(street: Street) -> None:
    async with Browser() as browser:
        code = await mira_shows_a_code(street, browser)
        mira = CreatorId((await Code.get()).person_id)
        await street.house.rooms.hub.proofs.prove(mira, AccountId(street.bob), "bob")
        ending = await street.type("unlink")
        asked = await street.type("link", code=code)
        await street.house.discord.press(street.bob, asked, label="Yes, let Mira")
        await browser.follow("I have typed it")

        await street.house.discord.press(street.bob, ending, label="Stop acting for Mira")

        assert "used or too old" in (await browser.submit("Yes, @bob may")).text
    assert await CreatorAccount.all().count() == 0


async def test_an_account_ends_what_it_is_to_a_creator(street: Street) -> None:
    await street.linked()
    mira = CreatorId(await street.house.platform.create_creator("Mira"))
    await Creator.create(id=mira, display_name="Mira")
    await street.house.rooms.hub.proofs.prove(mira, AccountId(street.bob), "bob")
    await street.house.rooms.hub.proofs.prove(mira, AccountId(78), "hugo")

    asked = await street.type("unlink")
    assert "This account acts for **Mira**" in asked.text
    assert asked.labels() == ["Disconnect", "Keep it", "Stop acting for Mira"]
    said = await street.house.discord.press(street.bob, asked, label="Stop acting for Mira")

    assert "does not act for **Mira** any more" in said.text
    assert [row.account_id for row in await CreatorAccount.all()] == [78], "hers alone"
    assert await Link.all().count() == 1
    assert (await street.type("unlink")).labels() == ["Disconnect", "Keep it"]


async def test_a_code_guessed_too_often(street: Street) -> None:
    """After five wrong ones the right one is not tried either: else they could all be tried."""
    async with Browser() as browser:
        await street.house.sign_in(browser, await street.house.fan("Ana"))
        await browser.open(f"{street.house.url}/code?as=fan")
        code = code_on(await browser.submit("Show me a code"))
        for _ in range(5):
            assert "That code is wrong" in (await street.type("link", code="00000000")).text
        assert "Too many wrong codes" in (await street.type("link", code=code)).text
        assert "typed it" in (await browser.open(f"{street.house.url}/code?as=fan")).text
    assert await Link.all().count() == 0
    street.house.clock.move(timedelta(hours=1))
    assert "That code is wrong" in (await street.type("link", code="00000000")).text


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
        replace(view, integration_id=IntegrationId(99), guild_name="Second", until=until, ends_for_good=True),
    ]
    answer = await street.type("mine")
    assert "Accept the server's rules in Discord." in answer.text
    assert "Roles: Gold" in answer.text
    assert f"Until <t:{int(until.timestamp())}:D>" in answer.text
    assert answer.link("Accept the server's rules") == "https://discord.com/channels/4242"
    assert answer.link("Open Second") == "https://discord.com/channels/4242"
    assert answer.link("Your memberships") == f"{street.house.url}/memberships"


async def test_mine_with_very_many_fits_a_message(street: Street) -> None:
    fan = await street.linked()
    view = street.house.shelf.shown[fan][0]
    street.house.shelf.shown[fan] = [
        replace(view, integration_id=IntegrationId(n), guild_name="g" * 100, creator_name="c" * 255)
        for n in range(1, 41)
    ]
    answer = await street.type("mine")
    assert len(answer.content) <= 2000
    assert "more on your Memberships page" in answer.text


async def test_help_names_the_commands_and_where_to_get_help(street: Street) -> None:
    answer = await street.type("help")
    for named in ("setup", "memberships", "refresh-roles"):
        assert f"/passes {named}" in answer.text
    assert f"{street.house.url}/hub" in answer.text
    assert "https://help.example.com" in answer.text


async def test_mine_gives_up_one_server_and_says_the_way_back(street: Street) -> None:
    fan = await street.linked()
    [view] = street.house.shelf.shown[fan]
    discord = street.house.discord
    asked, other, old = [
        await discord.choose(street.bob, await street.type("mine"), ["Mira's place"]) for _ in range(3)
    ]
    assert "What **Club**, by Mira, gave you there is taken away." in asked.text
    assert "Nothing was changed" in (await discord.press(street.bob, other, label="Keep it")).text
    assert await Seat.all().count() == 0

    done = await discord.press(street.bob, asked, label="Disconnect")
    assert "press Connect on your Memberships page" in done.text
    assert (await Seat.get(fan_id=fan)).state is SeatState.DECLINED

    street.house.shelf.shown[fan] = [replace(view, seat=SeatState.DECLINED, state=FanState.NOT_CONNECTED)]
    again = await discord.press(street.bob, old, label="Disconnect")
    assert "not connected any more" in again.text
