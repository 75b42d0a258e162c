"""What comes back from Discord to the Hub, and the press after it: each counts once, and only in its own session."""

from collections.abc import AsyncIterator
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sandbox.browser import Browser, Page
from models import CreatorAccount, Integration
from tests.web.hub.creator import Creator


@pytest.fixture
async def zoe(ana: Creator) -> AsyncIterator[Browser]:
    """Another creator's browser, signed in."""
    story = ana.story
    person = await story.platform.create_creator("Zoe")
    async with Browser() as browser:
        await browser.open(await story.platform.launch_url(person, next_path="/hub"))
        yield browser


async def _asks_discord(ana: Creator, button: str) -> str:
    """Presses, and stops at Discord's page; the address of it."""
    ana.browser.authorize = None
    return (await ana.browser.submit(button)).url


async def _agrees(ana: Creator, button: str) -> str:
    """Presses, and agrees at Discord; the address that Discord sends back to, not opened yet."""
    return await ana.story.discord.authorize(ana.person.account, await _asks_discord(ana, button))


def _of(address: str, name: str) -> str:
    return parse_qs(urlsplit(address).query)[name][0]


async def _nothing_is_connected(page: Page, why: str) -> None:
    assert why in page.text
    assert await CreatorAccount.all().count() == 0
    assert await Integration.filter(guild_id__isnull=False).count() == 0


async def test_consent_denied(ana: Creator) -> None:
    await ana.names()
    ana.browser.authorize = partial(ana.story.discord.authorize, ana.person.account, approve=False)

    page = await ana.browser.submit("Connect your Discord")

    await _nothing_is_connected(page, "did not allow it")


async def test_a_state_that_is_wrong_missing_or_used_and_a_code_used_twice(ana: Creator) -> None:
    await ana.names()
    back = await _agrees(ana, "Connect your Discord")
    at, code = back.partition("?")[0], _of(back, "code")
    for state in ("&state=wrong", "&state=", ""):
        page = await ana.browser.open(f"{at}?code={code}{state}")
        await _nothing_is_connected(page, "begun in another browser")

    assert "Connect Ana's Studio?" in (await ana.browser.open(back)).text
    await _nothing_is_connected(await ana.browser.open(back), "opened twice")

    await ana.home()
    fresh = _of(await _asks_discord(ana, "Connect your Discord"), "state")
    page = await ana.browser.open(f"{at}?code={code}&state={fresh}")
    await _nothing_is_connected(page, "Discord did not accept it")


@pytest.mark.parametrize("button", ["Connect your Discord", "Confirm with Discord"])
async def test_what_another_session_began(ana: Creator, zoe: Browser, button: str) -> None:
    """The classic: an attacker's finished consent, fed to a victim's browser."""
    await ana.names()
    if button == "Confirm with Discord":
        await ana.browser.open(f"{ana.story.bot_url}/hub/accounts")
    back = await _agrees(ana, button)

    await _nothing_is_connected(await zoe.open(back), "begun in another browser")

    assert {"Yes, connect Ana's Studio", "Yes, @ana may"} & {*(await ana.browser.open(back)).buttons}


async def test_the_press_that_connects_counts_once_and_only_in_its_own_session(
    ana: Creator, zoe: Browser
) -> None:
    await ana.names()
    await ana.browser.open(await _agrees(ana, "Connect your Discord"))

    fields = await _is_refused_to(zoe, ana, "Yes, connect")
    await ana.browser.submit("Yes, connect")
    await Integration.all().update(guild_id=None)

    again = await ana.browser.post(f"{ana.story.bot_url}/hub/connect/press", fields, origin=ana.story.bot_url)
    assert "pressed already" in again.text
    assert await Integration.filter(guild_id__isnull=False).count() == 0


async def test_the_press_for_a_helper_counts_once_and_only_in_its_own_session(
    ana: Creator, zoe: Browser
) -> None:
    await ana.names()
    await ana.browser.open(f"{ana.story.bot_url}/hub/accounts")
    await ana.browser.open(await _agrees(ana, "Confirm with Discord"))

    fields = await _is_refused_to(zoe, ana, "Yes, @ana may")
    await ana.browser.submit("Yes, @ana may")
    await ana.browser.submit("Remove")

    url = f"{ana.story.bot_url}/hub/accounts/press"
    again = await ana.browser.post(url, fields, origin=ana.story.bot_url)
    await _nothing_is_connected(again, "pressed already")


async def _is_refused_to(zoe: Browser, ana: Creator, button: str) -> list[tuple[str, str]]:
    """Zoe sends what Ana's form would; answers what that is."""
    form, _ = ana.page.form(button)
    fields = dict(form.fields)
    csrf = dict(zoe.page.form("Sign out")[0].fields)["csrf"]
    stolen = [*(fields | {"csrf": csrf}).items()]
    page = await zoe.post(f"{ana.story.bot_url}{form.action}", stolen, origin=ana.story.bot_url)
    await _nothing_is_connected(page, "pressed already, or is too old")
    return [*fields.items()]
