"""What /readyz and /metrics say of a bot at work, and when they raise the alarm."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot import app
from bot.clock import system_clock
from bot.schedule import JobHealth, Schedule
from models import Grant, Hold, InboxEvent, Refusal, Work
from tests.operators.conftest import Ground
from tests.waiting import until


async def test_ready_means_that_the_gateway_listens(ground: Ground) -> None:
    async with ground.bot() as house:
        assert (await ground.readyz())[0] == 200
        await ground.driver.hold_gateway()
        await ground.driver.disconnect_gateway()
        await until(lambda: not house.client.listening)
        status, said = await ground.readyz()
        assert (status, said["ready"], said["lacking"]) == (503, False, ["gateway"])
        figures = await ground.metrics()
        assert figures["passes_gateway_up"] == 0
        assert figures["passes_gateway_down_seconds"] > 0


async def test_what_waits_for_a_person_is_counted_and_said_while_the_bot_goes_on(ground: Ground) -> None:
    async with ground.bot():
        now = system_clock()
        for number in (1, 2):
            await InboxEvent.create(
                webhook_id=f"odd{number}", type="fan.updated", body="{}", received_at=now, state="parked"
            )
        await Hold.create(guild_id=7, account_id=1, cause="inferred", created_at=now)
        await Refusal.create(guild_id=7, code=50013, since=now, until=now + timedelta(days=1))
        await Grant.create(
            guild_id=7,
            account_id=1,
            role_id=3,
            state="given",
            because=[],
            written_at=now - timedelta(hours=2),
        )
        await Work.create(guild_id=8, account_id=1, due_at=now + timedelta(hours=1))
        status, said = await ground.readyz()
        assert (status, said["lacking"]) == (200, [])
        assert [sentence.split(".")[0] for sentence in said["attention"]] == [
            "2 webhooks are parked",
            "1 ends of access are held by the brake",
            "A role given more than an hour ago was not seen yet",
            "1 servers refuse the bot and are set aside",
        ]
        figures = await ground.metrics()
        assert figures["passes_webhooks_parked"] == 2
        assert figures["passes_holds"] == 1
        assert figures["passes_guilds_set_aside"] == 1
        assert figures["passes_grants_unseen"] == 1
        assert figures["passes_grants_unseen_for_seconds"] > 7000
        assert figures["passes_work_due"] == 0


async def test_a_refusal_by_discord_is_counted(ground: Ground) -> None:
    async with ground.bot() as house:
        before = (await ground.metrics())["passes_refused_requests"]
        await ground.driver.fault(do="status", route="GET /guilds/{guild_id}", status=403, code=50001)
        ana = await ground.driver.create_user("ana")
        guild = await ground.driver.create_guild(ana, "Ana's")
        await asyncio.gather(house.client.http.get_guild(guild), return_exceptions=True)
        assert (await ground.metrics())["passes_refused_requests"] == before + 1


async def test_the_sweep_runs_and_is_seen_to(ground: Ground) -> None:
    sweep = 'passes_job_idle_seconds{job="sweep"}'
    async with ground.bot():
        before = (await ground.metrics())[sweep]

        async def ran_again() -> bool:
            nonlocal before
            last, before = before, (await ground.metrics())[sweep]
            return before < last

        assert await until(ran_again)
        assert (await ground.metrics())['passes_job_overdue{job="sweep"}'] == 0


async def test_a_job_that_only_fails_is_idle_and_one_that_works_is_not() -> None:
    schedule = Schedule()

    async def fails() -> None:
        raise RuntimeError

    async def works() -> None:
        pass

    for job in (fails, works):
        schedule.every(timedelta(milliseconds=50), job, name=job.__name__)
    schedule.start()

    def told_apart() -> bool:
        idle = {job.name: job.idle for job in schedule.health()}
        return idle["works"] + timedelta(milliseconds=100) < idle["fails"]

    assert await until(told_apart)
    await schedule.stop()


@pytest.mark.parametrize(
    ("period", "idle", "overdue"),
    [
        (timedelta(seconds=30), timedelta(minutes=2), False),
        (timedelta(seconds=30), timedelta(minutes=3), True),
        (timedelta(hours=1), timedelta(hours=2), False),
        (timedelta(hours=1), timedelta(hours=4), True),
        (timedelta(days=1), timedelta(hours=25), False),
        (timedelta(days=1), timedelta(hours=27), True),
    ],
)
def test_a_job_is_overdue_after_a_few_periods_and_never_after_many_hours(
    period: timedelta, idle: timedelta, *, overdue: bool
) -> None:
    assert JobHealth(name="sweep", period=period, idle=idle).overdue is overdue


async def test_minutes_without_the_gateway_are_logged_once_and_so_is_its_return(ground: Ground) -> None:
    later = timedelta(0)
    async with app.running(ground.config(SWEEP_EVERY="1h"), lambda: system_clock() + later) as house:
        await until(lambda: house.client.listening)
        await ground.driver.hold_gateway()
        await ground.driver.disconnect_gateway()
        await until(lambda: not house.client.listening)
        with capture_logs() as logged:
            await house.vitals.watch()
            assert logged == []
            later = timedelta(minutes=4)
            await house.vitals.watch()
            await house.vitals.watch()
            assert (await ground.readyz())[1]["attention"][0].startswith("Discord has not been heard")
            await ground.driver.release_gateway()
            await until(lambda: house.client.listening)
            await house.vitals.watch()
        events = [line["event"] for line in logged if line["event"].startswith("gateway")]
        assert events == ["gateway_down", "gateway_back"]
