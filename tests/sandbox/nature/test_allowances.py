"""Rules of nature for rate limits: whatever is asked in whatever order, each allowance lets through what it holds and no more."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.discord import fold
from bot.sandbox.discord.driver import Driver, Refused
from bot.sandbox.discord.errors import DiscordError
from bot.sandbox.discord.limits import Allowance, Limits, Refusal
from bot.sandbox.discord.people import People
from bot.sandbox.discord.server import Discord
from tests.clock import ManualSeconds

ROUTES = ("PUT /guilds/{guild_id}/members/{user_id}/roles/{role_id}", "GET /guilds/{guild_id}")
SEQUENCES, LONG_S = 250, 600.0
MOST_ROLES = 250

asked = st.lists(
    st.tuples(st.sampled_from(ROUTES), st.sampled_from(("1", "2")), st.sampled_from(("Bot a", "Bot b"))),
    min_size=1,
    max_size=60,
)


def test_a_bucket_holds_what_it_holds(record_property: Callable[[str, object], None]) -> None:
    ran: list[int] = []

    @settings(max_examples=SEQUENCES, deadline=None, database=None)
    @given(asked, st.integers(1, 6), st.integers(1, 40), st.integers(1, 6))
    def holds(requests: list[tuple[str, str, str]], limit: int, everywhere: int, common: int) -> None:
        allowances = {route: Allowance(limit=limit, window_s=LONG_S) for route in ROUTES}
        shared = {ROUTES[0]: Allowance(limit=common, window_s=LONG_S)}
        limits = Limits(
            allowances=allowances, shared=shared, global_per_second=everywhere, now=ManualSeconds()
        )
        by_caller, by_bucket, by_guild = Counter[str](), Counter[tuple[str, str, str]](), Counter[str]()
        for route, guild, caller in requests:
            by_caller[caller] += 1
            scope = None
            if by_caller[caller] > everywhere:
                scope = "global"
            else:
                by_bucket[route, guild, caller] += 1
                if by_bucket[route, guild, caller] > limit:
                    scope = "user"
                elif route in shared:
                    by_guild[guild] += 1
                    scope = "shared" if by_guild[guild] > common else None
            taken = limits.take(route, {"guild_id": guild}, caller)
            assert (taken.scope if isinstance(taken, Refusal) else None) == scope
        ran.append(len(requests))

    holds()
    assert len(ran) >= SEQUENCES
    record_property("sequences of requests held against their allowances", len(ran))


def test_a_guild_is_full_of_roles_for_everybody() -> None:
    discord = Discord()
    people = People(discord.state)
    owner = people.create_user("ana")
    guild = people.create_guild(owner, "Full")
    for made in range(1, MOST_ROLES):
        people.create_role(guild, f"role {made}")
    with pytest.raises(DiscordError) as refused:
        people.create_role(guild, "one too many")
    assert refused.value.code == 30005
    assert len(discord.state.guilds[guild].roles) == MOST_ROLES


async def test_the_journal_that_is_read_over_the_wire_explains_the_state() -> None:
    async with Discord.serve(limits=Limits(enabled=False)) as discord, Driver(discord.url) as driver:
        ana, fred = await driver.create_user("ana"), await driver.create_user("fred")
        guild = await driver.create_guild(ana, "Ana's garden", screening=True)
        await driver.add_bot(guild, ana, 1 << 28)
        await driver.create_role(guild, "Gold", permissions=1 << 40)
        await driver.move_role(guild, "Gold", above="Passes Bot")
        await driver.join(guild, fred)
        await driver.accept_screening(guild, fred)
        await driver.give_role(guild, fred, "Gold")
        await driver.boost(guild, fred)
        await driver.set_available(guild, available=False)
        await driver.set_guild(guild, name="Ana's park", features=["COMMUNITY"], preferred_locale="de")
        await driver.transfer(guild, fred)
        await driver.ban(guild, ana)
        with pytest.raises(Refused):
            await driver.join(guild, ana)
        told = fold.fold(effect for entry in await driver.journal() for effect in entry["effects"])
        assert told == fold.pictures(discord.state)
