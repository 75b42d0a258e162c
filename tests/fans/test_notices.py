"""Notices: told once, sent when it can be, and shown on the page where it cannot."""

import asyncio
from datetime import timedelta

import pytest

from bot.access.way_back import WayBack
from bot.discord.outcomes import Absent, NeedsPerson, Person, RetryAfter, Thing
from bot.fans.notices import MOST_ATTEMPTS, Notices
from bot.fans.texts import TEXTS, plain
from bot.ids import AccountId, FanId, GuildId, Member
from models import Notice
from tests.web.house import Wired

ANA = FanId("ana")
MEMBER = Member(GuildId(1), AccountId(7))
CLOSED = NeedsPerson(who=Person.FAN, why="dms_closed", code=50007)
LATER = RetryAfter(after=timedelta(seconds=5), why="status_503")


@pytest.fixture
def notices(house: Wired) -> Notices:
    return house.rooms.notices


async def test_the_same_key_is_told_once(house: Wired, notices: Notices) -> None:
    for _ in range(2):
        await notices.welcome(MEMBER, key="w1", fan_id=ANA, guild_name="Place", roles=["Gold"])
        await notices.deliver_due()
    assert len(house.sender.sent) == 1
    assert "Place" in house.sender.sent[0][1]
    assert "Gold" in house.sender.sent[0][1]


async def test_two_senders_at_once_send_one_message(house: Wired, notices: Notices) -> None:
    await notices.welcome(MEMBER, key="w1", fan_id=ANA, guild_name="Place", roles=[])
    await asyncio.gather(notices.deliver_due(), notices.deliver_due())
    assert len(house.sender.sent) == 1


async def test_nobody_is_written_to_before_a_server_is_shared(house: Wired, notices: Notices) -> None:
    house.sender.away = True
    await notices.linked(AccountId(7), ANA)
    await notices.deliver_due()
    assert house.sender.sent == []
    house.sender.away = False
    house.clock.move(timedelta(minutes=1))
    await notices.deliver_due()
    assert [to for to, _ in house.sender.sent] == [7]


async def test_a_farewell_leaves_at_once(house: Wired, notices: Notices) -> None:
    await notices.farewell(MEMBER, key="f1", fan_id=ANA, guild_name="Place", way_back=WayBack.BUY)
    await notices.farewell(MEMBER, key="f1", fan_id=ANA, guild_name="Place", way_back=WayBack.BUY)
    assert [to for to, _ in house.sender.sent] == [7]


async def test_closed_direct_messages_are_shown_on_the_page_instead(house: Wired, notices: Notices) -> None:
    house.sender.answers.append(CLOSED)
    await notices.farewell(MEMBER, key="f1", fan_id=ANA, guild_name="Place", way_back=WayBack.BUY)
    assert await notices.deliver_due() == 0
    assert "Place" in (await notices.for_page(ANA))[0].text
    house.clock.move(timedelta(days=31))
    assert await notices.for_page(ANA) == []


async def test_discord_away_is_tried_again_later_and_not_for_ever(house: Wired, notices: Notices) -> None:
    await notices.welcome(MEMBER, key="w1", fan_id=ANA, guild_name="Place", roles=[])
    house.sender.answers.extend([LATER] * MOST_ATTEMPTS)
    assert await notices.deliver_due() == 1
    assert await notices.deliver_due() == 0
    for _ in range(MOST_ATTEMPTS):
        house.clock.move(timedelta(hours=1))
        await notices.deliver_due()
    assert len(house.sender.sent) == MOST_ATTEMPTS
    assert (await Notice.get(key="w1")).refused == "gave_up"


async def test_a_sender_that_died_leaves_it_to_the_next(house: Wired, notices: Notices) -> None:
    await notices.welcome(MEMBER, key="w1", fan_id=ANA, guild_name="Place", roles=[])
    await Notice.filter(key="w1").update(send_at=house.clock() + timedelta(minutes=2), attempts=1)
    assert await notices.deliver_due() == 0
    house.clock.move(timedelta(minutes=2))
    assert await notices.deliver_due() == 1


async def test_an_account_that_is_gone_is_not_tried_again(house: Wired, notices: Notices) -> None:
    house.sender.answers.append(Absent(thing=Thing.USER, code=10013))
    await notices.farewell(MEMBER, key="f1", fan_id=None, guild_name="Place", way_back=WayBack.BUY)
    assert (await Notice.get(key="f1")).send_at is None


def test_names_are_shown_as_they_are_written() -> None:
    assert plain("*_~ @everyone [x](y)") == "\\*\\_\\~ \\@everyone \\[x\\]\\(y\\)"


@pytest.mark.parametrize("kind", TEXTS)
def test_every_text_fits_a_message(kind: str) -> None:
    data = {
        "guild": "g" * 100,
        "roles": ["r" * 100] * 5,
        "fan": "f" * 255,
        "creator": "c" * 255,
        "page": "https://bot.example.com/x",
    }
    assert 0 < len(TEXTS[kind](data)) <= 2000


async def test_a_farewell_says_what_brings_back(house: Wired, notices: Notices) -> None:
    for way_back in WayBack:
        await notices.farewell(MEMBER, key=way_back, fan_id=ANA, guild_name="Place", way_back=way_back)

    buy, resume, pay, connect, nothing = [text for _, text in house.sender.sent]
    assert "If you buy again" in buy
    assert "If you resume it" in resume
    assert "if you pay it on Passes" in pay
    assert "If you connect this Discord account again" in connect
    assert "if you" not in nothing.lower()
