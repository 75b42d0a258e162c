"""The demo as a newcomer meets it: one command, a start page, and a role granted by following its steps."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.browser import Browser, Page
from bot.sandbox.demo.ports import HOST, Ports
from bot.sandbox.demo.run import Demo, demo
from bot.sandbox.discord.driver import Driver
from tests.waiting import until

ANYWHERE = Ports(start=0, discord=0, platform=0, bot=0)
STARTS_WITHIN_S = 40


@pytest.fixture
async def playing(empty_url: str) -> AsyncIterator[Demo]:
    async with demo(Ports.free(wanted=ANYWHERE), database_url=empty_url) as playing:
        yield playing


async def be(browser: Browser, playing: Demo, button: str) -> Page:
    await browser.open(playing.addresses.start)
    return await browser.submit(button)


async def set_up(browser: Browser, playing: Demo) -> None:
    """Steps 1 to 3: Ana connects her server and says what each membership gives."""
    await be(browser, playing, "Be Ana in her server")
    answer = await browser.submit("/passes setup")
    await browser.follow("Confirm on Passes")
    await browser.submit("Yes, @ana may")
    await browser.open(answer.url)
    await browser.submit("continue")
    await browser.submit("Add Integration")
    low = await browser.submit("Submit", name="Studio")
    assert "Drag Passes Bot above Gold" in low.text
    await browser.follow("Roles of Ana's Studio")
    await browser.submit("To the top Passes Bot")
    await browser.follow("Back to the bot")
    await browser.submit("Refresh Roles")
    await browser.submit("Add Membership")
    await browser.submit("Choose", value=["Gold"])
    page = await browser.submit("Choose", value=["Gold"])
    assert "Gold gives the server and Gold" in page.text


async def test_the_steps_of_the_start_page_end_in_a_role(playing: Demo, browser: Browser) -> None:
    page = await browser.open(playing.addresses.start)
    assert page.status == 200
    await set_up(browser, playing)
    await be(browser, playing, "Be Fay in the storefront")
    page = await browser.submit("Buy Gold", period_s="5 minutes")
    page = await browser.submit("Continue as Fay")
    assert "Thank you, Fay!" in page.text
    await browser.submit("Connect")
    page = await browser.submit("Authorize")
    assert "Is @fay you?" in page.text
    await browser.submit("Yes, connect @fay")
    fay = next(each for each in playing.world.people if each.name == "Fay")
    async with Driver(playing.addresses.discord) as driver:
        roles = await until(lambda: driver.roles_of(playing.world.guild, fay.account), "Fay with a role")
    assert roles == {"Gold"}
    page = await be(browser, playing, "See Fay in the server")
    assert "Fay @fay Gold" in page.text
    page = await be(browser, playing, "Memberships page as Fay")
    assert "You are in." in page.text
    page = await browser.follow("Get help")
    assert "Right now you are Fay" in page.text


async def test_every_address_of_the_start_page_leads_somewhere(playing: Demo, browser: Browser) -> None:
    start = await browser.open(playing.addresses.start)
    for link in start.links.values():
        assert (await browser.open(link)).status == 200, link
    for button in start.buttons:
        page = await be(browser, playing, button)
        assert page.status == 200, button
    page = await browser.post(f"{playing.addresses.start}/be", [("person", "Nobody"), ("next", "")])
    assert page.status == 404
    elsewhere = [("person", "Ana"), ("next", "http://example.org/")]
    page = await browser.post(f"{playing.addresses.start}/be", elsewhere)
    assert page.url == playing.addresses.start


async def test_the_command_runs_until_it_is_told_to_stop() -> None:
    code = (
        "import sys; from bot.sandbox.demo import main; from bot.sandbox.demo.ports import Ports; "
        "sys.exit(main(Ports.free(wanted=Ports(start=0, discord=0, platform=0, bot=0))))"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    printed = ""
    async with asyncio.timeout(STARTS_WITHIN_S):
        while "Ctrl-C" not in printed:
            line = await process.stdout.readline()
            assert line, printed
            printed += line.decode()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STARTS_WITHIN_S):
        assert await process.wait() == 0
    for what in ("Start page", "Storefront", "Discord", "Memberships page", "Integrations Hub"):
        assert f"{what:<19}http://127.0.0.1:" in printed


def test_a_taken_port_is_not_waited_for() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = Ports.free(wanted=Ports(start=port, discord=0, platform=0, bot=0))
        assert found.start != port
        assert len({found.start, found.discord, found.platform, found.bot}) == 4
