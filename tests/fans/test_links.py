"""Links: what a change does to both sides, whose work it makes, and how often it may happen."""

import asyncio
from datetime import timedelta
from itertools import count

import pytest

from bot.fans.links import (
    AlreadyLinked,
    FanUnknown,
    Linked,
    LinkedAccount,
    Links,
    NotLinked,
    Preview,
    TooManyChanges,
    mask,
)
from bot.ids import AccountId, FanId, GuildId, Member
from models import Fan, Link, Notice, Stay, Work
from models.access import StayState
from tests.web.house import Wired

ANA, BEN = FanId("ana"), FanId("ben")
ONE, TWO = AccountId(1001), AccountId(1002)
GUILD = GuildId(4242)


@pytest.fixture
async def links(house: Wired) -> Links:
    for fan in (ANA, BEN):
        await Fan.create(id=fan, display_name=fan.title())
    return house.rooms.links


async def test_an_agreed_preview_links(links: Links) -> None:
    preview = await links.preview(ANA, ONE)
    assert isinstance(preview, Preview)
    linked = await links.link(ANA, ONE, "one", agreed=preview.key)
    assert isinstance(linked, Linked)
    assert await links.of_fan(ANA) == await links.of_account(ONE) == linked.link


async def test_without_agreement_nothing_is_linked(links: Links) -> None:
    assert isinstance(await links.link(ANA, ONE, "one", agreed=""), Preview)
    assert await Link.all().count() == 0


async def test_the_same_link_again_is_no_change(links: Links) -> None:
    await _link(links, ANA, ONE)
    assert isinstance(await links.preview(ANA, ONE), AlreadyLinked)


async def test_a_fan_nobody_knows_is_not_linked(links: Links, house: Wired) -> None:
    assert await links.preview(FanId("nobody"), ONE) == FanUnknown()
    await Fan.filter(id=BEN).update(deleted_at=house.clock())
    assert await links.preview(BEN, ONE) == FanUnknown()


async def test_of_two_presses_at_once_one_wins(links: Links) -> None:
    ana, ben = await links.preview(ANA, ONE), await links.preview(BEN, ONE)
    assert isinstance(ana, Preview)
    assert isinstance(ben, Preview)
    outcomes = await asyncio.gather(
        links.link(ANA, ONE, "one", agreed=ana.key), links.link(BEN, ONE, "one", agreed=ben.key)
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Linked", "Preview"]
    assert await Link.filter(account_id=ONE).count() == 1


async def test_unlinking_makes_work_where_the_account_was_seen(links: Links, house: Wired) -> None:
    await _link(links, ANA, ONE)
    await _was_seen(house, ONE)
    assert isinstance(await links.unlink(ANA), LinkedAccount)
    assert await _work() == {Member(GUILD, ONE)}
    assert await links.unlink(ANA) == NotLinked()


async def test_changing_accounts_is_an_end_for_the_old_one(links: Links, house: Wired) -> None:
    await _link(links, ANA, ONE)
    await _was_seen(house, ONE)
    await _link(links, ANA, TWO)
    assert Member(GUILD, ONE) in await _work()
    assert await links.of_account(ONE) is None
    assert await Notice.exists(kind="unlinked", account_id=ONE)


async def test_a_moved_link_is_an_end_for_the_other_fan_who_is_told(links: Links, house: Wired) -> None:
    await _link(links, ANA, ONE)
    await _was_seen(house, ONE)
    await _link(links, BEN, ONE)
    assert Member(GUILD, ONE) in await _work()
    assert await links.of_fan(ANA) is None
    told = await house.rooms.notices.for_page(ANA)
    assert "was connected to another Passes account" in told[0].text
    assert not any("Ben" in notice.text for notice in told)


async def test_three_changes_in_thirty_days(links: Links, house: Wired) -> None:
    accounts = count(1)
    for _ in range(4):  # the first link and three changes
        await _link(links, ANA, AccountId(next(accounts)))
        house.clock.move(timedelta(days=1))
    refused = await links.preview(ANA, AccountId(next(accounts)))
    assert isinstance(refused, TooManyChanges)
    house.clock.now = refused.again_at
    assert isinstance(await links.preview(ANA, AccountId(99)), Preview)


async def test_unlinking_in_between_does_not_help_and_the_same_account_may_always_come_back(
    links: Links,
) -> None:
    for account in range(1, 5):
        await _link(links, ANA, AccountId(account))
        await links.unlink(ANA)
    assert isinstance(await links.preview(ANA, AccountId(9)), TooManyChanges)
    assert isinstance(await links.preview(ANA, AccountId(4)), Preview)


async def test_an_account_does_not_wander_between_fans_either(links: Links) -> None:
    for fan in (ANA, BEN, ANA, BEN):
        await _link(links, fan, ONE)
    assert isinstance(await links.preview(ANA, ONE), TooManyChanges)


async def test_disconnecting_revokes_the_authorization_at_discord(links: Links, house: Wired) -> None:
    user = await house.discord.create_user("one")
    url = house.rooms.oauth.authorize_url(
        state="s", scopes=("identify", "guilds.join"), redirect_uri=f"{house.url}/oauth/discord"
    )
    code = (await house.discord.authorize(user, url)).split("code=")[1].split("&")[0]
    pair = await house.rooms.oauth.exchange(code, f"{house.url}/oauth/discord")
    connecting = house.rooms.connecting
    preview = await links.preview(ANA, AccountId(user))
    assert isinstance(preview, Preview)
    await connecting.connect(ANA, AccountId(user), "one", agreed=preview.key, pair=pair)  # type: ignore[arg-type]  # seen below
    access = await house.rooms.tokens.fresh(AccountId(user))
    assert isinstance(access, str)
    await connecting.disconnect(ANA)
    assert await house.rooms.tokens.fresh(AccountId(user)) is None
    assert await house.rooms.oauth.identify(access) != pair
    assert not hasattr(await house.rooms.oauth.identify(access), "username")


def test_a_mask_shows_one_letter() -> None:
    assert mask("Ana Kowalska") == "A•••"
    assert mask("") == "•••"


async def _link(links: Links, fan: FanId, account: AccountId) -> None:
    preview = await links.preview(fan, account)
    assert isinstance(preview, Preview), preview
    assert isinstance(await links.link(fan, account, f"user{account}", agreed=preview.key), Linked)


async def _was_seen(house: Wired, account: AccountId) -> None:
    await Stay.create(guild_id=GUILD, account_id=account, state=StayState.IN, seen_at=house.clock())


async def _work() -> set[Member]:
    return {Member(GuildId(row.guild_id), AccountId(row.account_id)) for row in await Work.all()}
