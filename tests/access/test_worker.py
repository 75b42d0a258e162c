"""The worker and the sweeps, as they run for days: woken by marks, never stopped by one member, stopped gracefully."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.discord.observed import ABSENT, Observed
from bot.discord.outcomes import Absent, NeedsPerson, RetryAfter
from bot.ids import AccountId, Member, RoleId
from models import Departure, Due, FanOut, Refusal
from models import Work as WorkRow
from models.access import GrantState, StayState
from tests.access.house import GUILD, House
from tests.access.memory import FORBIDDEN, Memory
from tests.waiting import until


@asynccontextmanager
async def _running(house: House) -> AsyncIterator[None]:
    task = asyncio.create_task(house.access.worker.run())
    try:
        yield
    finally:
        house.access.worker.stop()
        await asyncio.wait_for(task, timeout=10)


async def test_a_mark_wakes_the_worker(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)

    async def has_the_role() -> bool:
        return house.roles_of(fan) == {7}

    async with _running(house):
        await house.pays("bob", "gold")
        await until(has_the_role)


class Broken(Memory):
    """A Discord whose answer about one account our code does not survive."""

    poison: Member | None = None

    async def observe(
        self, member: Member, *, urgent: bool = False
    ) -> Observed | RetryAfter | NeedsPerson | Absent:
        if member == self.poison:
            raise RuntimeError("an answer that nobody expected")
        return await super().observe(member, urgent=urgent)


async def test_one_members_exception_stops_nobody_and_is_tried_again_later(house: House) -> None:
    broken = Broken()
    house.discord = broken
    house.access = house.start()
    await house.role(7)
    await house.integration({"gold": [7]})
    bob, eve = await house.fan("bob", 5), await house.fan("eve", 6)
    await house.inside(bob)
    await house.inside(eve)
    broken.poison = bob
    await house.pays("bob", "gold")
    await house.pays("eve", "gold")

    async def both_are_settled() -> bool:
        row = await WorkRow.get(account_id=5)
        return house.roles_of(eve) == {7} and row.attempts == 1 and row.lease_owner is None

    async with _running(house):
        await until(both_are_settled)
        row = await WorkRow.get(account_id=5)
        assert row.due_at is not None
        assert row.due_at > house.clock.now

    broken.poison = None
    await house.later(minutes=1)
    assert house.roles_of(bob) == {7}


async def test_a_start_takes_over_what_a_killed_process_held(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    assert await house.work.claim(10)

    async def has_the_role() -> bool:
        return house.roles_of(fan) == {7}

    async with _running(house):
        await until(has_the_role)


async def test_sweeps_run_twice_at_once_do_everything_once(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold", days=1)
    await house.runs()
    assert await Due.all().count() == 1
    house.clock.now += timedelta(days=5)

    await asyncio.gather(house.access.sweep.often(), house.access.sweep.often(), house.access.sweep.purge())
    await asyncio.gather(house.runs(), house.runs())

    assert house.discord.changes() == ["give 7", "take 7"]


async def test_a_fan_out_reaches_everybody_in_pages_and_remembers_its_place(house: House) -> None:
    await house.role(7)
    club = await house.integration({})
    fans = [await house.fan(f"fan{number}", 100 + number) for number in range(7)]
    for fan in fans:
        await house.inside(fan)
        await house.pays(f"fan{fan.account_id - 100}", "gold")
    await house.runs()
    await house.attach(club, "gold", 7)

    await house.work.fan_out("integration", str(club))
    await house.work.fan_out("integration", str(club))
    assert await FanOut.all().count() == 1
    await house.runs()

    assert [house.roles_of(fan) for fan in fans] == [{7}] * 7
    assert not await FanOut.exists()


async def test_detaching_a_tier_is_a_change_for_those_who_keep_another_role(house: House) -> None:
    await house.role(7)
    await house.role(8)
    club = await house.integration({"gold": [7]})
    vip = await house.integration({"gold": [8]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.runs()
    assert house.roles_of(fan) == {7, 8}

    await house.detach(vip, "gold")
    await house.work.fan_out("integration", str(vip))
    await house.runs()

    assert house.roles_of(fan) == {7}
    assert club


async def test_a_refusal_runs_out_after_a_day(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    house.discord.answers["give 7"] = FORBIDDEN
    await house.pays("bob", "gold")
    await house.runs()
    assert await Refusal.exists(guild_id=GUILD)

    house.discord.answers.clear()
    await house.later(hours=25)

    assert house.roles_of(fan) == {7}
    assert not await Refusal.exists()


async def test_a_member_event_that_agrees_confirms_and_marks_nothing(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.runs()
    assert await house.grants_of(fan) == {7: GrantState.GIVEN}

    await house.access.seen.note(fan, Observed(state=StayState.IN, roles=frozenset({RoleId(7)})))

    assert await house.grants_of(fan) == {7: GrantState.SEEN}
    assert await house.work.claim(10) == []


async def test_a_member_event_that_differs_has_them_looked_at_but_closes_nothing(house: House) -> None:
    await house.role(7)
    await house.integration({"gold": [7]})
    fan = await house.fan("bob", 5)
    await house.inside(fan)
    await house.pays("bob", "gold")
    await house.runs()

    await house.access.seen.note(fan, ABSENT)

    assert await house.grants_of(fan) == {7: GrantState.GIVEN}
    assert [claim.member for claim in await house.work.claim(10)] == [fan]
    assert not await Departure.exists()


async def test_a_strangers_event_is_nobodys_business(house: House) -> None:
    stranger = Member(GUILD, (await house.fan("bob", 5)).account_id)
    await house.unlinks("bob")

    await house.access.seen.note(stranger, ABSENT)

    assert await house.work.claim(10) == []


async def test_two_workers_claim_no_member_twice(house: House) -> None:
    members = [Member(GUILD, AccountId(number)) for number in range(1, 41)]
    await house.work.mark(members)

    hands = await asyncio.gather(*(house.work.claim(15) for _ in range(6)))

    left = await house.work.claim(len(members))
    claimed = [claim.member for hand in [*hands, left] for claim in hand]
    assert sorted(claimed) == sorted(members)


async def test_marks_at_once_are_one_row_that_counts_them_all(house: House) -> None:
    member = Member(GUILD, AccountId(7))
    await house.work.mark([member])
    before = await WorkRow.get(account_id=7)

    await asyncio.gather(*(house.work.mark([member]) for _ in range(8)))

    after = await WorkRow.get(account_id=7)
    assert after.generation == before.generation + 8
