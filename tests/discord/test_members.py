"""One member, seen and changed over the wire: each thing Discord may say becomes the outcome it means."""

import asyncio
from datetime import timedelta

import pytest

from bot.clock import system_clock
from bot.config import Config
from bot.discord.client import Client, build_client
from bot.discord.members import Members
from bot.discord.oauth import FAN_SCOPES, OAuth, TokenPair
from bot.discord.observed import ABSENT, Observed
from bot.discord.outcomes import Absent, AlreadySo, Applied, NeedsPerson, Person, RetryAfter, Thing
from bot.ids import AccountId, GuildId, Member, RoleId
from bot.sandbox.discord.driver import Driver
from models.access import StayState
from tests.discord.conftest import Place
from tests.discord.wire import code_of

ROLE_PUT = "PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}"


@pytest.fixture
def members(client: Client) -> Members:
    return Members(client)


async def token_of(driver: Driver, config: Config, account: int) -> str:
    async with OAuth(config, system_clock) as oauth:
        address = oauth.authorize_url(state="s", scopes=FAN_SCOPES, redirect_uri="http://127.0.0.1/back")
        back = await driver.authorize(account, address)
        pair = await oauth.exchange(code_of(back), "http://127.0.0.1/back")
    assert isinstance(pair, TokenPair)
    return pair.access_token


@pytest.mark.parametrize("urgent", [False, True])
async def test_a_member_is_seen_with_roles(
    members: Members, driver: Driver, place: Place, *, urgent: bool
) -> None:
    await driver.give_role(place.guild, place.bob, "Gold", by=place.owner)

    seen = await members.observe(place.bob_there, urgent=urgent)

    assert seen == Observed(state=StayState.IN, roles=frozenset({place.gold_id}))


@pytest.mark.parametrize("urgent", [False, True])
async def test_who_is_not_there_is_absent(
    members: Members, driver: Driver, place: Place, *, urgent: bool
) -> None:
    stranger = await driver.create_user("eve")

    assert await members.observe(place.member(stranger), urgent=urgent) == ABSENT
    assert await members.observe(place.member(123), urgent=urgent) == ABSENT


async def test_a_guild_without_the_bot_is_said_so(members: Members, driver: Driver, place: Place) -> None:
    elsewhere = await driver.create_guild(place.owner, "Elsewhere")
    nobody = Member(GuildId(elsewhere), AccountId(place.owner))

    seen = await members.observe(nobody)

    assert isinstance(seen, Absent)
    assert seen.thing is Thing.GUILD


async def test_a_role_is_given_and_taken_with_a_reason(
    members: Members, driver: Driver, place: Place
) -> None:
    assert await members.give_role(place.bob_there, place.gold_id, reason="Gold · März") == Applied()
    assert await driver.roles_of(place.guild, place.bob) == {"Gold"}

    assert await members.take_role(place.bob_there, place.gold_id, reason="ended") == Applied()
    assert await driver.roles_of(place.guild, place.bob) == set()

    given = await driver.journal(route=ROLE_PUT)
    assert given[-1]["reason"] == "Gold · März"


async def test_a_role_above_the_bot_needs_the_creator(members: Members, place: Place) -> None:
    outcome = await members.give_role(place.bob_there, place.staff_id, reason="x")

    assert outcome == NeedsPerson(who=Person.CREATOR, why="missing_permissions", code=50013)


async def test_what_is_gone_is_absent(members: Members, driver: Driver, place: Place) -> None:
    stranger = place.member(await driver.create_user("eve"))

    assert await members.give_role(place.bob_there, RoleId(7), reason="x") == Absent(
        thing=Thing.ROLE, code=10011
    )
    assert await members.give_role(stranger, place.gold_id, reason="x") == Absent(
        thing=Thing.MEMBER, code=10007
    )
    assert await members.put_out(stranger, reason="x") == Absent(thing=Thing.MEMBER, code=10007)


async def test_somebody_is_put_out(members: Members, driver: Driver, place: Place) -> None:
    assert await members.put_out(place.bob_there, reason="ended") == Applied()
    assert await driver.member(place.guild, place.bob) is None


async def test_a_join_brings_roles_and_a_second_one_changes_nothing(
    members: Members, driver: Driver, config: Config, place: Place
) -> None:
    cid = await driver.create_user("cid")
    token = await token_of(driver, config, cid)

    first = await members.join(place.member(cid), access_token=token, roles=[place.gold_id])
    second = await members.join(place.member(cid), access_token=token, roles=[place.gold_id])

    assert (first, second) == (Applied(), AlreadySo())
    assert await driver.roles_of(place.guild, cid) == {"Gold"}


@pytest.mark.parametrize("role", ["staff", "gone"])
async def test_a_join_that_is_refused_for_a_role_goes_without(
    members: Members, driver: Driver, config: Config, place: Place, role: str
) -> None:
    cid = await driver.create_user("cid")
    token = await token_of(driver, config, cid)
    roles = [place.gold_id, place.staff_id if role == "staff" else RoleId(7)]

    assert await members.join(place.member(cid), access_token=token, roles=roles) == Applied()
    assert await driver.roles_of(place.guild, cid) == set()


async def test_a_dead_token_needs_the_fan(members: Members, driver: Driver, place: Place) -> None:
    cid = await driver.create_user("cid")

    outcome = await members.join(place.member(cid), access_token="dead", roles=[])

    assert outcome == NeedsPerson(who=Person.FAN, why="bad_token", code=50025)


@pytest.mark.parametrize(
    ("trait", "expected"),
    [
        ("guild_limit_reached", NeedsPerson(who=Person.FAN, why="too_many_servers", code=30001)),
        ("joining_limited", NeedsPerson(who=Person.FAN, why="joins_limited", code=340015)),
    ],
)
async def test_an_account_that_discord_holds_back_needs_its_owner(
    members: Members, driver: Driver, config: Config, place: Place, *, trait: str, expected: NeedsPerson
) -> None:
    cid = await driver.create_user("cid")
    token = await token_of(driver, config, cid)
    await driver.set_user(cid, **{trait: True})

    assert await members.join(place.member(cid), access_token=token, roles=[]) == expected


async def test_a_banned_fan_needs_the_creator(
    members: Members, driver: Driver, config: Config, place: Place
) -> None:
    token = await token_of(driver, config, place.bob)
    await driver.ban(place.guild, place.bob, by=place.owner)

    outcome = await members.join(place.bob_there, access_token=token, roles=[])

    assert outcome == NeedsPerson(who=Person.CREATOR, why="banned", code=40007)


async def test_somebody_before_the_rules_is_pending(
    client: Client, driver: Driver, config: Config, place: Place
) -> None:
    screened = await driver.create_guild(place.owner, "Screened", screening=True)
    await driver.add_bot(screened, place.owner, 3)
    token = await token_of(driver, config, place.bob)
    there = Member(GuildId(screened), AccountId(place.bob))
    members = Members(client)

    assert await members.join(there, access_token=token, roles=[]) == Applied()
    assert await members.observe(there, urgent=True) == Observed(state=StayState.PENDING)
    await driver.accept_screening(screened, place.bob)
    assert await members.observe(there, urgent=True) == Observed(state=StayState.IN)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (503, 0, RetryAfter(after=timedelta(seconds=5), why="status_503")),
        (408, 0, RetryAfter(after=timedelta(seconds=5), why="status_408")),
        (503, 130000, RetryAfter(after=timedelta(minutes=1), why="later", code=130000)),
        (403, 50001, NeedsPerson(who=Person.CREATOR, why="missing_access", code=50001)),
        (400, 50028, NeedsPerson(who=Person.CREATOR, why="invalid_role", code=50028)),
        (401, 0, NeedsPerson(who=Person.OPERATOR, why="unauthorized", code=401)),
        (400, 50035, NeedsPerson(who=Person.OPERATOR, why="unexpected", code=50035)),
        (404, 10004, Absent(thing=Thing.GUILD, code=10004)),
        (404, 10013, Absent(thing=Thing.USER, code=10013)),
    ],
)
async def test_what_discord_says_becomes_an_outcome(
    members: Members, driver: Driver, place: Place, *, status: int, code: int, expected: object
) -> None:
    await driver.fault(do="status", route=ROLE_PUT, status=status, code=code, times=99)

    assert await members.give_role(place.bob_there, place.gold_id, reason="x") == expected


@pytest.mark.parametrize("when", ["reset_before", "drop_after"])
async def test_a_cut_connection_is_tried_again_later(
    members: Members, driver: Driver, place: Place, when: str
) -> None:
    await driver.fault(do=when, route=ROLE_PUT, times=99)

    outcome = await members.give_role(place.bob_there, place.gold_id, reason="x")

    assert outcome == RetryAfter(after=timedelta(seconds=5), why="unreachable")


async def test_a_call_before_the_login_waits(config: Config, place: Place) -> None:
    client = build_client(config)

    outcome = await Members(client).give_role(place.bob_there, place.gold_id, reason="x")

    assert isinstance(outcome, RetryAfter)
    await client.close()


async def test_many_reads_of_one_guild_are_one_gateway_request(
    members: Members, driver: Driver, place: Place
) -> None:
    strangers = [place.member(account) for account in range(1000, 1150)]

    seen = await asyncio.gather(*map(members.observe, [place.bob_there, place.bob_there, *strangers]))

    assert seen == [Observed(state=StayState.IN)] * 2 + [ABSENT] * 150
    assert [
        entry for entry in await driver.journal() if entry["method"] == "GET" and "members" in entry["route"]
    ] == []
