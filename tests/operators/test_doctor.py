"""The doctor: what it finds right, what it finds wrong, each with what to do; beside the bot and without it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tortoise.context import require_context

from bot.clock import Clock, system_clock
from bot.database import migrate, open_database
from bot.discord.permissions import INVITATION, Permission
from bot.operations.doctor import Finding, Mark, examine
from bot.operations.doctor.bot import ops_address
from bot.operations.doctor.database import before_opening
from bot.operations.running import Silent, look
from models import Attachment, AttachmentRole, Creator, Guild, InboxEvent, Integration
from models.integrations import IntegrationState
from tests.operators.conftest import Ground


async def findings(ground: Ground, clock: Clock = system_clock, **changes: str) -> list[Finding]:
    return [finding async for finding in examine(ground.config(**changes), clock)]


def wrong(found: list[Finding]) -> dict[str, str]:
    return {finding.about: str(finding) for finding in found if finding.mark is Mark.BAD}


async def a_server(ground: Ground, *, permissions: int = int(INVITATION)) -> int:
    """Ana's server, whose Club gives Gold; Gold stands above the bot's role until somebody moves it."""
    driver = ground.driver
    ana = await driver.create_user("ana")
    guild = await driver.create_guild(ana, "Ana's")
    await driver.add_bot(guild, ana, permissions)
    gold = await driver.create_role(guild, "Gold", by=ana)
    await driver.move_role(guild, "Gold", above="Passes Bot")
    async with open_database(ground.config().database_url):
        now = system_clock()
        creator = await Creator.create(id="ana", display_name="Ana")
        await Guild.create(id=guild, name="Ana's", owner_id=ana, bot_present=True, seen_at=now)
        club = await Integration.create(
            creator=creator, name="Club", state=IntegrationState.CONNECTED, guild_id=guild, created_at=now
        )
        attachment = await Attachment.create(integration=club, tier_id="gold", created_at=now)
        await AttachmentRole.create(attachment=attachment, role_id=gold)
    return guild


async def test_before_the_first_start_it_says_what_it_could_not_look_at(
    ground: Ground, tmp_path: Path
) -> None:
    none = tmp_path / "none.db"
    ended = await ground.command("doctor", DATABASE_URL=f"sqlite://{none}")
    assert (ended.status, ended.err) == (0, "")
    assert "· Database: there is none" in ended.out
    assert "· Bot: it is not running" in ended.out
    assert "✓ Token: it belongs to the application Passes Bot." in ended.out
    assert not none.exists()


DATABASES = {"sqlite": "Database file: ", "postgres": "Database: PostgreSQL, by the settings."}


async def test_beside_a_healthy_bot_everything_is_right_and_nothing_is_left_behind(
    ground: Ground, database_kind: str
) -> None:
    guild = await a_server(ground)
    await ground.driver.move_role(guild, "Passes Bot", above="Gold")
    async with ground.bot():
        ended = await ground.command("doctor")
        assert (ended.status, [line for line in ended.out.splitlines() if line[:1] in "✗·"]) == (0, [""])
        assert f"✓ {DATABASES[database_kind]}" in ended.out
        assert "permissions and the order of roles are right" in ended.out
        assert "was stored; it was taken back out" in ended.out
        assert await InboxEvent.all().count() == 0


async def test_settings_that_are_missing_are_said_and_end_with_1(ground: Ground) -> None:
    ended = await ground.command("doctor", DISCORD_TOKEN="", SECRET_KEYS="short")
    assert ended.status == 1
    assert "DISCORD_TOKEN is missing" in ended.err
    assert "SECRET_KEYS must hold" in ended.err


@pytest.mark.parametrize(
    ("changes", "about", "what_to_do"),
    [
        ({"DISCORD_TOKEN": "wrong"}, "Token", "Reset Token"),
        ({"DISCORD_CLIENT_ID": "7"}, "Token", "from the same application"),
        ({"DISCORD_CLIENT_SECRET": "wrong"}, "OAuth2", "Reset Secret"),
        ({"DISCORD_API_URL": "http://127.0.0.1:1/api/v10"}, "Discord", "Look at the network"),
        (
            {"PUBLIC_URL": "http://127.0.0.1:1"},
            "Redirect",
            "http://127.0.0.1:1/oauth/discord is not registered",
        ),
        ({"PUBLIC_URL": "http://bot.invalid"}, "Settings", "speaks TLS"),
        ({"MEMBERSHIP_API_TOKEN": "wrong"}, "Platform", "refuses MEMBERSHIP_API_TOKEN"),
    ],
)
async def test_each_wrong_setting_is_found(
    ground: Ground, changes: dict[str, str], about: str, what_to_do: str
) -> None:
    assert what_to_do in wrong(await findings(ground, system_clock, **changes))[about]


async def test_an_intent_that_is_switched_off_is_found_before_the_bot_dies_of_it(ground: Ground) -> None:
    ground.sandbox.discord.state.app.privileged_intents = False
    found = wrong(await findings(ground, DISCORD_MEMBERS_INTENT="true"))
    assert "Server Members Intent" in found["Intents"]
    assert "Intents" not in wrong(await findings(ground))


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_clock_that_is_wrong_is_found(ground: Ground, minutes: int) -> None:
    def off() -> datetime:
        return system_clock() + timedelta(minutes=minutes)

    side = "ahead of" if minutes > 0 else "behind"
    assert f"s {side} Discord's" in wrong(await findings(ground, off))["Clock"]


async def test_the_order_of_roles_is_judged_as_it_is_now(ground: Ground) -> None:
    guild = await a_server(ground)
    about = f"Server Ana's ({guild})"
    assert "Drag Passes Bot above Gold" in wrong(await findings(ground))[about]
    await ground.driver.move_role(guild, "Passes Bot", above="Gold")
    assert about not in wrong(await findings(ground))


async def test_a_missing_permission_and_a_missing_bot_are_said_by_server(ground: Ground) -> None:
    guild = await a_server(ground, permissions=int(Permission.KICK_MEMBERS))
    about = f"Server Ana's ({guild})"
    assert "Switch on Manage Roles" in wrong(await findings(ground))[about]
    await ground.driver.kick_bot(guild)
    assert f"guild_id={guild}" in wrong(await findings(ground))[about]


async def test_a_creator_not_known_to_manage_the_server_is_said(ground: Ground) -> None:
    guild = await a_server(ground)
    async with open_database(ground.config().database_url):
        await Integration.all().update(vouch_at=system_clock())
    assert "not known to manage the server" in wrong(await findings(ground))[f"Server Ana's ({guild})"]


async def test_tables_of_another_version_are_said(ground: Ground) -> None:
    async with open_database(ground.config().database_url):
        await require_context().db().execute_query("DELETE FROM tortoise_migrations")
    assert "python -m bot migrate" in wrong(await findings(ground))["Database"]


async def test_on_postgresql_nobody_can_tell_whether_a_bot_works_on_it(
    ground: Ground, postgres_url: str
) -> None:
    async with open_database(postgres_url, exclusive=True):
        assert await look(ground.config(DATABASE_URL=postgres_url)) == Silent(holds_database=None)


async def test_a_webhook_secret_that_the_bot_does_not_know_is_found(ground: Ground) -> None:
    async with ground.bot():
        found = wrong(await findings(ground, WEBHOOK_SECRETS="whsec_" + "A" * 32))
        assert "answered 401" in found["Webhooks"]


async def test_another_database_than_the_bots_is_found(ground: Ground, empty_url: str) -> None:
    await migrate(empty_url)
    async with ground.bot():
        found = wrong(await findings(ground, DATABASE_URL=empty_url))
        assert "not in this database" in found["Webhooks"]


async def test_what_waits_for_a_person_is_said(ground: Ground) -> None:
    async with ground.bot():
        await InboxEvent.create(
            webhook_id="odd", type="fan.updated", body="{}", received_at=system_clock(), state="parked"
        )
        assert "python -m bot inbox list" in wrong(await findings(ground))["Bot"]


def test_a_database_that_everybody_can_read_is_found(ground: Ground, sqlite_file: Path) -> None:
    def says() -> dict[str, str]:
        return wrong(list(before_opening(config, Silent(holds_database=False))))

    config = ground.config(DATABASE_URL=f"sqlite://{sqlite_file}")
    sqlite_file.parent.chmod(0o755)
    sqlite_file.chmod(0o644)
    assert f"chmod 600 {sqlite_file}*" in says()["Privacy"]
    sqlite_file.chmod(0o600)
    assert "Privacy" not in says()


@pytest.mark.parametrize(
    ("bind", "mark"),
    [
        ("127.0.0.1:9090", Mark.GOOD),
        ("10.0.0.4:9090", Mark.GOOD),
        ("[::1]:9090", Mark.GOOD),
        ("bot:9090", Mark.GOOD),
        ("0.0.0.0:9090", Mark.UNKNOWN),
        ("9.9.9.9:9090", Mark.BAD),
    ],
)
async def test_figures_are_kept_private(ground: Ground, bind: str, mark: Mark) -> None:
    finding = await ops_address(ground.config(OPS_BIND=bind), Silent(holds_database=False))
    assert finding.mark is mark


async def test_figures_that_can_be_read_where_people_come_are_found(ground: Ground) -> None:
    everywhere = ground.settings["OPS_BIND"].replace("127.0.0.1", "0.0.0.0")
    async with ground.bot(OPS_BIND=everywhere):
        assert "can be read at" in wrong(await findings(ground, OPS_BIND=everywhere))["OPS_BIND"]
