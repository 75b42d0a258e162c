"""What somebody whose access ended is told to do about it, on their page and in the farewell."""

from bot.access.views import FanState
from bot.access.way_back import WayBack
from bot.fans.steps import next_step
from models import Attachment
from models.memberships import MembershipStatus
from tests.access.house import House


async def _bob_is_in(house: House) -> int:
    club = await house.integration({"gold": []})
    await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    return club


async def _is_told(house: House, way_back: WayBack) -> str:
    """Once bob is out, what the farewell says is this; returns the sentence on his page."""
    await house.runs()
    shown = [next_step(view).sentence for view in await house.page_of("bob") if view.state is FanState.ENDED]
    await house.later(hours=2)
    assert house.above.ways_back == [way_back]
    return " ".join(shown)


async def test_whoever_paid_is_not_told_to_buy_again_when_the_server_is_disconnected(house: House) -> None:
    club = await _bob_is_in(house)
    await house.closes(club)

    told = await _is_told(house, WayBack.NONE)

    assert "buying again would change nothing" in told


async def test_a_paused_membership_is_resumed(house: House) -> None:
    await _bob_is_in(house)
    await house.ends("bob", "gold", MembershipStatus.PAUSED)

    assert "resume it on Passes" in await _is_told(house, WayBack.RESUME)


async def test_one_whose_payment_failed_for_too_long_is_paid(house: House) -> None:
    await _bob_is_in(house)
    await house.has("bob", "gold", MembershipStatus.PAST_DUE, until=house.clock.now)
    await house.later(days=3, minutes=1)

    assert "pay it on Passes" in await _is_told(house, WayBack.PAY)


async def test_one_that_ended_is_bought_again(house: House) -> None:
    await _bob_is_in(house)
    await house.ends("bob", "gold")

    assert "Buy it again" in await _is_told(house, WayBack.BUY)


async def test_what_was_bought_for_another_server_that_is_open_counts(house: House) -> None:
    club = await _bob_is_in(house)
    await house.integration({"vip": []})
    await house.ends("bob", "vip")
    await house.closes(club)

    await _is_told(house, WayBack.BUY)


async def test_an_account_that_was_disconnected_is_connected_again(house: House) -> None:
    await _bob_is_in(house)
    await house.unlinks("bob")

    await _is_told(house, WayBack.CONNECT)


async def test_nothing_brings_back_through_a_membership_that_was_detached(house: House) -> None:
    club = await _bob_is_in(house)
    await Attachment.all().delete()
    await house.work.fan_out("integration", str(club))

    await _is_told(house, WayBack.NONE)
