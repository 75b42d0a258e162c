"""A crowd and those beside it: whom a person waits for and to whom something happened come first, and nobody starves."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.access.fanout import PAGE, FanOuts
from bot.access.slots import Slots
from bot.access.work import Waiting
from bot.discord.outcomes import Outcome, RetryAfter
from bot.ids import AccountId, GuildId, Member, RoleId
from models import FanOut, Membership
from models import Work as WorkRow
from models.access import Urgency
from models.memberships import MembershipStatus
from tests.access.house import GUILD, House
from tests.access.memory import LOST, Memory
from tests.waiting import until

ELSEWHERE = GuildId(2000)
BOB = Member(GUILD, AccountId(5))


class InLine(Memory):
    """A Discord that gives no role until it is told to: its rate limit."""

    def __init__(self) -> None:
        super().__init__()
        self.open = asyncio.Event()

    async def give_role(
        self, member: Member, role_id: RoleId, *, reason: str, urgency: Urgency = Urgency.EVENT
    ) -> Outcome:
        await self.open.wait()
        return await super().give_role(member, role_id, reason=reason, urgency=urgency)


@pytest.fixture
def line(house: House) -> InLine:
    """The engine works on such a Discord."""
    house.discord = line = InLine()
    house.access = house.start()
    return line


@asynccontextmanager
async def working(house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(house.access.worker.run())
    try:
        yield
    finally:
        house.access.worker.stop()
        await asyncio.wait_for(task, timeout=10)


async def test_a_crowd_in_line_keeps_nobody_waiting_whose_payment_ended(house: House, line: InLine) -> None:
    await house.role(7)
    await house.role(8)
    club = await house.integration({"silver": [8]})
    fans = [await house.fan(f"fan{number}", 100 + number) for number in range(120)]
    for fan in fans:
        await house.inside(fan)
        await house.pays(f"fan{fan.account_id - 100}", "gold")
    bob = await house.fan("bob", 5)
    await house.inside(bob)
    line.open.set()
    await house.pays("bob", "silver")
    await house.runs()
    assert house.roles_of(bob) == {8}
    line.open.clear()

    await house.attach(club, "gold", 7)
    await house.work.fan_out("integration", str(club))
    async with working(house):
        await asyncio.sleep(0.3)  # the crowd is in line
        await house.ends("bob", "silver")
        await until(lambda: not house.roles_of(bob), "Bob without what he does not pay for", within_s=3)
        assert not any(7 in house.roles_of(fan) for fan in fans)
        line.open.set()
        await until(lambda: all(house.roles_of(fan) == {7} for fan in fans), "the crowd with its role")


# --- how urgent a member is --------------------------------------------------------------------------


async def urgency() -> Urgency:
    return (await WorkRow.get(account_id=BOB.account_id)).urgency


async def test_a_mark_raises_the_urgency_and_never_lowers_it(house: House) -> None:
    await house.work.mark([BOB], urgency=Urgency.BULK)
    assert await urgency() is Urgency.BULK
    await house.work.mark([BOB])
    assert await urgency() is Urgency.EVENT
    await house.work.mark([BOB], urgency=Urgency.PERSON)
    await house.work.mark([BOB], urgency=Urgency.BULK)
    assert await urgency() is Urgency.PERSON


async def test_what_is_tried_again_stays_before_a_crowd_and_the_daily_look_does_not(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    bob = await house.fan("bob", 5)
    await house.inside(bob)
    await house.pays("bob", "gold")
    await house.runs()
    house.discord.answers["take 7"] = LOST
    await house.ends("bob", "gold")
    await house.runs()

    await house.work.mark([bob], urgency=Urgency.BULK)
    assert await urgency() is Urgency.EVENT

    house.discord.answers.clear()
    await house.runs()
    await house.later(minutes=2)
    await house.later(hours=2)
    assert house.roles_of(bob) == set()
    assert await urgency() is Urgency.BULK


async def test_where_nobody_waits_any_more_it_is_as_urgent_as_an_event(house: House) -> None:
    await house.role(7)
    club = await house.integration({"gold": [7]})
    bob = await house.fan("bob", 5)
    await house.pays("bob", "gold")
    await house.presses("bob", club)
    assert await urgency() is Urgency.PERSON
    house.discord.answers["observe"] = RetryAfter(after=LOST.after, why="unreachable")

    await house.runs()

    assert bob == BOB
    assert await urgency() is Urgency.EVENT


async def test_the_more_urgent_are_claimed_first_and_then_the_longest_waiting(house: House) -> None:
    crowd = [Member(GUILD, AccountId(number)) for number in (11, 12)]
    eve = Member(ELSEWHERE, AccountId(6))
    ranks = [Urgency.BULK, Urgency.BULK, Urgency.EVENT, Urgency.PERSON]
    for member, rank in zip([*crowd, BOB, eve], ranks, strict=True):
        await house.work.mark([member], urgency=rank)
        house.clock.now += timedelta(seconds=1)

    claims = await house.work.claim(10)

    assert [claim.member for claim in claims] == [eve, BOB, *crowd]


async def test_of_a_crowd_those_who_were_given_something_are_seen_before_the_rest_has_it(
    house: House,
) -> None:
    await house.role(7)
    club = await house.integration({})
    bob = await house.fan("bob", 5)
    await house.inside(bob)
    await house.pays("bob", "gold")
    await house.runs()
    await house.attach(club, "gold", 7)

    await house.work.mark([bob], urgency=Urgency.BULK)
    await house.runs()
    assert (house.roles_of(bob), await urgency()) == ({7}, Urgency.LOOK)

    await house.later(minutes=1)
    assert await urgency() is Urgency.BULK


async def test_the_second_decisions_of_a_crowd_are_no_more_urgent_than_the_crowd(house: House) -> None:
    club = await house.integration({"gold": []})
    bob = await house.fan("bob", 5, wants=[club])
    await house.pays("bob", "gold")
    await house.runs()
    await house.later(minutes=1)
    await house.detach(club, "gold")

    await house.work.mark([bob], urgency=Urgency.BULK)
    await house.runs()
    assert await urgency() is Urgency.BULK
    await house.later(hours=2)
    assert not house.is_in(bob)


async def test_a_fan_out_remembers_a_place_as_long_as_an_id_may_be(house: House) -> None:
    await house.fan("bob", 5)
    held = {"fan_id": "bob", "creator_id": "ana", "tier_id": "gold", "status": MembershipStatus.ACTIVE}
    ids = [f"{one:064}" for one in range(PAGE + 1)]
    await Membership.bulk_create(
        [Membership(id=each, updated_at=house.clock(), version=1, **held) for each in ids]
    )
    await house.work.fan_out("creator", "ana")

    await FanOuts(house.work).unfold_all()

    assert not await FanOut.exists()


# --- slots -------------------------------------------------------------------------------------------


def crowd_of(guild_id: int, number: int) -> list[Waiting]:
    return [Waiting(work_id=one, guild_id=GuildId(guild_id)) for one in range(number)]


def test_a_guild_alone_has_half_of_the_slots_and_leaves_the_others_to_whoever_comes() -> None:
    slots = Slots(10)
    chosen = slots.choose([*crowd_of(1, 20), *crowd_of(2, 20)])
    assert [each.guild_id for each in chosen] == [1] * 5 + [2] * 3

    for each in chosen:
        slots.hold(each.guild_id)
    assert slots.full() == [1, 2]
    assert [each.guild_id for each in slots.choose(crowd_of(3, 20))] == [3]

    slots.give_back(GuildId(1))
    assert slots.free == 3


@given(st.lists(st.integers(1, 6), max_size=80))
def test_the_last_slot_is_only_for_a_guild_that_holds_none(asking: list[int]) -> None:
    slots, held = Slots(8), Counter[int]()
    for guild_id in asking:
        for each in slots.choose(crowd_of(guild_id, 1)):
            slots.hold(each.guild_id)
            assert slots.free > 0 or not held[guild_id]
            held[guild_id] += 1
    assert slots.free == 8 - held.total()
