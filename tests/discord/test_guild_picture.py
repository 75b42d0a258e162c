"""The picture of a server: read, kept current by the gateway, stored, and drawn as a ladder."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from tortoise.exceptions import OperationalError

from bot.clock import system_clock
from bot.cogs.listeners import Listeners
from bot.config import Config
from bot.discord.client import Client
from bot.discord.guild_reader import GuildReader, GuildSnapshot
from bot.discord.observed import Observed
from bot.discord.outcomes import Absent, Thing
from bot.discord.permissions import Permission
from bot.ids import GuildId, Member, RoleId
from bot.integrations.guilds import Guilds
from bot.integrations.ladder import Reach
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.server import Discord
from models import Creator, Guild, GuildRole, Integration
from models.integrations import IntegrationState
from tests.discord.conftest import Place
from tests.discord.wire import config_for, connected
from tests.waiting import until


@dataclass
class Marks:
    """The work, the health and the sightings that follow, written down."""

    fan_outs: list[tuple[str, str]] = field(default_factory=list)
    reviews: list[int] = field(default_factory=list)
    seen: list[tuple[Member, Observed]] = field(default_factory=list)

    async def fan_out(self, kind: str, subject: str) -> None:
        self.fan_outs.append((kind, subject))

    async def review(self, guild_id: GuildId) -> None:
        self.reviews.append(guild_id)

    async def note(self, member: Member, observed: Observed, /) -> None:
        self.seen.append((member, observed))


@pytest.fixture
def marks() -> Marks:
    return Marks()


@pytest.fixture
def guilds(marks: Marks) -> Guilds:
    return Guilds(clock=system_clock, work=marks, health=marks)


class Away(Guilds):
    """The database is away whenever a server that the bot was removed from is to be stored."""

    away = True
    refused = False

    async def note_gone(self, guild_id: GuildId) -> None:
        if self.away:
            self.refused = True
            raise OperationalError("away")
        await super().note_gone(guild_id)


@asynccontextmanager
async def listening(config: Config, guilds: Guilds, marks: Marks) -> AsyncIterator[Client]:
    def install(client: Client) -> None:
        Listeners(guilds=guilds, reader=GuildReader(client), seen=marks).install(client)

    async with connected(config, install) as client:
        yield client


async def test_both_ways_to_read_agree(client: Client, place: Place) -> None:
    reader = GuildReader(client)

    asked = await reader.read(place.guild_id)

    assert isinstance(asked, GuildSnapshot)
    assert await until(lambda: reader.seen(place.guild_id)) == asked
    assert [role.name for role in asked.roles] == ["Staff", "Passes Bot", "Gold", "Silver", "@everyone"]
    assert asked.bot_top_role == asked.bot_role
    assert asked.bot_permissions & Permission.KICK_MEMBERS
    assert asked.owner_id == place.owner


async def test_a_guild_without_the_bot_is_absent(client: Client, driver: Driver, place: Place) -> None:
    elsewhere = await driver.create_guild(place.owner, "Elsewhere")

    answer = await GuildReader(client).read(GuildId(elsewhere))

    assert isinstance(answer, Absent)
    assert answer.thing is Thing.GUILD


async def test_the_bots_own_role_is_found_by_its_tag(client: Client, driver: Driver, place: Place) -> None:
    await driver.edit_role(place.guild, "Passes Bot", name="Renamed", by=place.owner)
    await driver.edit_role(place.guild, "Gold", name="Passes Bot", by=place.owner)

    snapshot = await GuildReader(client).read(place.guild_id)

    assert isinstance(snapshot, GuildSnapshot)
    assert snapshot.bot_role is not None
    assert snapshot.bot_role.name == "Renamed"


@pytest.mark.usefixtures("database")
class TestStored:
    async def test_a_server_is_stored_when_the_bot_comes(
        self, config: Config, guilds: Guilds, marks: Marks, place: Place
    ) -> None:
        async with listening(config, guilds, marks):
            await until(lambda: Guild.exists(id=place.guild))

        row = await Guild.get(id=place.guild)
        assert (row.name, row.owner_id, row.bot_present) == ("Ana's", place.owner, True)
        assert await GuildRole.filter(guild_id=place.guild).count() == 5
        assert marks.fan_outs == [("guild", str(place.guild))]
        assert marks.reviews == [place.guild]

    async def test_what_bears_on_access_is_looked_at_again_and_a_name_is_not(
        self, config: Config, guilds: Guilds, marks: Marks, driver: Driver, place: Place
    ) -> None:
        async with listening(config, guilds, marks):
            await until(lambda: marks.fan_outs)
            await driver.edit_role(place.guild, "Gold", name="Golden", by=place.owner)
            await until(lambda: GuildRole.exists(id=place.gold, name="Golden"))
            assert len(marks.fan_outs) == 1

            await driver.move_role(place.guild, "Golden", above="Passes Bot", by=place.owner)
            await until(lambda: len(marks.fan_outs) == 2)
            await driver.edit_role(
                place.guild, "Golden", permissions=int(Permission.ADMINISTRATOR), by=place.owner
            )
            await until(lambda: len(marks.fan_outs) == 3)
            await driver.delete_role(place.guild, "Golden", by=place.owner)
            await until(lambda: len(marks.fan_outs) == 4)
            await driver.pause_joins(place.guild)
            await until(lambda: Guild.exists(id=place.guild, joins_paused=True))

        assert not await GuildRole.exists(id=place.gold)

    async def test_the_bot_gone_is_noted_and_nothing_is_forgotten(
        self, config: Config, guilds: Guilds, marks: Marks, driver: Driver, place: Place
    ) -> None:
        async with listening(config, guilds, marks):
            await until(lambda: Guild.exists(id=place.guild))
            await driver.kick_bot(place.guild, place.owner)
            await until(lambda: Guild.exists(id=place.guild, bot_present=False))
            await until(lambda: len(marks.fan_outs) == 2)

        assert await GuildRole.filter(guild_id=place.guild).count() == 5

    async def test_the_bot_gone_while_it_was_off_is_noted_at_the_next_start(
        self, config: Config, guilds: Guilds, marks: Marks, driver: Driver, place: Place
    ) -> None:
        async with listening(config, guilds, marks):
            await until(lambda: Guild.exists(id=place.guild))
        await driver.kick_bot(place.guild, place.owner)

        async with listening(config, guilds, marks):
            await until(lambda: Guild.exists(id=place.guild, bot_present=False))

    async def test_the_bot_gone_and_back_before_it_could_be_stored_is_in_there_and_has_to_be_vouched_for(
        self, config: Config, marks: Marks, driver: Driver, place: Place
    ) -> None:
        guilds = Away(clock=system_clock, work=marks, health=marks)
        async with listening(config, guilds, marks):
            await until(lambda: Guild.exists(id=place.guild))
            await _connected_there(place)
            await driver.kick_bot(place.guild, place.owner)
            await until(lambda: guilds.refused)
            await driver.add_bot(place.guild, place.owner, int(Permission.KICK_MEMBERS))
            guilds.away = False
            await until(lambda: Integration.exists(vouch_at__isnull=False))
            await until(lambda: Guild.exists(id=place.guild, bot_present=True))

    async def test_a_list_stored_late_leaves_out_no_server_that_the_bot_came_to_since(
        self, config: Config, marks: Marks, place: Place
    ) -> None:
        guilds = Away(clock=system_clock, work=marks, health=marks)
        async with listening(config, guilds, marks) as client:
            await until(lambda: Guild.exists(id=place.guild))
            await _connected_there(place)
            client.dispatch("guilds_listed", frozenset())
            await until(lambda: guilds.refused)
            guilds.away = False
            await until(lambda: Integration.exists(vouch_at__isnull=False))
            await until(lambda: Guild.exists(id=place.guild, bot_present=True))

    async def test_a_role_given_to_the_bot_moves_its_reach(
        self, config: Config, guilds: Guilds, marks: Marks, driver: Driver, place: Place
    ) -> None:
        async with listening(config, guilds, marks) as client:
            await until(lambda: Guild.exists(id=place.guild))
            assert client.user is not None
            await driver.give_role(place.guild, client.user.id, "Staff", by=place.owner)

            await until(lambda: Guild.exists(id=place.guild, bot_top_role_id=place.staff))

        assert marks.seen == []

    async def test_members_are_seen_with_the_intent(
        self, discord: Discord, guilds: Guilds, marks: Marks, driver: Driver, place: Place
    ) -> None:
        config = config_for(discord, discord_members_intent=True)
        async with listening(config, guilds, marks):
            await driver.give_role(place.guild, place.bob, "Gold", by=place.owner)
            await until(lambda: marks.seen)

        [(member, observed)] = marks.seen
        assert (member, observed.roles) == (place.bob_there, frozenset({place.gold_id}))

    async def test_the_ladder_says_what_to_do(
        self, config: Config, guilds: Guilds, marks: Marks, place: Place
    ) -> None:
        async with listening(config, guilds, marks):
            await until(lambda: Guild.exists(id=place.guild))

        ladder = await guilds.ladder(place.guild_id, role_ids=[place.staff_id, place.gold_id])

        assert ladder is not None
        assert [(rung.name, rung.reach) for rung in ladder.rungs] == [
            ("Staff", Reach.TOO_HIGH),
            ("Passes Bot", Reach.MANAGED),
            ("Gold", Reach.OK),
            ("Silver", Reach.OK),
            ("@everyone", Reach.EVERYONE),
        ]
        assert ladder.bot_rung is not None
        assert ladder.bot_rung.name == "Passes Bot"
        assert [rung.name for rung in ladder.out_of_reach] == ["Staff"]
        assert ladder.advice() == ["Drag **Passes Bot** above **Staff** in Server Settings → Roles."]
        assert ladder.as_text() == (
            "```\n"
            "✗ Staff  (out of reach)\n"
            "▶ Passes Bot  ← the bot: it gives what stands below\n"
            "✓ Gold\n"
            "✓ Silver\n"
            "· @everyone  (everybody has it)\n"
            "```\n"
            "Drag **Passes Bot** above **Staff** in Server Settings → Roles."
        )

    async def test_a_server_never_seen_has_no_ladder(self, guilds: Guilds) -> None:
        assert await guilds.ladder(GuildId(1), role_ids=[RoleId(2)]) is None


async def _connected_there(place: Place) -> None:
    await Creator.create(id="ana", display_name="Ana")
    await Integration.create(
        creator_id="ana",
        name="Club",
        state=IntegrationState.CONNECTED,
        guild_id=place.guild,
        created_at=system_clock(),
    )
