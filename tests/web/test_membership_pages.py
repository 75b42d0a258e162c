"""The Memberships page: every integration, its state, and the one next step; and the page after a purchase."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.access.views import FanState, NextStep
from bot.sandbox.browser import Browser, Page
from models.fans import Seat, SeatState
from tests.web.house import Wired

STEPS = [
    (FanState.NOT_CONNECTED, None, NextStep.CONNECT, "Connect"),
    (FanState.LEFT, "left", NextStep.REJOIN, "Rejoin"),
    (FanState.NEEDS_ATTENTION, "join_refused", NextStep.WAIT, "Try again"),
    (FanState.NEEDS_ATTENTION, "too_many_servers", NextStep.CONNECT, "Try again"),
    (FanState.NEEDS_ATTENTION, "banned", NextStep.WAIT, "Try again"),
    (FanState.NEEDS_ATTENTION, "joins_limited", NextStep.CONNECT, "Try again"),
    (FanState.NEEDS_ATTENTION, "role_out_of_reach", NextStep.WAIT, None),
    (FanState.CONNECTED, None, NextStep.NOTHING, None),
    (FanState.WAITING, None, NextStep.WAIT, None),
    (FanState.ENDED, None, NextStep.NOTHING, None),
]


@pytest.mark.parametrize(("state", "trouble", "due", "button"), STEPS)
async def test_one_next_step_or_none(
    house: Wired, state: FanState, trouble: str | None, due: NextStep, button: str | None
) -> None:
    page = await _page(house, state=state, trouble=trouble, next_step=due)
    offered = {"Connect", "Rejoin", "Try again"} & set(page.buttons)
    assert offered == ({button} if button else set())


async def test_who_is_linked_and_lacks_only_a_permission_is_told_so(house: Wired) -> None:
    page = await _page(house, state=FanState.NOT_CONNECTED, trouble="no_token")
    assert "Discord needs your permission once more" in page.text


async def test_accepting_the_rules_leads_to_the_server(house: Wired) -> None:
    page = await _page(house, state=FanState.ONE_STEP_LEFT)
    assert page.link("Accept the server's rules") == "https://discord.com/channels/4242"


async def test_what_is_shown_of_an_integration(house: Wired) -> None:
    until = datetime(2026, 12, 24, tzinfo=UTC)
    page = await _page(house, state=FanState.CONNECTED, until=until, roles_due=("Gold", "Chat"))
    assert "Mira's place" in page.text
    assert "Club, by Mira · from Gold" in page.text
    assert "Roles: Gold, Chat" in page.text
    assert "Until 24 December 2026, and on if it is renewed." in page.text


async def test_a_page_that_waits_looks_again_and_others_do_not(house: Wired) -> None:
    assert (await _page(house, state=FanState.WAITING)).headers["Refresh"] == "3; url=/memberships?looks=1"
    assert "Refresh" not in (await _page(house, state=FanState.CONNECTED)).headers


async def test_whoever_reads_slowly_can_stop_a_page_from_looking_again(house: Wired) -> None:
    fan = await house.fan("Ana", await house.integration(state=FanState.WAITING))
    async with Browser() as browser:
        await house.sign_in(browser, fan)
        assert "Refresh" in browser.page.headers
        assert "Refresh" not in (await browser.follow("Stop that")).headers
        assert "Refresh" not in (await browser.follow("Look again")).headers


async def test_what_takes_long_is_looked_at_more_slowly_and_then_no_more(house: Wired) -> None:
    fan = await house.fan("Ana", await house.integration(state=FanState.WAITING))
    async with Browser() as browser:
        await house.sign_in(browser, fan)
        page = await browser.open(f"{house.url}/memberships?looks=10")
        assert page.headers["Refresh"] == "15; url=/memberships?looks=11"
        page = await browser.open(f"{house.url}/memberships?looks=20")
        assert "Refresh" not in page.headers
        assert (await browser.follow("Look again")).headers["Refresh"] == "3; url=/memberships?looks=1"


async def test_whoever_is_in_can_open_the_server(house: Wired) -> None:
    page = await _page(house, state=FanState.CONNECTED)
    assert page.link("Open Mira's place") == "https://discord.com/channels/4242"


async def test_several_can_be_connected_at_once(house: Wired) -> None:
    fan = await house.fan("Ana", await house.integration(), await house.integration(guild_name="Second"))
    bob = await house.discord.create_user("bob")
    async with house.browser(as_user=bob) as browser:
        await house.sign_in(browser, fan)
        page = await browser.submit("Connect all 2")
        assert "Mira's place" in page.text
        assert "Second" in page.text


async def test_one_server_is_given_up_and_taken_up_again(house: Wired) -> None:
    club = await house.integration(state=FanState.CONNECTED)
    fan = await house.fan("Ana", club)
    async with Browser() as browser:
        await house.sign_in(browser, fan)
        page = await browser.follow("Disconnect this server")
        assert "What Club, by Mira, gave you there is taken away." in page.text
        assert await Seat.all().count() == 0
        page = await browser.submit("Disconnect Mira's place")
        assert page.url == f"{house.url}/memberships"
        seat = await Seat.get(fan_id=fan, integration_id=club.integration_id)
        assert seat.state is SeatState.DECLINED

        declined = replace(club, seat=SeatState.DECLINED, state=FanState.NOT_CONNECTED)
        house.shelf.shown[fan] = [declined, await house.integration(), await house.integration()]
        page = await browser.reload()
        assert "You disconnected Mira's place." in page.text
        assert "Connect all 2" in page.buttons, "what was given up is not among them"
        assert "Disconnect this server" not in page.links


async def test_nobody_gives_up_what_is_not_theirs(house: Wired) -> None:
    theirs = await house.integration(state=FanState.CONNECTED)
    fan = await house.fan("Ana", await house.integration(state=FanState.LEFT))
    async with Browser() as browser:
        await house.sign_in(browser, fan)
        csrf = dict(browser.page.form("Sign out")[0].fields)["csrf"]
        for given in (theirs.integration_id, "x", "9" * 30, ""):
            fields = [("csrf", csrf), ("integration", str(given))]
            page = await browser.post(f"{house.url}/memberships/decline", fields, origin=house.url)
            assert page.url == f"{house.url}/memberships"
            page = await browser.open(f"{house.url}/memberships/decline?integration={given}")
            assert page.url == f"{house.url}/memberships"
    assert await Seat.all().count() == 0


async def test_nobody_sees_it_without_being_signed_in(house: Wired) -> None:
    async with Browser() as browser:
        page = await browser.open(f"{house.url}/memberships")
        assert page.url.startswith(house.config.membership_login_url or "")


async def test_confirmation_waits_and_then_shows_what_was_bought(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    tier = await house.platform.create_tier(creator, "Gold")
    fan = await house.fan("Ana", await house.integration())
    await house.platform.pause_webhooks()
    membership = await house.platform.buy(fan, tier)
    async with Browser() as browser:
        await house.sign_in(browser, fan)
        page = await browser.open(f"{house.url}/memberships/confirm?membership={membership}")
        assert "We are waiting for Passes to confirm your purchase." in page.text
        assert page.headers["Refresh"] == f"3; url=/memberships/confirm?membership={membership}&looks=1"
        page = await browser.open(f"{house.url}/memberships/confirm?membership={membership}&looks=20")
        assert "It takes longer than usual." in page.text
        assert "Refresh" not in page.headers
        await house.sign_in_with(browser, fan, membership)
        page = await browser.open(f"{house.url}/memberships/confirm?membership={membership}")
        assert "Thank you, Ana!" in page.text
        assert "You have Gold from Mira." in page.text
        assert "Connect" in page.buttons


async def test_somebody_elses_membership_is_not_confirmed_to_others(house: Wired) -> None:
    creator = await house.platform.create_creator("Mira")
    tier = await house.platform.create_tier(creator, "Gold")
    ana, eve = await house.fan("Ana"), await house.fan("Eve")
    membership = await house.platform.buy(ana, tier)
    async with Browser() as browser:
        await house.sign_in_with(browser, ana, membership)
        await browser.submit("Sign out")
        await house.sign_in(browser, eve)
        page = await browser.open(f"{house.url}/memberships/confirm?membership={membership}")
        assert "We are waiting" in page.text
        page = await browser.open(f"{house.url}/memberships/confirm?membership=../x")
        assert page.url == f"{house.url}/memberships"


async def _page(house: Wired, **shown: Any) -> Page:
    fan = await house.fan("Ana", await house.integration(**shown))
    async with Browser() as browser:
        await house.sign_in(browser, fan)
        return browser.page
