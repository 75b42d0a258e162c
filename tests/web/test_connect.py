"""Connect: through Discord's consent page to the page that names both sides, and whatever can be wrong on the way."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sandbox.browser import Browser
from models import AccountToken, Link, Notice, OAuthState, Seat
from models.fans import SeatState
from tests.web.house import Wired


async def test_a_fan_connects_by_a_press_on_a_page_that_names_both_sides(house: Wired) -> None:
    club = await house.integration()
    ana, bob = await house.fan("Ana", club), await house.discord.create_user("bob")
    async with house.browser(as_user=bob) as browser:
        await house.sign_in(browser, ana)
        page = await browser.submit("Connect")
        assert "Give what Ana bought on Passes to the Discord account @bob? Only if @bob is you." in page.text
        assert "Mira's place" in page.text
        assert await Link.all().count() == 0
        page = await browser.submit("Yes, connect @bob")
        assert page.url == f"{house.url}/memberships"
        assert "Connected to @bob" in page.text
    link = await Link.get(fan_id=ana)
    assert link.account_id == bob
    seat = await Seat.get(fan_id=ana)
    assert (seat.integration_id, seat.state) == (club.integration_id, SeatState.WANTED)
    token = await AccountToken.get(account_id=bob)
    assert await house.rooms.tokens.fresh(bob)  # type: ignore[arg-type]  # an id is an int
    assert "bob" not in token.access_token


async def test_the_linked_account_is_told(house: Wired) -> None:
    await _connect(house, "Ana", "bob")
    assert await house.rooms.notices.deliver_due() == 1
    assert "now connected to **Ana**" in house.sender.sent[0][1]


async def test_what_discord_is_asked_for(house: Wired) -> None:
    club = await house.integration()
    ana, bob = await house.fan("Ana", club), await house.discord.create_user("bob")
    async with house.browser(as_user=bob) as browser:
        await house.sign_in(browser, ana)
        page = await browser.submit("Connect")
        asked = parse_qs(urlsplit(page.hops[1]).query)
        assert asked["scope"] == ["identify guilds.join"]
        assert asked["redirect_uri"] == [f"{house.url}/oauth/discord"]
        assert asked["state"]
        assert "prompt" not in asked


async def test_a_linked_fan_joins_another_server_with_one_press(house: Wired) -> None:
    ana, _ = await _connect(house, "Ana", "bob")
    other = await house.integration(guild_name="Second place")
    house.shelf.shown[ana] = [other]
    async with house.browser(as_user=None) as browser:
        await house.sign_in(browser, ana)
        page = await browser.submit("Connect")
        assert page.url == f"{house.url}/memberships"
    assert await Seat.exists(fan_id=ana, integration_id=other.integration_id, state=SeatState.WANTED)


async def test_a_dead_token_is_replaced_without_a_second_question(house: Wired) -> None:
    ana, bob = await _connect(house, "Ana", "bob")
    await AccountToken.all().delete()
    house.shelf.shown[ana] = [await house.integration(trouble="no_token")]
    async with house.browser(as_user=bob) as browser:
        await house.sign_in(browser, ana)
        page = await browser.submit("Connect")
        assert parse_qs(urlsplit(page.hops[1]).query)["prompt"] == ["none"]
        assert page.url == f"{house.url}/memberships"
    assert await AccountToken.exists(account_id=bob)


async def test_changing_accounts_names_the_old_one_and_ends_it(house: Wired) -> None:
    ana, bob = await _connect(house, "Ana", "bob")
    eve = await house.discord.create_user("eve")
    async with house.browser(as_user=eve) as browser:
        await house.sign_in(browser, ana)
        page = await browser.submit("Change account")
        assert parse_qs(urlsplit(page.hops[1]).query)["prompt"] == ["consent"]
        assert "Until now your Discord account here is @bob. It is disconnected" in page.text
        page = await browser.submit("Yes, connect @eve")
        assert "Connected to @eve" in page.text
    assert (await Link.get(fan_id=ana)).account_id == eve
    assert not await AccountToken.exists(account_id=bob)
    await house.rooms.notices.deliver_due()
    assert any(to == bob and "no longer connected" in text for to, text in house.sender.sent)


async def test_a_second_fan_who_proves_the_account_may_move_the_link(house: Wired) -> None:
    ana, bob = await _connect(house, "Ana", "bob")
    ben = await house.fan("Ben", await house.integration())
    async with house.browser(as_user=bob) as browser:
        await house.sign_in(browser, ben)
        page = await browser.submit("Connect")
        assert "another Passes account, A•••" in page.text
        assert "Ana" not in page.text
        assert await Link.exists(fan_id=ana, account_id=bob)
        await browser.submit("Yes, connect @bob")
    assert not await Link.exists(fan_id=ana)
    assert await Link.exists(fan_id=ben, account_id=bob)
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        assert "was connected to another Passes account" in browser.page.text


async def test_consent_denied_says_so_and_offers_to_try_again(house: Wired) -> None:
    club = await house.integration()
    ana, bob = await house.fan("Ana", club), await house.discord.create_user("bob")
    async with house.browser(as_user=bob, approve=False) as browser:
        await house.sign_in(browser, ana)
        page = await browser.submit("Connect")
        assert "You did not allow it at Discord" in page.text
        assert "Try again" in page.buttons
        page = await browser.submit("Try again")
        assert "You did not allow it at Discord" in page.text
    assert await Link.all().count() == 0


@pytest.mark.parametrize("state", ["wrong", "", None])
async def test_a_wrong_or_missing_state_links_nothing(house: Wired, state: str | None) -> None:
    ana, bob = await house.fan("Ana", await house.integration()), await house.discord.create_user("bob")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        location = await house.discord.authorize(bob, await _consent_url(house, browser))
        code = parse_qs(urlsplit(location).query)["code"][0]
        suffix = "" if state is None else f"&state={state}"
        page = await browser.open(f"{house.url}/oauth/discord?code={code}{suffix}")
        _is_plain(page.status, page.text, 400)


async def test_another_sessions_state_links_nothing(house: Wired) -> None:
    """The classic: an attacker's finished consent, fed to a victim's browser, would give the victim's purchase away."""
    club = await house.integration()
    ana, eve = await house.fan("Ana", club), await house.fan("Eve", club)
    evil = await house.discord.create_user("evil")
    async with Browser() as attacker, Browser() as victim:
        await house.sign_in(attacker, eve)
        location = await house.discord.authorize(evil, await _consent_url(house, attacker))
        await house.sign_in(victim, ana)
        page = await victim.open(location)
        _is_plain(page.status, page.text, 400)
        assert await Link.all().count() == 0
        page = await attacker.open(location)
        assert "Give what Eve bought" in page.text


async def test_a_state_works_once(house: Wired) -> None:
    ana, bob = await house.fan("Ana", await house.integration()), await house.discord.create_user("bob")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        location = await house.discord.authorize(bob, await _consent_url(house, browser))
        assert (await browser.open(location)).status == 200
        page = await browser.open(location)
        _is_plain(page.status, page.text, 400)


async def test_a_state_is_worth_nothing_after_ten_minutes(house: Wired) -> None:
    ana, bob = await house.fan("Ana", await house.integration()), await house.discord.create_user("bob")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        location = await house.discord.authorize(bob, await _consent_url(house, browser))
        house.clock.move(timedelta(minutes=10))
        page = await browser.open(location)
        _is_plain(page.status, page.text, 400)


async def test_a_code_used_twice_links_nothing(house: Wired) -> None:
    ana, bob = await house.fan("Ana", await house.integration()), await house.discord.create_user("bob")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        first = await house.discord.authorize(bob, await _consent_url(house, browser))
        await browser.open(first)
        used = parse_qs(urlsplit(first).query)["code"][0]
        state = parse_qs(urlsplit(await _consent_url(house, browser)).query)["state"][0]
        page = await browser.open(f"{house.url}/oauth/discord?code={used}&state={state}")
        _is_plain(page.status, page.text, 400)
        assert "Discord did not accept it" in page.text


async def test_a_callback_without_its_session_offers_the_code(house: Wired) -> None:
    ana, bob = await house.fan("Ana", await house.integration()), await house.discord.create_user("bob")
    async with Browser() as browser, Browser() as other:
        await house.sign_in(browser, ana)
        location = await house.discord.authorize(bob, await _consent_url(house, browser))
        page = await other.open(location)
        assert page.status == 401
        assert page.link("A code for what you bought") == f"{house.url}/code?as=fan"
        assert await Link.all().count() == 0
        assert await OAuthState.filter(used_at__isnull=True).count() == 1


async def test_the_press_counts_once_and_only_in_its_own_session(house: Wired) -> None:
    club = await house.integration()
    ana, eve = await house.fan("Ana", club), await house.fan("Eve", club)
    bob = await house.discord.create_user("bob")
    async with house.browser(as_user=bob) as browser, Browser() as other:
        await house.sign_in(browser, ana)
        page = await browser.submit("Connect")
        fields = dict(page.form("Yes, connect")[0].fields)
        await house.sign_in(other, eve)
        csrf = dict(other.page.form("Sign out")[0].fields)["csrf"]
        stolen = await other.post(
            f"{house.url}/connect/press", [("csrf", csrf), ("press", fields["press"])], origin=house.url
        )
        _is_plain(stolen.status, stolen.text, 400)
        await browser.submit("Yes, connect")
        again = await browser.post(f"{house.url}/connect/press", list(fields.items()), origin=house.url)
        _is_plain(again.status, again.text, 400)
    assert await Link.all().count() == 1


async def test_another_creators_integration_named_in_the_form_is_refused(house: Wired) -> None:
    mine, other = await house.integration(), await house.integration()
    ana = await house.fan("Ana", mine)
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        csrf = dict(browser.page.form("Connect")[0].fields)["csrf"]
        for named in (str(other.integration_id), "x", "-1", "9" * 30, "²"):
            page = await browser.post(
                f"{house.url}/connect", [("csrf", csrf), ("integration", named)], origin=house.url
            )
            _is_plain(page.status, page.text, 404)
    assert await Seat.all().count() == 0


async def test_what_changed_since_the_page_is_not_pressed_through(house: Wired) -> None:
    """The page said nothing of another fan; by the time of the press the account is another fan's."""
    club = await house.integration()
    ana, ben = await house.fan("Ana", club), await house.fan("Ben", club)
    bob = await house.discord.create_user("bob")
    async with house.browser(as_user=bob) as first, house.browser(as_user=bob) as second:
        await house.sign_in(first, ana)
        await first.submit("Connect")
        await house.sign_in(second, ben)
        await second.submit("Connect")
        await second.submit("Yes, connect")
        page = await first.submit("Yes, connect")
        _is_plain(page.status, page.text, 409)
    assert (await Link.get(account_id=bob)).fan_id == ben


async def test_accounts_change_at_most_three_times_in_thirty_days(house: Wired) -> None:
    ana, _ = await _connect(house, "Ana", "user0")
    for n in range(1, 4):
        user = await house.discord.create_user(f"user{n}")
        async with house.browser(as_user=user) as browser:
            await house.sign_in(browser, ana)
            await browser.submit("Change account")
            await browser.submit("Yes, connect")
    last = await house.discord.create_user("user4")
    async with house.browser(as_user=last) as browser:
        await house.sign_in(browser, ana)
        page = await browser.submit("Change account")
        assert page.status == 409
        assert "Too many changes" in page.text


async def test_discord_away_says_so(house: Wired) -> None:
    ana, bob = await house.fan("Ana", await house.integration()), await house.discord.create_user("bob")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        location = await house.discord.authorize(bob, await _consent_url(house, browser))
        await house.discord.fault(route="POST /oauth2/token", do="status", status=503)
        page = await browser.open(location)
        _is_plain(page.status, page.text, 503)


async def test_disconnecting_says_what_ends_and_ends_it(house: Wired) -> None:
    ana, bob = await _connect(house, "Ana", "bob")
    async with Browser() as browser:
        await house.sign_in(browser, ana)
        page = await browser.follow("Disconnect account")
        assert "@bob no longer stands for what Ana bought" in page.text
        assert "Mira's place" in page.text
        page = await browser.submit("Disconnect @bob")
        assert "No Discord account is connected" in page.text
    assert await Link.all().count() == 0
    assert await AccountToken.all().count() == 0
    assert await Notice.exists(kind="unlinked", account_id=bob)


async def _connect(house: Wired, fan_name: str, username: str) -> tuple[str, int]:
    """A fan, linked by pressing through the pages."""
    fan, user = (
        await house.fan(fan_name, await house.integration()),
        await house.discord.create_user(username),
    )
    async with house.browser(as_user=user) as browser:
        await house.sign_in(browser, fan)
        await browser.submit("Connect")
        await browser.submit("Yes, connect")
    return fan, user


async def _consent_url(house: Wired, browser: Browser) -> str:
    """Where Connect leads, without going there."""
    seen: list[str] = []

    async def stay(url: str) -> str:
        seen.append(url)
        return f"{house.url}/healthz"

    await browser.open(f"{house.url}/memberships")
    browser.authorize = stay
    await browser.submit("Connect")
    browser.authorize = None
    return seen[0]


def _is_plain(status: int, text: str, expected: int) -> None:
    assert status == expected, text
    assert "Get help" in text
