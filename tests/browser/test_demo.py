"""The demo as a newcomer plays it, in a real browser: from its first page to a role, and every page that is linked."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.sandbox.demo.ports import Ports
from bot.sandbox.demo.run import Demo, demo
from bot.sandbox.discord.driver import Driver
from tests.browser.visitor import DESK, PHONE, Enter, Manner, Visitor, played

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(150)]
PROMISED_S = 120
"""What the README promises; a person is slower than a test, and a test machine slower than a person's."""


@pytest_asyncio.fixture(loop_scope="session")
async def playing(empty_url: str) -> AsyncIterator[Demo]:
    anywhere = Ports(start=0, discord=0, platform=0, bot=0)
    async with demo(Ports.free(wanted=anywhere), database_url=empty_url) as playing:
        yield playing


async def be(visitor: Visitor, playing: Demo, button: str) -> None:
    await visitor.open(playing.addresses.start)
    await visitor.press(button)


async def sets_up(visitor: Visitor, playing: Demo) -> None:
    """The steps of the start page that are Ana's."""
    await be(visitor, playing, "Be Ana in her server")
    await visitor.press("/passes setup")
    tab = await visitor.opens_tab("Confirm on Passes")
    await tab.press("Yes, @ana may")
    await visitor.press("I have confirmed")
    await visitor.press("Add Integration")
    await visitor.fill("Name", "Studio")
    await visitor.press("Submit")
    await visitor.follow("Roles of Ana's Studio")
    await visitor.press("To the top Passes Bot")
    await visitor.follow("Back to the bot")
    await visitor.press("Refresh Roles")
    await visitor.press("Add Membership")
    await visitor.tick("Gold")
    await visitor.press("Choose")
    await visitor.tick("Gold")
    await visitor.press("Choose")
    await visitor.sees("Gold gives the server and Gold")


@played(PHONE)
async def test_from_the_first_page_to_a_role(playing: Demo, enter: Enter, manner: Manner) -> None:
    visitor, began = await enter(manner), asyncio.get_running_loop().time()
    await sets_up(visitor, playing)
    await be(visitor, playing, "Be Fay in the storefront")
    await visitor.press("Buy Gold")
    await visitor.press("Continue as Fay")
    await visitor.press("Connect")
    await visitor.press("Authorize")
    await visitor.press("Yes, connect @fay")
    await visitor.sees("You are in.")
    assert asyncio.get_running_loop().time() - began < PROMISED_S
    fay = next(each for each in playing.world.people if each.name == "Fay")
    async with Driver(playing.addresses.discord) as driver:
        assert await driver.roles_of(playing.world.guild, fay.account) == {"Gold"}
    await be(visitor, playing, "Fay’s direct messages")  # noqa: RUF001 - as it stands on the button
    await visitor.sees_after_a_while("Welcome!")


@played(DESK)
async def test_every_page_of_the_sandbox(playing: Demo, enter: Enter, manner: Manner) -> None:
    visitor, at = await enter(manner), playing.addresses
    await be(visitor, playing, "Be Ana in her server")
    await visitor.press("/passes setup")
    for site in (at.start, at.discord, at.platform):
        await visitor.walk(site, within=site)
