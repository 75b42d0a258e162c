"""An integration that closes waits until everybody is out whom its policy asks to put out."""

import pytest

from bot.access.remains import Remains
from bot.discord.permissions import INVITATION, Permission
from bot.fans.seats import Seats
from bot.ids import CreatorId, IntegrationId, Member, RoleId
from bot.integrations.accounts import CreatorAccounts
from bot.integrations.actors import Actor
from bot.integrations.authority import Authority
from bot.integrations.closing import Closing
from models import Creator, CreatorAccount, Guild, GuildRole, Integration
from models.integrations import EndPolicy, IntegrationState
from tests.access.house import GUILD, OWNER, House
from tests.access.memory import LOST

ANA = Actor(account_id=OWNER, guild_id=GUILD, permissions=0, top_position=0, is_owner=True)


async def _closing(house: House) -> Closing:
    await CreatorAccount.create(creator_id="ana", account_id=OWNER, username="ana", proven_at=house.clock())
    seats = Seats(house.clock, house.work)
    return Closing(
        work=house.work, remains=Remains(house.clock), authority=Authority(CreatorAccounts()), seats=seats
    )


async def _bobs_seat(house: House, *roles: int, policy: EndPolicy = EndPolicy.ADDED) -> tuple[int, Member]:
    """Bob was brought in by an integration that gives nothing but the seat, or these roles."""
    club = await house.integration({"gold": roles}, policy=policy)
    fan = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    assert house.is_in(fan)
    return club, fan


async def _removes(house: House, closing: Closing, club: int) -> None:
    assert await closing.remove(IntegrationId(club), by=ANA) is None
    await house.runs()
    await closing.finish()


async def _passes(house: House, closing: Closing, **much: float) -> None:
    await house.later(**much)
    await closing.finish()


async def test_a_failed_look_does_not_let_it_go_before_its_fans_are_out(house: House) -> None:
    closing = await _closing(house)
    club, fan = await _bobs_seat(house)
    house.discord.answers["observe"] = LOST

    await _removes(house, closing, club)
    assert await Integration.exists(id=club)

    house.discord.answers.clear()
    await _passes(house, closing, minutes=5)
    await _passes(house, closing, hours=2)
    assert not house.is_in(fan)
    await _passes(house, closing, hours=1)
    assert not await Integration.exists(id=club)


async def test_nor_does_a_guild_that_is_set_aside(house: House) -> None:
    closing = await _closing(house)
    club, fan = await _bobs_seat(house)
    await house.access.refusals.set_aside(GUILD, 50013)

    await _removes(house, closing, club)
    for _ in range(8):
        await _passes(house, closing, hours=6)

    assert not house.is_in(fan)
    assert not await Integration.exists(id=club)


async def test_nor_the_absence_of_the_bot(house: House) -> None:
    closing = await _closing(house)
    club, fan = await _bobs_seat(house)
    await Guild.filter(id=GUILD).update(bot_present=False)
    house.discord.bot_present = False

    await _removes(house, closing, club)
    await _passes(house, closing, days=3)
    assert await Integration.exists(id=club)

    await Guild.filter(id=GUILD).update(bot_present=True)
    house.discord.bot_present = True
    await house.work.fan_out("guild", str(GUILD))
    await house.runs()
    for _ in range(3):
        await _passes(house, closing, hours=2)
    assert not house.is_in(fan)
    assert not await Integration.exists(id=club)


async def test_a_deleted_creators_does_not_wait_for_the_bot_which_does_its_part_if_it_comes_back(
    house: House,
) -> None:
    closing = await _closing(house)
    await house.role(7)
    club, fan = await _bobs_seat(house, 7)
    await Guild.filter(id=GUILD).update(bot_present=False)
    house.discord.bot_present = False

    await Creator.filter(id="ana").update(deleted_at=house.clock())
    await house.ends("bob", "gold")
    await closing.close_all(CreatorId("ana"))
    await house.runs()
    await closing.finish()
    assert (await Integration.get(id=club)).state is IntegrationState.CLOSED

    await Guild.filter(id=GUILD).update(bot_present=True)
    house.discord.bot_present = True
    await house.work.fan_out("guild", str(GUILD))
    await house.runs()
    await _passes(house, closing, hours=2)
    assert not house.is_in(fan)


async def test_nor_that_all_its_roles_were_deleted(house: House) -> None:
    closing = await _closing(house)
    await house.role(7)
    club, fan = await _bobs_seat(house, 7)
    await GuildRole.filter(id=7).delete()
    house.discord.roles[fan].discard(RoleId(7))
    await house.later(days=1)
    assert await house.grants_of(fan) == {}
    house.discord.answers["observe"] = LOST

    await _removes(house, closing, club)

    assert await Integration.exists(id=club)


async def test_nor_a_join_whose_answer_was_lost(house: House) -> None:
    closing = await _closing(house)
    house.discord.lost_answers = {"join"}
    club, fan = await _bobs_seat(house)
    house.discord.answers["observe"] = LOST

    await _removes(house, closing, club)
    assert await Integration.exists(id=club)

    house.discord.answers.clear()
    await _passes(house, closing, minutes=5)
    await _passes(house, closing, hours=2)
    assert not house.is_in(fan)


@pytest.mark.parametrize("policy", [EndPolicy.ROLES, EndPolicy.KEEP])
async def test_a_policy_that_puts_nobody_out_waits_for_nobody(house: House, policy: EndPolicy) -> None:
    closing = await _closing(house)
    club, fan = await _bobs_seat(house, policy=policy)

    await _removes(house, closing, club)

    assert house.is_in(fan)
    assert not await Integration.exists(id=club)


async def test_where_the_bot_may_not_kick_it_works_as_roles(house: House) -> None:
    closing = await _closing(house)
    club, fan = await _bobs_seat(house)
    await Guild.filter(id=GUILD).update(bot_permissions=int(INVITATION & ~Permission.KICK_MEMBERS))

    await _removes(house, closing, club)

    assert house.is_in(fan)
    assert not await Integration.exists(id=club)


async def test_who_is_spared_is_not_waited_for(house: House) -> None:
    closing = await _closing(house)
    club, fan = await _bobs_seat(house)
    house.discord.boosting.add(fan)

    await _removes(house, closing, club)

    assert (await house.why(fan)).departure == "spared: booster"
    assert not await Integration.exists(id=club)


async def test_who_is_in_through_another_integration_is_not_waited_for(house: House) -> None:
    closing = await _closing(house)
    club, fan = await _bobs_seat(house)
    await house.integration({"vip": []})
    await house.pays("bob", "vip")

    await _removes(house, closing, club)
    await _passes(house, closing, minutes=1)

    assert house.is_in(fan)
    assert not await Integration.exists(id=club)
