"""A fan who is erased: nothing of them stays in these rooms."""

from datetime import timedelta

from bot.fans.forgetting import forget_fan
from bot.identity.people import Person
from bot.ids import AccountId, FanId
from models import AccountToken, Code, Fan, Link, LinkChange, Notice, Seat, Session
from models.fans import SeatState
from models.identity import PersonKind
from tests.web.house import Wired


async def test_everything_of_the_fan_goes_and_nothing_of_others(house: Wired) -> None:
    club = await house.integration()
    for number, fan in enumerate(("ana", "ben"), start=1):
        await _holds_everything(house, fan, AccountId(number), club.integration_id)
    await forget_fan(FanId("ana"))
    await house.rooms.sessions.forget_fan(FanId("ana"))
    for table in (Link, Seat, Notice, LinkChange, AccountToken, Session, Code):
        assert await table.all().count() == 1, table
    assert (await Link.get()).fan_id == "ben"
    await Fan.filter(id="ana").delete()  # nothing refers to the row any more


async def _holds_everything(house: Wired, fan: str, account: AccountId, integration_id: int) -> None:
    now = house.clock()
    person = Person(kind=PersonKind.FAN, id=fan, name=fan)
    await Fan.create(id=fan, display_name=fan)
    await Link.create(fan_id=fan, account_id=account, username="u", linked_at=now)
    await LinkChange.create(fan_id=fan, account_id=account, at=now)
    await Seat.create(fan_id=fan, integration_id=integration_id, state=SeatState.WANTED, changed_at=now)
    await AccountToken.create(
        account_id=account,
        access_token="a",
        refresh_token="r",
        scopes="",
        expires_at=now + timedelta(days=1),
    )
    await house.rooms.notices.unlinked(account, FanId(fan))
    await house.rooms.sessions.begin(person)
    await house.rooms.codes.show(person, "link")
